"""Listing the folders of a home, some of which may be closed or go away meanwhile, and looking at one file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

Closed = Callable[[OSError], None]


class FoundFile(NamedTuple):
    """A log file as the folder listing shows it."""

    path: str
    size: int
    mtime_ns: int
    inode: int


def real_place(path: str) -> Path:
    """The file with the real path of its folder, by which a home is known; a link in its own place stays one."""
    file = Path(path)
    return file.parent.resolve() / file.name


def found_file(file: Path) -> FoundFile | None:
    """The file as a listing would show it; None where there is none, or no regular one. Links are not followed."""
    try:
        stat = file.lstat()
    except OSError:
        return None
    return FoundFile(str(file), stat.st_size, stat.st_mtime_ns, stat.st_ino) if S_ISREG(stat.st_mode) else None


def listed_file(entry: os.DirEntry[str]) -> FoundFile | None:
    """The regular file of an entry; None where it has gone since its folder was listed, or is something else."""
    if not entry.is_file(follow_symlinks=False):
        return None
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return FoundFile(entry.path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


def listed(folder: str, closed: Closed | None) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder; of one that has just gone there are none.

    One that cannot be read is told to `closed` and has none either; without it, OSError is raised.
    """
    try:
        listing = os.scandir(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        if closed is None:
            raise
        closed(error)
        return
    with listing:
        yield from listing
