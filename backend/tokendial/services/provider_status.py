"""How the logs of each provider are and why, without asking anything over the network: one place for every view."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tokendial.providers import PROVIDERS
from tokendial.providers.base import Provider
from tokendial.services.contract.homes import Home, LookedAt
from tokendial.services.contract.providers import ProviderState, ProviderStatus
from tokendial.services.homes import listed, looked_at
from tokendial.services.ledger import Ledger
from tokendial.store import homes
from tokendial.store.homes import HomeTroubles

WORDS: dict[ProviderState, str] = {
    "active": "Active",
    "waiting": "Waiting",
    "reading": "Reading",
    "error": "Error",
    "off": "Off",
}


class _Finding(NamedTuple):
    state: ProviderState
    reason: str
    folder: str | None = None


def statuses(ledger: Ledger, *, reading: bool = False) -> dict[str, ProviderStatus]:
    """The status of every provider by its id; `reading` while the logs are read for the first time."""
    with ledger.database.reading() as connection:
        troubles = homes.troubles(connection)
    known, disabled = listed(ledger.database), ledger.settings.current.disabled_providers
    places = looked_at(ledger.named)
    found = {}
    for source in PROVIDERS:
        identity = source.descriptor.id
        own = [home for home in known if home.provider == identity]
        read = [home for home in own if home.active and home.state != "cleared"]
        looked = [LookedAt(identity, home.path, home.state != "missing") for home in own] or [
            place for place in places if place.provider == identity
        ]
        if identity in disabled:
            finding = _Finding("off", "Switched off in Settings: nothing is read, and what was counted is kept.")
        elif not own:
            finding = _without_homes(source, named=bool(ledger.named))
        else:
            finding = _of_homes(source, read, troubles, reading=reading)
        found[identity] = ProviderStatus(
            state=finding.state,
            word=WORDS[finding.state],
            reason=finding.reason,
            folder=finding.folder,
            files=sum(home.files for home in read),
            last_response_ms=max((home.last_ms for home in read if home.last_ms is not None), default=None),
            last_seen_ms=max((home.last_seen_ms for home in read if home.last_seen_ms is not None), default=None),
            places=looked,
        )
    return found


def _without_homes(source: Provider, *, named: bool) -> _Finding:
    name = source.descriptor.name
    if named:
        return _Finding("off", f"Only the folders named for this run are read, and none of them is one of {name}.")
    return _Finding("waiting", f"No logs of {name} were found yet. They appear here after its first use.")


def _of_homes(source: Provider, read: Sequence[Home], troubles: dict[int, HomeTroubles], *, reading: bool) -> _Finding:
    if not read:
        return _Finding("off", "Every folder of this provider is switched off or cleared.")
    broken = next((found for home in read if (found := _broken(source, home))), None)
    wrong = broken or _refused([troubles.get(home.id, HomeTroubles()) for home in read])
    if wrong is not None:
        return wrong
    if reading:
        return _Finding("reading", "The logs are being read now.")
    if not any(home.files for home in read):
        return _Finding("waiting", f"{_folders(read)} there, but no session has been written yet.")
    return _Finding("active", f"From {_count(sum(home.files for home in read), 'log file')}.")


def _broken(source: Provider, home: Home) -> _Finding | None:
    """Why the logs of a home cannot be read; None where they can."""
    if home.state == "missing":
        return _Finding("error", "A folder is not there any more. What was counted before stays.", home.path)
    roots = source.logs.watch_roots(Path(home.path))
    closed = home.path if home.state == "unreadable" else next((str(root) for root in roots if _is_closed(root)), None)
    if closed is None:
        return None
    return _Finding("error", "A folder cannot be read: the system refuses it (permission denied).", closed)


def _is_closed(root: Path) -> bool:
    try:
        return root.is_dir() and not os.access(root, os.R_OK | os.X_OK)
    except OSError:
        return True


def _refused(sums: Sequence[HomeTroubles]) -> _Finding | None:
    """Why what stands in the files cannot be read; None where most of it can."""
    unreadable, refused = sum(one.unreadable for one in sums), sum(one.refused for one in sums)
    if unreadable:
        return _Finding("error", f"{_count(unreadable, 'log file')} cannot be read; Diagnostics names them.")
    if refused > sum(one.counted for one in sums):
        words = f"{_count(refused, 'line')} had to be refused, more than were counted; Diagnostics names them."
        return _Finding("error", words)
    return None


def _folders(read: Sequence[Home]) -> str:
    return "Its folder is" if len(read) == 1 else "Its folders are"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
