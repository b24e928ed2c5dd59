"""Which project a log belongs to: the folder it lies in is named by a slug, or by a digest of the project's path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path, PurePath
from typing import NamedTuple

import msgspec

from tokendial.providers.folders import read_beside
from tokendial.providers.gemini.identity import CHATS

_OWNER = ".project_root"
_MAX_BYTES = 4 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Project(NamedTuple):
    """`name` is the project's path, or where that is not known its slug or digest; `folder` is the path or None."""

    name: str
    folder: str | None


class _Registry(msgspec.Struct):
    projects: dict[str, str] = {}


_decode_registry = msgspec.json.Decoder(_Registry).decode
_decode_paths = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def project_of(path: str) -> Project:
    """The project of a log file. Never fails: what cannot be read is not known."""
    place = next((folder.parent for folder in PurePath(path).parents if folder.name == CHATS), None)
    if place is None or not place.name:
        return Project("", None)
    folder = Path(place)
    home = folder.parent.parent
    known = _owner(folder)
    if known is None and _DIGEST.fullmatch(folder.name):
        known = next((one for one in _known_paths(home) if _digest(one) == folder.name), None)
    elif known is None:
        known = next((one for one, slug in _registry(home).items() if slug == folder.name), None)
    return Project(known or folder.name, known)


def _owner(folder: Path) -> str | None:
    """What the program itself wrote into the folder."""
    text = _read(folder / _OWNER).decode("utf-8", "replace").strip()
    return text if text and "\n" not in text else None


def _registry(home: Path) -> dict[str, str]:
    """Slugs by path."""
    try:
        return _decode_registry(_read(home / "projects.json")).projects
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _trusted(home: Path) -> Iterable[str]:
    """Paths that the user was asked about."""
    try:
        return _decode_paths(_read(home / "trustedFolders.json"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()


def _known_paths(home: Path) -> Iterator[str]:
    """Every path that the program's own files name; one of them may be the one that a digest stands for."""
    yield from _registry(home)
    yield from _trusted(home)
    yield str(home.parent)
    try:
        folders = sorted((home / "tmp").iterdir())
    except OSError:
        return
    yield from (owner for folder in folders if (owner := _owner(folder)))


def _digest(path: str) -> str:
    return sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def _read(file: Path) -> bytes:
    return read_beside(file, _MAX_BYTES)
