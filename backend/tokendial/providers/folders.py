"""Listing the folders of a home, some of which may be closed or go away meanwhile, and looking at one file."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

_NO_FILE = "not a regular file"
_NEVER_WAIT_OR_FOLLOW = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
# Halves of pairs, by which Python stands in for bytes of a name that are no text, and private characters for them.
_SHIFT = 0x10F000 - 0xD800
_NO_TEXT = re.compile("[\ud800-\udfff\U0010f000-\U0010f7ff]")
_STANDS_IN = re.compile("[\U0010f000-\U0010f7ff]")
Closed = Callable[[OSError], None]


class FoundFile(NamedTuple):
    """A log file as the folder listing shows it; its path is text, see `as_text`."""

    path: str
    size: int
    mtime_ns: int
    inode: int


def as_text(path: str) -> str:
    """A path that can be stored and shown: what is no text in it (names are bytes) becomes private characters."""
    return path if path.isascii() else _NO_TEXT.sub(_stand_in, path)


def as_path(text: str) -> str:
    """The path that `as_text` made into text."""
    return text if text.isascii() else _STANDS_IN.sub(lambda found: chr(ord(found[0]) - _SHIFT), text)


def _stand_in(found: re.Match[str]) -> str:
    char = found[0]
    if char > "\uffff":  # stands for itself, byte by byte
        char = char.encode().decode("ascii", "surrogateescape")
    return "".join(chr(ord(half) + _SHIFT) for half in char)


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
    return FoundFile(as_text(str(file)), stat.st_size, stat.st_mtime_ns, stat.st_ino) if S_ISREG(stat.st_mode) else None


def listed_file(entry: os.DirEntry[str]) -> FoundFile | None:
    """The regular file of an entry; None where it has gone since its folder was listed, or is something else."""
    if not entry.is_file(follow_symlinks=False):
        return None
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return FoundFile(as_text(entry.path), stat.st_size, stat.st_mtime_ns, stat.st_ino)


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
        error.filename = as_text(folder)
        closed(error)
        return
    with listing:
        yield from listing


def open_file(path: str) -> FileIO:
    """A regular file, to be read, at the path that a listing gave.

    A link in its place is not followed, and a pipe not waited for. Raises OSError.
    """
    try:
        file = open(as_path(path), "rb", buffering=0, opener=_open)  # noqa: SIM115 - called for every file of a scan
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, _NO_FILE) from error
        raise
    if S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, _NO_FILE)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _NEVER_WAIT_OR_FOLLOW)


def read_beside(path: Path, most: int) -> bytes:
    """The first bytes of a file that an agent keeps beside its logs; nothing where it cannot be read."""
    try:
        with open_file(str(path)) as file:
            return file.read(most)
    except OSError:
        return b""
