"""Homes: which folders are read, what is found in them, and where was looked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tokendial.errors import HomeUnavailable, NotFound
from tokendial.providers import PROVIDERS, provider
from tokendial.providers.base import Provider
from tokendial.services.contract.homes import Home, HomeCheck, HomeState, LookedAt
from tokendial.store import homes, settings
from tokendial.store.database import Connection, Database
from tokendial.store.homes import HomeRow

MAX_LABEL = 200
_REMOVED = "removed_homes"


def resolve(text: str) -> Path:
    """A path as typed: `~` and environment variables filled in, made absolute, links followed (W37)."""
    expanded = os.path.expandvars(os.path.expanduser(text.strip()))  # noqa: PTH111 - before it is a path
    return Path(os.path.realpath(expanded))


def defaults() -> list[tuple[str, Path]]:
    """The homes this machine's environment names, by provider."""
    found = []
    for known in PROVIDERS:
        for path in known.logs.default_homes(os.environ, Path.home()):
            found.append((known.descriptor.id, resolve(str(path))))
    return found


def ensure_defaults(database: Database) -> None:
    """Add the default homes that exist to a ledger that has none of that provider yet, but none that was removed."""
    with database.reading() as connection:
        have = {home.provider for home in homes.all_homes(connection)}
        removed = _removed(connection)
    for provider_id, path in defaults():
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
    return [LookedAt(provider_id, str(path), path.is_dir()) for provider_id, path in named or defaults()]


def check(provider_id: str, text: str, known: Sequence[HomeRow]) -> HomeCheck:
    """What is in a folder, and whether it can be added. Raises NotFound for a provider that is not known."""
    source = _provider(provider_id)
    if not text.strip():
        return _cannot_add("", "Type a folder.")
    try:
        path = resolve(text)
        path.lstat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError):  # too long, a file in the middle, a NUL
        return _cannot_add(text[:1000], "This folder cannot be reached.")
    twin = next((home.id for home in known if home.provider == provider_id and Path(home.path) == path), None)
    problem, files, size = None, 0, 0
    if not path.exists():
        problem = "This folder does not exist."
    elif not path.is_dir():
        problem = "This is a file, not a folder."
    else:
        try:
            sizes = [found.size for found in source.logs.find_files(path)]
            files, size = len(sizes), sum(sizes)
        except OSError as error:
            problem = f"This folder cannot be read: {error.strerror or error}."
    if twin is not None:
        problem = "This folder is a home already."
    return HomeCheck(str(path), path.exists(), files, size, twin, problem)


def _cannot_add(path: str, problem: str) -> HomeCheck:
    return HomeCheck(path, exists=False, files=0, bytes=0, duplicate_of=None, problem=problem)


def add(database: Database, provider_id: str, text: str, label: str) -> int:
    """Add a folder as a home and return its id. Raises HomeUnavailable with the reason."""
    with database.reading() as connection:
        known = homes.all_homes(connection)
    checked = check(provider_id, text, known)
    if checked.duplicate_of is not None:
        homes.update(database, checked.duplicate_of, label=label.strip()[:MAX_LABEL] or None, active=True)
        return checked.duplicate_of
    if checked.problem:
        raise HomeUnavailable(f"{checked.path}: {checked.problem}", path=checked.path)
    return homes.add(database, provider_id, checked.path, label.strip()[:MAX_LABEL])


def listed(rows: Sequence[HomeRow]) -> list[Home]:
    """The homes as the contract has them."""
    return [
        Home(
            id=row.id,
            provider=row.provider,
            path=row.path,
            label=row.label,
            active=row.active,
            state=_state(row),
            files=row.files,
            last_seen_ms=row.last_seen_ms,
        )
        for row in rows
    ]


def _state(row: HomeRow) -> HomeState:
    path = Path(row.path)
    if not path.is_dir():
        return "missing"
    if not os.access(path, os.R_OK | os.X_OK):
        return "unreadable"
    return "ok" if row.files else "empty"


def _provider(provider_id: str) -> Provider:
    try:
        return provider(provider_id)
    except KeyError:
        raise NotFound(f"There is no provider {provider_id!r}.", provider=provider_id[:40]) from None
