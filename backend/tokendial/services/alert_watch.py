"""Looks at the alerts when something changed, and once a minute: a forecast may cross, or a period begin, by itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from tokendial.errors import TokendialError

EVERY_SECONDS = 60.0
GATHER_SECONDS = 0.2
_log = logging.getLogger(__name__)


class AlertWatch:
    """Calls `check` on a thread of its own; a burst of changes is one look."""

    def __init__(self, check: Callable[[], None]) -> None:
        """Nothing is done before `start`."""
        self._check = check
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, unless it has begun or was stopped."""
        if self._thread is None and not self._stopping.is_set():
            self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)
            self._thread.start()

    def request(self) -> None:
        """Look soon; never blocks."""
        self._wanted.set()

    def stop(self) -> None:
        """End the thread; a look that runs is finished."""
        self._stopping.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            self._wanted.wait(EVERY_SECONDS)
            if self._stopping.wait(GATHER_SECONDS):
                return
            self._wanted.clear()
            try:
                self._check()
            except TokendialError:
                _log.warning("alerts could not be looked at", exc_info=True)
