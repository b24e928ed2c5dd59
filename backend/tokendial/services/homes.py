"""Homes: which folders are read, what is found in them, and where was looked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tokendial.errors import HomeUnavailable, NotFound
from tokendial.providers import PROVIDERS, provider
from tokendial.providers.base import Provider
from tokendial.services.contract.system import Home, HomeCheck, HomeState, LookedAt
from tokendial.store import homes
from tokendial.store.database import Database
from tokendial.store.homes import HomeRow


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
    """Add the default homes that exist to a ledger that has none of that provider yet."""
    with database.reading() as connection:
        have = {home.provider for home in homes.all_homes(connection)}
    for provider_id, path in defaults():
        if provider_id not in have and path.is_dir():
            homes.add(database, provider_id, str(path))


def looked_at() -> list[LookedAt]:
    """Where logs were looked for."""
    return [LookedAt(provider_id, str(path), path.is_dir()) for provider_id, path in defaults()]


def check(provider_id: str, text: str, known: Sequence[HomeRow]) -> HomeCheck:
    """What is in a folder, and whether it can be added. Raises NotFound for a provider that is not known."""
    source = _provider(provider_id)
    path = resolve(text) if text.strip() else None
    if path is None:
        return HomeCheck("", exists=False, files=0, bytes=0, duplicate_of=None, problem="Type a folder.")
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


def add(database: Database, provider_id: str, text: str, label: str) -> int:
    """Add a folder as a home and return its id. Raises HomeUnavailable with the reason."""
    with database.reading() as connection:
        known = homes.all_homes(connection)
    checked = check(provider_id, text, known)
    if checked.duplicate_of is not None:
        homes.update(database, checked.duplicate_of, label=label.strip() or None, active=True)
        return checked.duplicate_of
    if checked.problem:
        raise HomeUnavailable(checked.problem, path=checked.path)
    return homes.add(database, provider_id, checked.path, label.strip())


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
