"""Gathers hints that files changed, so that a burst of them is one scan."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

ANYTHING = ""
"""A hint that names no path: the system had more to tell than it could keep, so anything may have changed."""

QUIET_SECONDS = 0.08
AT_MOST_SECONDS = 0.6


class Debounce:
    """Gathers hints until none came for a while, or until the first has waited long enough."""

    def __init__(self, fire: Callable[[set[str]], None]) -> None:
        """`fire` is called from a thread of its own with the paths that were gathered."""
        self._fire = fire
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._first = self._last = 0.0
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="watch-debounce", daemon=True)
        self._thread.start()

    def add(self, path: str) -> None:
        """Take a hint."""
        with self._condition:
            self._last = time.monotonic()
            if not self._paths:
                self._first = self._last
            self._paths.add(path)
            self._condition.notify()

    def stop(self) -> None:
        """End the thread; hints that wait are dropped."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._paths and not self._stopped:
                    self._condition.wait()
                while not self._stopped and (left := self._left()) > 0:
                    self._condition.wait(left)
                if self._stopped:
                    return
                paths, self._paths = self._paths, set()
            self._fire(paths)

    def _left(self) -> float:
        now = time.monotonic()
        return min(self._last + QUIET_SECONDS, self._first + AT_MOST_SECONDS) - now
