"""Homes: which folders are read, what is found in them, and where was looked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tokendial.errors import BadRequest, HomeUnavailable
from tokendial.services.contract.homes import Home, HomeState, LookedAt
from tokendial.services.home_check import check, default_homes
from tokendial.store import homes, settings
from tokendial.store.database import Connection, Database
from tokendial.store.homes import HomeFacts, HomeRow

MAX_LABEL = 200
CLEAR_WORD = "clear"
_REMOVED = "removed_homes"


def ensure_defaults(database: Database) -> None:
    """Add the default homes that exist to a ledger that has none of that provider yet, but none that was removed."""
    with database.reading() as connection:
        have = {home.provider for home in homes.all_homes(connection)}
        removed = _removed(connection)
    for provider_id, path in default_homes():
        if provider_id not in have and (provider_id, str(path)) not in removed and path.is_dir():
            homes.add(database, provider_id, str(path))


def keep_away(database: Database, home: HomeRow) -> None:
    """Remember that a home was removed: it comes back only when it is added by hand (W35)."""
    with database.reading() as connection:
        removed = _removed(connection)
    removed.add((home.provider, home.path))
    settings.write(database, _REMOVED, msgspec.json.encode(sorted(removed)).decode())


def _removed(connection: Connection) -> set[tuple[str, str]]:
    text = settings.read(connection, _REMOVED)
    try:
        return set() if text is None else msgspec.json.decode(text, type=set[tuple[str, str]])
    except msgspec.DecodeError:
        return set()


def looked_at(named: Sequence[tuple[str, Path]] = ()) -> list[LookedAt]:
    """Where logs were looked for: in the homes named for this run, else where providers keep them."""
    return [LookedAt(provider_id, str(path), path.is_dir()) for provider_id, path in named or default_homes()]


def add(database: Database, provider_id: str, text: str, label: str) -> int:
    """Add a folder as a home and return its id. Raises HomeUnavailable with the reason."""
    with database.reading() as connection:
        known = homes.all_homes(connection)
    checked = check(provider_id, text, known, counted=False)
    if checked.duplicate_of is not None:
        homes.update(database, checked.duplicate_of, label=label.strip()[:MAX_LABEL] or None, active=True)
        return checked.duplicate_of
    if checked.problem:
        raise HomeUnavailable(f"{checked.path}: {checked.problem}", path=checked.path)
    return homes.add(database, provider_id, checked.path, label.strip()[:MAX_LABEL])


def listed(database: Database) -> list[Home]:
    """The homes as the contract has them, with what the ledger holds of each."""
    with database.reading() as connection:
        rows, found = homes.all_homes(connection), homes.facts(connection)
    return [_home(row, found.get(row.id, HomeFacts())) for row in rows]


def _home(row: HomeRow, facts: HomeFacts) -> Home:
    return Home(
        id=row.id,
        provider=row.provider,
        path=row.path,
        label=row.label,
        active=row.active,
        state=_state(row),
        files=row.files,
        bytes=facts.bytes,
        files_gone=facts.gone,
        first_ms=facts.first_ms,
        last_ms=facts.last_ms,
        last_seen_ms=row.last_seen_ms,
    )


def _state(row: HomeRow) -> HomeState:
    path = Path(row.path)
    if not path.is_dir():
        return "missing"
    if not os.access(path, os.R_OK | os.X_OK):
        return "unreadable"
    if row.cleared_ms is not None:
        return "cleared"
    return "ok" if row.files else "empty"


def why_not_read(home: HomeRow) -> str:
    """Why a home that is not among those that are read is not."""
    if not home.active:
        return "switched off"
    return "provider switched off" if home.cleared_ms is None else "cleared"


def confirmed(home: HomeRow, text: str) -> None:
    """Whether clearing this home is meant: its label or the word `clear` was typed. Raises BadRequest."""
    if text.strip().casefold() not in {CLEAR_WORD, home.label.strip().casefold() or CLEAR_WORD}:
        raise BadRequest(f"Type {home.label or CLEAR_WORD!r} to clear this home.", field="confirmation")
