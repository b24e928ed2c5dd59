"""The program in the tray: what its menu does, when closing only hides, and the words that follow the ledger."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from tokendial.api.application import Application
from tokendial.api.commands import registry
from tokendial.api.events import Alert, Navigate
from tokendial.desktop.tray.hosts import STARTING
from tokendial.desktop.tray.icon import Menu, MenuItem, TrayIcon
from tokendial.errors import TokendialError
from tokendial.services.contract.system import OpenLogsRequest, RefreshRequest
from tokendial.services.settings import SettingsDesk
from tokendial.services.tray_words import TITLE, TrayFace

log = logging.getLogger(__name__)
TICK_SECONDS = 60.0
# Between two looks at the ledger while an agent writes.
PAUSE_SECONDS = 1.0
HOST_WAIT_SECONDS = 10.0
# How soon a window that nothing leads to any more is shown again.
LOST_SECONDS = 5.0
WIDGET_COMMAND = "window.widget"
NO_TRAY_AT_START = "There is no tray to start in, so the window was minimised. Settings, Startup says more."
NO_TRAY_LEFT = "The tray has gone, so the window was brought back."
_FIGURES = frozenset({"usage-updated", "limits-updated", "settings-changed"})


class TraySource(NamedTuple):
    """What the tray shows, and the settings that say whether closing hides."""

    face: Callable[[], TrayFace]
    settings: SettingsDesk


class WindowControl(Protocol):
    """The window, from any thread."""

    def is_shown(self) -> bool:
        """Whether it can be seen: neither hidden nor minimised."""

    def show(self) -> None:
        """Show it, un-minimise it and bring it to the front."""

    def minimize(self) -> None:
        """Show it minimised."""

    def hide(self) -> None:
        """Take it off the screen and the task bar."""

    def must_end(self) -> bool:
        """Whether the system is just ending it, so that hiding would be in the way."""

    def end(self) -> None:
        """Close every window of the program."""


class TrayShell:
    """Implements `api.tray.TrayHost`."""

    def __init__(self, application: Application, source: TraySource, icon: TrayIcon, window: WindowControl) -> None:
        """Nothing runs before `start`."""
        self._application = application
        self._source = source
        self._icon = icon
        self._window = window
        self._face = TrayFace()
        self._hidden = False
        self._left = threading.Event()
        self._subscription = application.hub.subscribe()
        self._feed = threading.Thread(target=self._follow, name="tray", daemon=True)
        self._watch = threading.Thread(target=self._guard, name="tray-guard", daemon=True)
        self._wake = threading.Event()

    def why_not(self) -> str | None:
        """Why there is no icon in a tray now."""
        return self._icon.why_not()

    def start(self, *, hidden: bool) -> None:
        """Begin once the window exists. `hidden`: it is not shown, or minimised where no tray comes in time."""
        if self._left.is_set():
            return
        self._hidden = hidden or self._hidden  # it may have been closed into the tray before
        self._feed.start()
        self._watch.start()
        if not hidden:
            return
        deadline = time.monotonic() + HOST_WAIT_SECONDS
        while self._icon.why_not() is not None:
            if time.monotonic() >= deadline:
                self._come_back(self._window.minimize, NO_TRAY_AT_START)
                return
            self._draw()  # a bar often comes later than the programs of the login
            time.sleep(0.25)
        self._wake.set()

    def stop(self) -> None:
        """Take the icon away; on the main thread, after the window's loop."""
        self.leave()
        self._icon.stop()

    def leave(self) -> None:
        """From now on closing a window ends it."""
        self._left.set()
        self._subscription.close()
        self._wake.set()

    def closing(self) -> bool | None:
        """The window is about to be closed: False keeps it, hidden, because that was chosen and a tray is there."""
        if self._left.is_set() or self._window.must_end() or not self._source.settings.current.close_to_tray:
            return None
        # An icon that is just being made comes in a moment; where it does not, the window is shown again.
        if self._icon.why_not() not in (None, STARTING):
            return None
        self.hide()
        return False

    def show(self, page: str | None = None, settings: str | None = None) -> None:
        """Bring the window up, on a page or with a tab of the settings."""
        self._hidden = False
        self._window.show()
        if page is not None or settings is not None:
            self._application.hub.publish("navigate", Navigate(page, settings))
        self._draw(shown=True)

    def hide(self) -> None:
        """Take the window off the screen; the tray is what leads back to it."""
        self._hidden = True
        self._window.hide()
        self._wake.set()
        self._draw(shown=False)

    def toggle(self) -> None:
        """What a click does."""
        if self._window.is_shown():
            self.hide()
        else:
            self.show()

    def quit(self) -> None:
        """End the program, whatever closing does."""
        self.leave()
        self._window.end()

    def redraw(self) -> None:
        """The window was minimised or restored: the menu's first entry is another one."""
        self._draw()

    def menu(self, *, shown: bool) -> Menu:
        """The menu of the present face, beside a window that can be seen or not."""
        toggled = MenuItem("Hide window" if shown else "Show window", self.toggle)
        lines = [MenuItem(line.text, self._opener(line.page)) for line in self._face.lines]
        return [
            toggled,
            *([None, *lines] if lines else []),
            None,
            MenuItem("Refresh", self._refresh),
            *widget_entry(self._application),
            MenuItem("Open logs", self._open_logs),
            MenuItem("Settings", lambda: self.show(settings="")),
            None,
            MenuItem(f"Quit {TITLE}", self.quit),
        ]

    def _opener(self, page: str) -> Callable[[], None]:
        return lambda: self.show(page)

    def _refresh(self) -> None:
        """Read the logs, and say what came of it at once (W-36)."""
        self._told(lambda: self._application.refresh(RefreshRequest(wait=True)))
        self._look()

    def _open_logs(self) -> None:
        self._told(lambda: self._application.open_logs(OpenLogsRequest()))

    def _told(self, action: Callable[[], object]) -> None:
        """Do something; what fails is said in the window, which is shown for it."""
        try:
            action()
        except TokendialError as error:
            self.show()
            self._application.hub.publish("alert", Alert(TITLE, error.message))

    def _follow(self) -> None:
        """Look at the ledger when it changed, and once a minute because `resets in` and the day go on."""
        self._look()
        due = time.monotonic() + TICK_SECONDS
        while True:
            event = self._subscription.get(max(0.0, due - time.monotonic()))
            if self._left.is_set():
                return
            if event is None or event.name in _FIGURES:
                self._look()
                due = time.monotonic() + TICK_SECONDS
                self._left.wait(PAUSE_SECONDS)

    def _look(self) -> None:
        try:
            self._face = self._source.face()
        except TokendialError:
            log.warning("the tray was not brought up to date", exc_info=True)
        self._draw()

    def _draw(self, *, shown: bool | None = None) -> None:
        """`shown` where the window is just about to be shown or hidden."""
        if not self._left.is_set():
            menu = self.menu(shown=self._window.is_shown() if shown is None else shown)
            self._icon.show(self._face, menu, self.toggle)

    def _guard(self) -> None:
        """While the window is hidden: show it again when the tray has gone, for nothing else leads to it."""
        while not self._left.is_set():
            self._wake.wait()
            self._wake.clear()
            while self._hidden and not self._left.is_set():
                self._left.wait(LOST_SECONDS)
                if self._hidden and not self._left.is_set() and self._icon.why_not() is not None:
                    self._come_back(self._window.show, NO_TRAY_LEFT)

    def _come_back(self, how: Callable[[], None], why: str) -> None:
        self._hidden = False
        how()
        self._application.hub.publish("alert", Alert(TITLE, why))


def widget_entry(application: Application) -> list[MenuItem]:
    """The entry of the widget mode, where the program has one."""
    if all(command.name != WIDGET_COMMAND for command in registry):
        return []

    def open_widget() -> None:
        registry.invoke(application, WIDGET_COMMAND, {})

    return [MenuItem("Widget mode", open_widget)]
