"""The desktop window: our own guarded server behind it, commands over the bridge, events pushed into the page."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tokendial.api.application import Application
from tokendial.api.bridge import EventPump, Nothing, invoke_function
from tokendial.api.server import Server
from tokendial.desktop import pywebview
from tokendial.desktop.control import MainWindow
from tokendial.desktop.dialogs import WindowDialogs
from tokendial.desktop.instance import Instance
from tokendial.desktop.keeper import PlaceKeeper
from tokendial.desktop.notices import DesktopNotices
from tokendial.desktop.place import MIN_SIZE, Box, centered, fit
from tokendial.desktop.preflight import Choice
from tokendial.desktop.qt_names import load_toolkit
from tokendial.desktop.start import Beside, FirstFigures, Start
from tokendial.desktop.tray.choice import icon_for
from tokendial.desktop.tray.icon import LateIcon
from tokendial.desktop.tray.shell import TrayShell, TraySource
from tokendial.desktop.widget import WidgetShell
from tokendial.errors import Unavailable
from tokendial.services.window_memory import WindowMemory, WindowPlace

if TYPE_CHECKING:
    import webview

TITLE = "Tokendial"
SHOWN_SECONDS = 20.0
EXIT_SECONDS = 5.0
NO_WEBVIEW2 = (
    "The window needs Microsoft's WebView2 runtime, which is not installed. It is free, from "
    "https://developer.microsoft.com/microsoft-edge/webview2. Without it the page opens in the browser with: "
    "tokendial serve (in the packaged program: tokendial-cli serve)"
)
ICON = Path(__file__).with_name("icon.png")


class _Shown:
    """What another start of the program does, once there is a window: a call before that only waits for it."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self.action: Callable[[str | None], None] = lambda _page: None

    def is_ready(self, action: Callable[[str | None], None]) -> None:
        self.action = action
        self._ready.set()

    def __call__(self, page: str | None) -> None:
        if self._ready.wait(SHOWN_SECONDS):
            self.action(page)


def run(
    application: Application,
    choice: Choice,
    *,
    instance: Instance | None = None,
    memory: WindowMemory | None = None,
    widget_memory: WindowMemory | None = None,
    tray: TraySource | None = None,
    start: Start | None = None,
    static: Path | None = None,
    beside: Beside | None = None,
) -> None:
    """Open the window and stay until it is closed; must be called on the main thread.

    `choice` is what `preflight.choose` found, with a toolkit. `memory` knows where the window stood last, and
    `widget_memory` where the widget did; `tray` is what a tray shows. Afterwards, whatever happened, the server is
    closed, the application is closed and the instance is released. Raises Unavailable when the window cannot be opened.
    """
    os.environ.update(choice.environment)
    pywebview.load()
    shown = _Shown()
    try:
        secret = instance.secret if instance else None
        with Server(application, static=static, allow_eval=True, native_secret=secret, on_show=shown) as server:
            if instance:
                instance.announce(server.port)
            _show(application, server, choice, memory, widget_memory, tray, start or Start(), shown, beside or Beside())
    finally:
        application.close()
        if instance:
            instance.release()
        _end_without(threading.enumerate())


def _show(
    application: Application,
    server: Server,
    choice: Choice,
    memory: WindowMemory | None,
    widget_memory: WindowMemory | None,
    source: TraySource | None,
    start: Start,
    shown: _Shown,
    beside: Beside,
) -> None:
    """Run the window's loop until it ends."""
    import webview  # noqa: PLC0415 - heavy, and only this shell needs it

    screens = _screens(choice)
    place = fit(memory.read() if memory else None, screens)
    hidden = start.hidden and source is not None
    window = _create(server.open_url(start.page), place, screens if choice.gui == "qt" else [], hidden=hidden)
    widget = WidgetShell(application, server, window, widget_memory, screens, is_qt=choice.gui == "qt")
    application.widget = widget
    control = MainWindow(window, choice, widget.close, hidden=hidden, maximized=place.maximized)
    tray = _tray(application, source, control, choice, window) if source else None
    application.tray = tray
    keeper = _remember(window, memory, place, choice) if memory else None
    application.dialogs = WindowDialogs(window)
    notices = DesktopNotices((lambda: tray.show(None)) if tray else control.show)
    application.notices = notices
    figures = FirstFigures()
    window.expose(invoke_function(application, figures.answered))
    refused: list[str] = []
    window.events.initialized += lambda renderer: _accepts(renderer, refused)
    pump = EventPump(application.hub, window)

    def begin() -> None:
        window.events.before_show.wait(SHOWN_SECONDS)
        _begin(window, pump, server.url)
        shown.is_ready(tray.show if tray else lambda _page: control.show())
        if not hidden:
            beside.opened()
        if hidden or figures.painted():
            beside.settled()
            if tray:
                _begin_tray(tray, choice, hidden=hidden)

    before = signal.signal(signal.SIGTERM, lambda _number, _frame: tray.quit() if tray else control.end())
    try:
        webview.start(begin, gui=choice.gui, private_mode=True, icon=_icon(choice))
    except webview.WebViewException as error:
        raise Unavailable(f"The window could not be opened: {error}") from error
    finally:
        figures.end()
        if keeper:
            keeper.stop()
        if tray:
            tray.stop()
        pump.stop()
        notices.close()
        signal.signal(signal.SIGTERM, before)
    if refused:
        raise Unavailable(NO_WEBVIEW2)


