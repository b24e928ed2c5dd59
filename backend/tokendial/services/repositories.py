"""Which repository a folder belongs to, as the disk has it now. Looked up once, in the background, and remembered.

A disk that does not answer (a network drive) costs the page nothing: what is not known in time is asked about later.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tokendial.domain.folders import is_windows

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

WAIT_SECONDS = 0.2
_AGAIN_AFTER = 600.0
_GIT = ".git"
_POINTER_BYTES = 4_096
_DEEPEST = 64


class Repository(NamedTuple):
    """The root of a repository; `worktree` is the root of the linked worktree that the folder lies in."""

    root: str
    worktree: str | None = None


Find = Callable[[str, Path], Repository | None]


class Repositories:
    """Remembers the repository of each folder. Any thread may ask."""

    def __init__(
        self, user_home: Path | None = None, find: Callable[[str, Path], Repository | None] | None = None
    ) -> None:
        """`user_home` is a folder that is never a repository; `find` looks a folder up on the disk."""
        self._user_home = user_home or Path.home()
        self._find = find or repository_of
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Repository | None]] = {}
        self._running: dict[str, Future[Repository | None]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def of(self, folders: Iterable[str], seconds: float = WAIT_SECONDS) -> dict[str, Repository]:
        """The repositories of these folders, those that are known within `seconds`; old knowledge is asked for anew."""
        wanted = list(folders)
        now = time.monotonic()
        with self._lock:
            for folder in wanted:
                known = self._known.get(folder)
                if (known is None or now - known[0] > _AGAIN_AFTER) and folder not in self._running:
                    self._running[folder] = self._start(folder)
            fresh = [self._running[folder] for folder in wanted if folder not in self._known]
        if fresh:
            from concurrent.futures import wait  # noqa: PLC0415 - as in _start

            wait(fresh, timeout=seconds)
        with self._lock:
            found = {folder: self._known[folder][1] for folder in wanted if folder in self._known}
        return {folder: repository for folder, repository in found.items() if repository is not None}

    def close(self) -> None:
        """Look nothing up any more."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, folder: str) -> Future[Repository | None]:
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - the commands look nothing up

            self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="repositories")
        return self._pool.submit(self._look, folder)

    def _look(self, folder: str) -> Repository | None:
        found = self._find(folder, self._user_home)
        with self._lock:
            self._known[folder] = (time.monotonic(), found)
            self._running.pop(folder, None)
        return found


def repository_of(folder: str, user_home: Path) -> Repository | None:
    """The repository around a folder; None where there is none, the folder is gone, or it is of another machine.

    The user's own folder, what lies above it, and the root of a disk are never one, even where they are (dotfiles):
    all would be in it.
    """
    if not is_local(folder):
        return None
    path = Path(os.path.normpath(folder))
    for each in (path, *path.parents)[:_DEEPEST]:
        if each == user_home or each in user_home.parents or each.parent == each:
            return None
        found = _repository_at(each)
        if found is not None:
            return found
    return None


def is_local(folder: str) -> bool:
    """Whether a path can be one of this machine; shares and paths of another system are left alone."""
    if "\0" in folder or folder.startswith(("\\\\", "//")):
        return False
    return is_windows(folder) if os.name == "nt" else folder.startswith("/")


def _repository_at(folder: Path) -> Repository | None:
    mark = folder / _GIT
    try:
        mode = mark.lstat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode):
        return Repository(str(folder))
    if not stat.S_ISREG(mode):
        return None
    return _main_of(folder, mark) or Repository(str(folder))


def _main_of(folder: Path, mark: Path) -> Repository | None:
    """The main repository of a worktree, where it knows the worktree too; None for a submodule or a stray file."""
    name, _, target = _first_line(mark).partition(":")
    if name != "gitdir" or not target.strip():
        return None
    inside = Path(os.path.normpath(folder / target.strip()))
    git = inside.parent.parent
    if inside.parent.name != "worktrees" or git.name != _GIT or not is_local(str(git)):
        return None
    back = _first_line(inside / "gitdir")
    known = back != "" and os.path.normpath(inside / back) == os.path.normpath(mark)
    return Repository(str(git.parent), worktree=str(folder)) if known and _is_folder(git) else None


def _first_line(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as file:
            return os.fsdecode(file.read(_POINTER_BYTES)).partition("\n")[0].strip()
    except (OSError, ValueError):
        return ""


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False
