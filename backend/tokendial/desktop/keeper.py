"""Remembers where the window is: a moment after it was moved or resized, and when it closes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from tokendial.errors import TokendialError
from tokendial.services.window_memory import WindowMemory, WindowPlace

if TYPE_CHECKING:
    import webview

log = logging.getLogger(__name__)
SETTLE_SECONDS = 0.5


class PlaceKeeper:
    """Follows one window. The toolkit's events come on threads of their own, in any number.

    Where the toolkit can be looked at, its events only say when; elsewhere they say where, too.
    """

    def __init__(
        self, memory: WindowMemory, opened: WindowPlace, look: Callable[[], WindowPlace | None] | None = None
    ) -> None:
        """`opened` is where the window opens. `look` asks the toolkit, where it can be asked from any thread."""
        self._memory = memory
        self._look = look
        self._lock = threading.Lock()
        self._place = opened
        self._kept = opened
        self._hidden = False
        self._timer: threading.Timer | None = None

    def follow(self, window: webview.Window) -> None:
        """Listen to what happens to the window."""
        window.events.moved += self._moved
        window.events.resized += self._resized
        window.events.maximized += lambda: self._changed(maximized=True, hidden=False)
        window.events.restored += lambda: self._changed(maximized=False, hidden=False)
        window.events.minimized += lambda: self._changed(hidden=True)
        window.events.closing += self.keep

    def keep(self) -> None:
        """Remember the place now."""
        with self._lock:
            self._cancel()
            place = self._place = (self._look() if self._look else None) or self._place
        if place == self._kept:
            return
        try:
            self._memory.keep(place)
            self._kept = place
        # The window's place is never worth a message, nor a window that does not close.
        except TokendialError:
            log.warning("the place of the window was not remembered", exc_info=True)

    def stop(self) -> None:
        """Remember nothing any more."""
        with self._lock:
            self._cancel()

    def _moved(self, x: float, y: float) -> None:
        self._told(x=round(x), y=round(y))

    def _resized(self, width: float, height: float) -> None:
        self._told(width=round(width), height=round(height))

    def _told(self, **where: int) -> None:
        with self._lock:
            if self._look:
                self._place = self._look() or self._place
            elif not (self._hidden or self._place.maximized):
                self._place = msgspec.structs.replace(self._place, **where)
        self._soon()

    def _changed(self, *, hidden: bool, maximized: bool | None = None) -> None:
        with self._lock:
            self._hidden = hidden
            if maximized is not None:
                # The size of a maximised window is told before that it is maximised: back to what held before.
                place = self._kept if maximized else self._place
                self._place = msgspec.structs.replace(place, maximized=maximized)
        self._soon()

    def _soon(self) -> None:
        with self._lock:
            self._cancel()
            self._timer = threading.Timer(SETTLE_SECONDS, self.keep)
            self._timer.daemon = True
            self._timer.start()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
