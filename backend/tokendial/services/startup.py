"""Launch at login: switched on and off, shown as the system has it, and repaired when the program was moved."""

from __future__ import annotations

import logging
import sys

from tokendial.errors import CannotWrite
from tokendial.services.autostart.command import is_gone, login_command, split
from tokendial.services.autostart.entry import Entry, system_entry
from tokendial.services.contract.startup import Startup
from tokendial.services.ledger import Ledger

log = logging.getLogger(__name__)
_HELP = {"win32": "the Run key of the registry", "darwin": "the folder LaunchAgents"}


def state(ledger: Ledger, tray_reason: str | None, entry: Entry | None = None) -> Startup:
    """What the system has now; a problem in reading it is said in words."""
    entry = entry or system_entry()
    try:
        kept, problem = entry.read(), None
    except OSError as error:
        kept, problem = None, f"{entry.place} cannot be read: {error.strerror or error}."
    return Startup(
        tray_reason=tray_reason,
        login=kept is not None,
        login_place=entry.place,
        login_problem=problem if kept is None else _difference(kept, login_command(ledger.data_dir, ledger.named)),
    )


def switch(ledger: Ledger, *, on: bool, entry: Entry | None = None) -> None:
    """Start at login or not. Raises CannotWrite with what the system says."""
    entry = entry or system_entry()
    try:
        if on:
            entry.write(login_command(ledger.data_dir, ledger.named))
        else:
            entry.remove()
    except OSError as error:
        where = _HELP.get(sys.platform, "the autostart folder")
        raise CannotWrite(
            f"{entry.place} cannot be changed: {error.strerror or error}. Check the permissions of {where}.",
            path=entry.place,
        ) from error


def repair(ledger: Ledger, entry: Entry | None = None) -> bool:
    """Write the entry anew if it is on, for this ledger, and names a program that is gone. Whether it was."""
    entry = entry or system_entry()
    wanted = login_command(ledger.data_dir, ledger.named)
    try:
        kept = entry.read()
        if not kept or split(kept)[1] != split(wanted)[1] or not is_gone(kept):
            return False
        entry.write(wanted)
    except OSError:  # the settings will say so; no start may fail for it
        log.warning("the entry for the login was not repaired", exc_info=True)
        return False
    return True


def _difference(kept: list[str], wanted: list[str]) -> str | None:
    """In words, how the system's command is another than ours."""
    if kept == wanted:
        return None
    again = "Switch it off and on to start this one."
    if not kept:
        return f"The system's entry is damaged. {again}"
    if is_gone(kept):
        return f"The program that is started has gone: {' '.join(split(kept)[0])}. {again}"
    if split(kept)[0] != split(wanted)[0]:
        return f"Another copy of Tokendial is started: {' '.join(split(kept)[0])}. {again}"
    return f"Tokendial is started with other options: {' '.join(split(kept)[1])}. {again}"
