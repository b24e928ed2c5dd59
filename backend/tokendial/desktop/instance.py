"""One running program per data folder: a lock says who it is, and a private file says how to reach it."""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path

from filelock import FileLock, Timeout

from tokendial.api.native import ask_to_show
from tokendial.paths import writing_to

LOCK_NAME = "instance.lock"
FILE_NAME = "instance.json"
RUNNING = "Tokendial is already running."
SHOWN = "Tokendial is already running; its window was brought to the front."
SILENT = "Tokendial is already running, but its window did not answer."


class Instance:
    """The right to be the running program of a data folder. `secret` is what another start must know."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        """Made by `claim`, with the lock held."""
        self.secret = secrets.token_urlsafe(32)
        self._file = folder / FILE_NAME
        self._lock = lock

    def announce(self, port: int) -> None:
        """Say where to be reached, in a file that only this user can read."""
        staged = self._file.with_suffix(".new")
        staged.unlink(missing_ok=True)
        handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"port": port, "secret": self.secret}, file)
        staged.replace(self._file)

    def release(self) -> None:
        """Let another start be the one. May be called more than once."""
        if self._lock.is_locked:
            self._file.unlink(missing_ok=True)
            self._lock.release()


def claim(folder: Path) -> Instance | None:
    """Become the running program of a data folder, or None if another process is. Raises LedgerReadOnly."""
    lock = FileLock(folder / LOCK_NAME, timeout=0, mode=0o600, thread_local=False)
    with writing_to(folder):
        try:
            lock.acquire()
        except Timeout:
            return None
        # What a killed process left behind; its port may belong to anyone by now.
        (folder / FILE_NAME).unlink(missing_ok=True)
    return Instance(folder, lock)


def forget(folder: Path) -> None:
    """Remove the lock that nobody holds any more, and a folder that nothing else is in."""
    (folder / LOCK_NAME).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def show_running(folder: Path, wait_seconds: float = 5.0, page: str | None = None) -> str:
    """Ask the running program to show its window, and a page of it.

    The answer is a sentence for the person who started this one. The other may itself be starting, so it is asked again
    until `wait_seconds` have passed.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        reached = _read(folder / FILE_NAME)
        if reached is not None and ask_to_show(*reached, page):
            return SHOWN
        if time.monotonic() >= deadline:
            return SILENT
        time.sleep(0.1)


def _read(file: Path) -> tuple[int, str] | None:
    """Port and secret; None while the file is missing or not whole."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    port, secret = (content.get("port"), content.get("secret")) if isinstance(content, dict) else (None, None)
    return (port, secret) if isinstance(port, int) and isinstance(secret, str) else None