def _tray(
    application: Application, source: TraySource, control: MainWindow, choice: Choice, window: webview.Window
) -> TrayShell:
    """A tray that has not begun, and knows what happens to the window."""
    icon = LateIcon(lambda: icon_for(choice, lambda: window.native))
    tray = TrayShell(application, source, icon, control)
    window.events.closing += tray.closing
    window.events.minimized += tray.redraw
    window.events.restored += tray.redraw
    return tray


def _begin_tray(tray: TrayShell, choice: Choice, *, hidden: bool) -> None:
    """Show it, and follow the Dock where there is one."""
    if choice.gui == "cocoa":
        from tokendial.desktop import mac  # noqa: PLC0415 - only on macOS

        mac.follow_dock(tray.leave, tray.show)
    tray.start(hidden=hidden)


def _screens(choice: Choice) -> list[Box]:
    """The screens, the first one first."""
    from webview.guilib import initialize  # noqa: PLC0415 - see above

    if choice.gui == "qt":
        load_toolkit()
    toolkit = initialize(choice.gui)
    return [Box(*(round(side) for side in (s.x, s.y, s.width, s.height))) for s in toolkit.get_screens()]


def _create(url: str, place: WindowPlace, relative_to: Sequence[Box], *, hidden: bool) -> webview.Window:
    """Make the window; pywebview counts a place in Qt from the first screen."""
    import webview  # noqa: PLC0415 - see above

    left, top = (relative_to[0].x, relative_to[0].y) if relative_to else (0, 0)
    window = webview.create_window(
        TITLE,
        url,
        js_api=Nothing(),
        x=None if place.x is None else place.x - left,
        y=None if place.y is None else place.y - top,
        width=place.width,
        height=place.height,
        # pywebview would show a maximised window, hidden or not.
        maximized=place.maximized and not hidden,
        hidden=hidden,
        min_size=MIN_SIZE,
        text_select=True,
        # Its event filter crashes Qt.
        easy_drag=False,
    )
    if window is None:
        raise Unavailable("The window could not be made.")
    return window


def _icon(choice: Choice) -> str | None:
    """The picture of the window, where the toolkit does not take it from the program's file."""
    return str(ICON) if choice.gui in ("qt", "gtk") else None


def _remember(window: webview.Window, memory: WindowMemory, place: WindowPlace, choice: Choice) -> PlaceKeeper:
    """Follow the window, and put it back when it is told to."""
    if choice.gui == "qt":
        from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

        eye = qt.Eye()
        keeper = PlaceKeeper(memory, place, lambda: eye.look(window.native))
        memory.on_forget(lambda: qt.reset(window.native))
    else:
        keeper = PlaceKeeper(memory, place)
        memory.on_forget(lambda: _reset(window, choice))
    keeper.follow(window)
    return keeper


def _reset(window: webview.Window, choice: Choice) -> None:
    """Put the window into the middle of the first screen, in its first size."""
    first = centered(_screens(choice)[0])
    window.restore()
    window.resize(first.width, first.height)
    window.move(first.x, first.y)


def _accepts(renderer: str, refused: list[str]) -> bool:
    """False for Internet Explorer's engine, which pywebview falls back to and which cannot show the page."""
    if renderer == "mshtml":
        refused.append(renderer)
    return not refused


def _begin(window: webview.Window, pump: EventPump, url: str) -> None:
    """What can only be done once the window exists; runs on a thread of pywebview."""
    import webview  # noqa: PLC0415 - see above

    pump.start()
    if webview.renderer == "qtwebengine" and window.events.shown.wait(SHOWN_SECONDS):
        from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

        qt.keep_on(window.native, url)


def _end_without(threads: list[threading.Thread]) -> None:
    """Let the process end although a call of the page never returned to a window that has gone.

    pywebview's threads are not daemons and wait for ever for such a window. Everything is closed and written by now.
    """
    if any(thread.name.startswith("Thread-") and not thread.daemon for thread in threads):
        timer = threading.Timer(EXIT_SECONDS, os._exit, (0,))
        timer.daemon = True
        timer.start()
