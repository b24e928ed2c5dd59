"""What a tray icon of any toolkit can do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from tokendial.services.tray_words import TrayFace


class MenuItem(NamedTuple):
    """An entry of the menu; in a menu None stands for a line between entries."""

    label: str
    action: Callable[[], None]


Menu = Sequence[MenuItem | None]


class TrayIcon(Protocol):
    """The icon. Every method may be called from any thread; none waits for the toolkit."""

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """Put the icon into the tray, if there is one, or change what it says."""

    def why_not(self) -> str | None:
        """Why the icon is in no tray now, in words; None where it is."""

    def stop(self) -> None:
        """Take the icon away; called on the main thread after the window's loop."""


class NoIcon:
    """Stands where this desktop, or this installation, cannot have an icon."""

    def __init__(self, reason: str) -> None:
        """`reason` is said in the settings."""
        self._reason = reason

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """Show nothing."""

    def why_not(self) -> str | None:
        """The reason."""
        return self._reason

    def stop(self) -> None:
        """There is nothing to take away."""


class LateIcon:
    """An icon that is made when it is needed first: the toolkit's part of it takes a while to load."""

    def __init__(self, make: Callable[[], TrayIcon]) -> None:
        """`make` is called once."""
        self._make = make
        self._made: TrayIcon | None = None
        self._lock = threading.Lock()

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        """See TrayIcon."""
        self._icon().show(face, menu, on_click)

    def why_not(self) -> str | None:
        """See TrayIcon."""
        return self._icon().why_not()

    def stop(self) -> None:
        """See TrayIcon."""
        if self._made is not None:
            self._made.stop()

    def _icon(self) -> TrayIcon:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def apart(action: Callable[[], None]) -> Callable[[], None]:
    """The action on a thread of its own, because toolkits call on theirs and must not be held up."""

    def begin(*_of_the_toolkit: object) -> None:
        threading.Thread(target=action, name="tray-action", daemon=True).start()

    return begin
