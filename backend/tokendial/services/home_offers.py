"""Folders that could be homes and are none yet: found where providers keep them, also in WSL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tokendial.providers import PROVIDERS
from tokendial.services import wsl
from tokendial.services.contract.homes import OfferedHome
from tokendial.services.home_check import default_homes, twin_of
from tokendial.store.homes import HomeRow

HERE = "on this computer"


def offers(known: Sequence[HomeRow]) -> list[OfferedHome]:
    """What is there and not in the list."""
    found = [(provider_id, path, HERE) for provider_id, path in default_homes()]
    found += in_wsl(wsl.SHARE, wsl.running_systems())
    return list(_new(found, known))


def in_wsl(share: str, systems: Iterable[str]) -> list[tuple[str, Path, str]]:
    """The homes of every provider in the users' folders of WSL systems: provider, path and where that is."""
    return [
        (source.descriptor.id, path, f"in WSL ({system})")
        for system, folder in wsl.user_folders(share, systems)
        for source in PROVIDERS
        for path in source.logs.default_homes({}, folder)
    ]


def _new(found: Iterable[tuple[str, Path, str]], known: Sequence[HomeRow]) -> Iterator[OfferedHome]:
    seen: set[tuple[str, Path]] = set()
    for provider_id, path, place in found:
        own = [home for home in known if home.provider == provider_id]
        if (provider_id, path) in seen or not _is_there(path) or twin_of(path, own) is not None:
            continue
        seen.add((provider_id, path))
        yield OfferedHome(provider_id, str(path), place)


def _is_there(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
