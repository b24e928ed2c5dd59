"""The widget: a second, frameless window above all others that takes the place of the full one."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokendial.api.application import Application
from tokendial.api.bridge import EventPump, Nothing, invoke_function
from tokendial.api.server import Server
from tokendial.desktop.keeper import PlaceKeeper
from tokendial.desktop.place import WIDGET_MIN_SIZE, Box, fit_widget
from tokendial.errors import Unavailable
from tokendial.services.contract.windows import Grip
from tokendial.services.window_memory import WindowMemory, WindowPlace

if TYPE_CHECKING:
    import webview

log = logging.getLogger(__name__)
TITLE = "Tokendial widget"
ROUTE = "#/widget"
SHOWN_SECONDS = 20.0
# Long enough for the answer to the page that asked for the end of its window: a thread would wait for it for ever.
END_AFTER_SECONDS = 1.0
MOST_PIXELS = 4096


class WidgetShell:
    """Implements `api.widget.Widget` beside a full window that is open.

    A closed widget gives the full window back, and the end of the full window, whoever ends it, ends the widget.
    """

    def __init__(
        self,
        application: Application,
        server: Server,
        full: webview.Window,
        memory: WindowMemory | None,
        screens: Sequence[Box],
        *,
        is_qt: bool,
    ) -> None:
        """Nothing is made before it is opened. `memory` knows where the widget stood last."""
        self._application = application
        self._server = server
        self._full = full
        self._memory = memory
        self._screens = screens
        self._is_qt = is_qt
        self._lock = threading.Lock()
        self._ended = False
        self._window: webview.Window | None = None
        self._pump: EventPump | None = None
        self._keeper: PlaceKeeper | None = None
        full.events.closed += self._end
        if memory:
            memory.on_forget(self._put_back)

    def open(self) -> None:
        """Show the widget, then hide the full window: a program without any window in sight would end."""
        with self._lock:
            if self._ended:
                raise Unavailable("The program is about to end.")
            if self._window is None:
                self._window = self._make()
            self._raise(self._window)
            self._full.hide()

    def close(self, page: str | None = None) -> None:
        """Show the full window, then end the widget."""
        with self._lock:
            window, self._window = self._window, None
            if window is None or self._ended:
                return
            if page is not None:
                self._full.run_js(f"location.hash = {json.dumps('#/' + page)}")
            self._full.show()
            self._raise(self._full)
            self._let_go()
            window.hide()
        timer = threading.Timer(END_AFTER_SECONDS, window.destroy)
        timer.daemon = True
        timer.start()

    def grip(self, grip: Grip) -> bool:
        """Under Qt the system follows the pointer; elsewhere pywebview moves the window, and the page resizes it."""
        window = self._window
        if window is None or not self._is_qt:
            return False
        from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

        qt.grip(window.native, grip)
        return True

    def resize(self, width: int, height: int) -> None:
        """Never smaller than the page can be."""
        window = self._window
        if window is not None:
            least_width, least_height = WIDGET_MIN_SIZE
            window.resize(max(least_width, min(width, MOST_PIXELS)), max(least_height, min(height, MOST_PIXELS)))

    def _make(self) -> webview.Window:
        import webview  # noqa: PLC0415 - heavy, and only this shell needs it

        place = fit_widget(self._memory.read() if self._memory else None, self._screens)
        # pywebview counts the place of a new window in Qt from the first screen.
        left, top = (self._screens[0].x, self._screens[0].y) if self._is_qt and self._screens else (0, 0)
        window = webview.create_window(
            TITLE,
            self._server.open_url() + ROUTE,
            js_api=Nothing(),
            x=None if place.x is None else place.x - left,
            y=None if place.y is None else place.y - top,
            width=place.width,
            height=place.height,
            min_size=WIDGET_MIN_SIZE,
            frameless=True,
            on_top=True,
            # Without it pywebview adds a style that our policy refuses; the page selects nothing by itself.
            text_select=True,
            # Under Qt its event filter crashes the program, and the page asks for each movement instead.
            easy_drag=not self._is_qt,
        )
        if window is None:
            raise Unavailable("The widget could not be made.")
        window.expose(invoke_function(self._application))
        window.events.closing += self._closing
        self._pump = EventPump(self._application.hub, window)
        self._pump.start()
        self._keeper = self._follow(window, place)
        if not window.events.shown.wait(SHOWN_SECONDS):
            log.warning("the widget was not shown in time")
        if self._is_qt:
            from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

            qt.keep_on(window.native, self._server.url)
        return window

    def _follow(self, window: webview.Window, place: WindowPlace) -> PlaceKeeper | None:
        if self._memory is None:
            return None
        look = None
        if self._is_qt:
            from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

            eye = qt.Eye()
            look = lambda: eye.look(window.native)  # noqa: E731
        keeper = PlaceKeeper(self._memory, place, look)
        keeper.follow(window)
        return keeper

    def _raise(self, window: webview.Window) -> None:
        if self._is_qt:
            from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

            qt.raise_window(window.native)

    def _closing(self, window: webview.Window) -> bool:
        """Closing the widget, as by a key of the system, gives the full window back. Runs on the toolkit's thread."""
        if window is not self._window or self._ended:
            return True
        threading.Thread(target=self.close, name="close-widget", daemon=True).start()
        return False

    def _put_back(self) -> None:
        """The place is forgotten: an open widget goes to where a new one opens."""
        window, place = self._window, fit_widget(None, self._screens)
        if window is not None:
            window.resize(place.width, place.height)
            window.move(place.x or 0, place.y or 0)

    def _end(self) -> None:
        """The full window has gone, and the program with it."""
        self._ended = True
        window = self._window
        self._let_go()
        if window is not None:
            window.destroy()

    def _let_go(self) -> None:
        """What follows the widget stops, and remembers where it was."""
        pump, self._pump = self._pump, None
        keeper, self._keeper = self._keeper, None
        if pump:
            pump.stop()
        if keeper:
            keeper.keep()
            keeper.stop()
