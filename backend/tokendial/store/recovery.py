"""Opens a ledger whatever has become of its file: a damaged one is kept, with the date, and a fresh one begun."""

from __future__ import annotations

import time
from pathlib import Path

from tokendial.errors import LedgerDamaged
from tokendial.store.database import Database

_BACKUPS = "backups"


def open_or_recover(path: Path) -> tuple[Database, str | None]:
    """Open the ledger; a damaged one is moved aside, never deleted, and a fresh one is begun.

    Returns the database and a notice for the user, or None. Raises what Database raises, but LedgerDamaged.
    """
    try:
        return Database(path), None
    except LedgerDamaged as error:
        aside = _unused(path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"))
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        return Database(path), (
            f"The database was damaged ({error.message}). It was moved to {aside.name} and is rebuilt from the logs; "
            f"usage whose logs are gone, settings and price rules of the old file are in that copy.{_newest(path)}"
        )


def _newest(path: Path) -> str:
    """A sentence about the newest backup in the data folder, where there is one."""
    found = [*path.parent.glob(f"{_BACKUPS}/*.sqlite3"), *path.parent.glob(f"{path.name}.before-*")]
    if not found:
        return ""
    newest = max(found, key=lambda file: file.stat().st_mtime)
    day = time.strftime("%Y-%m-%d", time.localtime(newest.stat().st_mtime))
    name = newest.relative_to(path.parent).as_posix()
    return f" The newest backup here is {name} of {day}; Settings, Storage restores it."


def _unused(path: Path) -> Path:
    """This name, or one with a number after it: nothing is overwritten."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
