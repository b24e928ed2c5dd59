"""Folders as logs name them, of this machine or another: POSIX or Windows paths, compared without touching a disk."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath, PurePosixPath, PureWindowsPath


def pure(path: str) -> PurePath:
    """A path of either kind, with trailing separators gone. Backslashes and a drive make it a Windows path."""
    is_windows = path[1:3] in (":\\", ":/") or path.startswith("\\\\") or ("\\" in path and "/" not in path)
    return PureWindowsPath(path) if is_windows else PurePosixPath(path)


def folder_key(path: str) -> str:
    """What two spellings of a folder have in common: neither trailing separators nor, on Windows, case count."""
    found = pure(path)
    return str(found).casefold() if isinstance(found, PureWindowsPath) else str(found)


def nearest_root(path: str, roots: Collection[str]) -> str | None:
    """The longest of these folders (as keys) that is the folder itself or lies around it; None where none does."""
    found = pure(path)
    around = (folder_key(str(one)) for one in (found, *found.parents))
    return next((one for one in around if one in roots), None)
