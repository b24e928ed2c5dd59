"""How a window starts, and what waits until its page has its first figures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

# Nobody misses a scan or the tray before the figures are there; another first page than the overview may ask for none.
FIGURES = "dashboard.get"
FIGURES_SECONDS = 2.0
PAINT_SECONDS = 0.3  # so long the page draws them


class Start(NamedTuple):
    """How the window starts: hidden in the tray, and on another page than the last one."""

    hidden: bool = False
    page: str | None = None


class Beside(NamedTuple):
    """What the program does beside its window, on another thread.

    `opened` is called when the window has been made and its page loads, unless it is hidden; `settled` when the page
    has its first figures, does not ask for them or is hidden: what takes the processor before makes them later. It is
    not called where the window was closed sooner.
    """

    opened: Callable[[], None] = lambda: None
    settled: Callable[[], None] = lambda: None


class FirstFigures:
    """Waits for the first figures of the page, or for the end of a window that closes without."""

    def __init__(self) -> None:
        """Nothing has been answered yet."""
        self._answered = threading.Event()
        self._ended = threading.Event()

    def answered(self, name: str) -> None:
        """A command of the page has its answer."""
        if name == FIGURES:
            self._answered.set()

    def end(self) -> None:
        """The window is there no more: nobody waits any longer."""
        self._ended.set()
        self._answered.set()

    def painted(self) -> bool:
        """Return when they have been drawn, or nobody asks for them; False where the window has ended."""
        self._answered.wait(FIGURES_SECONDS)
        return not self._ended.wait(PAINT_SECONDS)
