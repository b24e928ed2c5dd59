"""Which repository a folder belongs to, as the disk has it now. Looked up once, in the background, and remembered.

A disk that does not answer (a network drive) costs the page nothing: what is not known in time is asked about later.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from tokendial.services.folders import pure

WAIT_SECONDS = 0.2
_AGAIN_AFTER = 600.0
_GIT = ".git"
_POINTER_BYTES = 4_096
_WORKTREES = "worktrees"
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

    The user's own folder and the root of a disk are never one, even where they are (dotfiles): all would be in it.
    """
    path = Path(folder)
    if isinstance(pure(folder), PureWindowsPath) != (os.name == "nt") or not path.is_absolute():
        return None
    for candidate in (path, *path.parents)[:_DEEPEST]:
        if candidate in (user_home, candidate.parent):
            return None
        marker = candidate / _GIT
        try:
            if marker.is_dir():
                return Repository(str(candidate))
            if marker.is_file():
                return _linked(candidate, marker)
        except OSError:
            return None
    return None


def _linked(folder: Path, marker: Path) -> Repository:
    """A worktree belongs to the repository that its file points into; a submodule is one of its own."""
    with marker.open("rb") as file:
        text = file.read(_POINTER_BYTES).decode(errors="replace").strip()
    target = Path(os.path.normpath(folder / text.removeprefix("gitdir:").strip()))
    if not text.startswith("gitdir:") or target.parent.name != _WORKTREES or target.parent.parent.name != _GIT:
        return Repository(str(folder))
    return Repository(str(target.parent.parent.parent), worktree=str(folder))
