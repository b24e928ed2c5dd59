"""What pywebview does not offer for its Qt window: raising, placing and measuring it, and keeping it on our page."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPoint, Qt, QUrl
from qtpy.QtGui import QGuiApplication
from qtpy.QtWebEngineCore import QWebEngineNavigationRequest, QWebEnginePage
from qtpy.QtWidgets import QWidget
from webview.platforms.qt import BrowserView

from tokendial.desktop.place import Box, brought_back, centered
from tokendial.services.contract.windows import Grip
from tokendial.services.window_memory import WindowPlace

_EDGES: dict[Grip, Qt.Edge] = {
    "top": Qt.Edge.TopEdge,
    "bottom": Qt.Edge.BottomEdge,
    "left": Qt.Edge.LeftEdge,
    "right": Qt.Edge.RightEdge,
    "topleft": Qt.Edge.TopEdge | Qt.Edge.LeftEdge,
    "topright": Qt.Edge.TopEdge | Qt.Edge.RightEdge,
    "bottomleft": Qt.Edge.BottomEdge | Qt.Edge.LeftEdge,
    "bottomright": Qt.Edge.BottomEdge | Qt.Edge.RightEdge,
}


def raise_window(native: object) -> None:
    """Un-minimise the window and bring it to the front."""

    def activate(window: BrowserView) -> None:
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    _on_gui_thread(native, activate)


def keep_on_screen(native: object) -> None:
    """Move a window, just before it is shown again, that would be on no screen any more."""

    def place(window: BrowserView) -> None:
        if window.isVisible():
            return
        first = QGuiApplication.primaryScreen()
        screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not first)
        sides = [screen.availableGeometry() for screen in screens]
        corner, size = window.pos(), window.size()
        frame = Box(corner.x(), corner.y(), size.width(), size.height())
        found = brought_back(frame, [Box(side.x(), side.y(), side.width(), side.height()) for side in sides])
        if found is not None:
            window.resize(found.width, found.height)
            window.move(found.x, found.y)

    _on_gui_thread(native, place)


def is_shown(native: object) -> bool:
    """Whether a window can be seen: neither hidden nor minimised. May be asked from any thread: it only reads."""
    try:
        return isinstance(native, BrowserView) and native.isVisible() and not native.isMinimized()
    except RuntimeError:  # the window has gone
        return False


class Eye:
    """Looks where a window is, from any thread: it only reads.

    Qt knows the page's place under a maximised window, but not the frame's; what lies between is learnt before.
    """

    def __init__(self) -> None:
        """The frame is not known yet."""
        self._frame = QPoint(0, 0)

    def look(self, native: object) -> WindowPlace | None:
        """Where the window is or, while it is maximised, minimised or full screen, where it will be again.

        A hidden window is nowhere: what was known before holds."""
        if not isinstance(native, BrowserView):
            return None
        try:
            return self._look(native) if native.isVisible() else None
        except RuntimeError:  # the window has gone
            return None

    def _look(self, window: BrowserView) -> WindowPlace:
        page = window.normalGeometry()
        if not (window.isMaximized() or window.isMinimized() or window.isFullScreen()):
            page = window.geometry()
            self._frame = window.pos() - page.topLeft()
        corner = page.topLeft() + self._frame
        return WindowPlace(
            x=corner.x(), y=corner.y(), width=page.width(), height=page.height(), maximized=window.isMaximized()
        )


def reset(native: object) -> None:
    """Put the window into the middle of its screen, in its first size."""

    def place(window: BrowserView) -> None:
        # By its full name, because pywebview keeps a rectangle of its own in `screen`.
        screen = QWidget.screen(window).availableGeometry()
        first = centered(Box(screen.x(), screen.y(), screen.width(), screen.height()))
        window.showNormal()
        window.resize(first.width, first.height)
        window.move(first.x, first.y)

    _on_gui_thread(native, place)


def grip(native: object, grip: Grip) -> None:
    """Let the window manager move or resize a frameless window until the pointer is let go."""

    def begin(window: BrowserView) -> None:
        handle = window.windowHandle()
        # Let go meanwhile: the window would follow the pointer until the next click.
        if handle is None or not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        edges = _EDGES.get(grip)
        if edges is None:
            handle.startSystemMove()
        else:
            handle.startSystemResize(edges)

    _on_gui_thread(native, begin)


class _Nowhere(QWebEnginePage):
    """What a new window gets: it is never shown, and nothing is loaded into it."""

    def acceptNavigationRequest(  # noqa: N802 - Qt's name
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, main: bool
    ) -> bool:
        """Refuse every address."""
        return False


def keep_on(native: object, url: str) -> None:
    """Refuse every navigation away from `url`'s server, which would hand another page the bridge, and new windows."""

    def check(request: QWebEngineNavigationRequest) -> None:
        if request.isMainFrame() and not request.url().toString().startswith(url):
            request.reject()

    def keep(window: BrowserView) -> None:
        page = window.webview.page()
        page.navigationRequested.connect(check)
        # pywebview hands the address of a new window, as of a dropped file, to the system's browser.
        page.nav_handler = _Nowhere(page.profile())

    _on_gui_thread(native, keep)


def _on_gui_thread(native: object, action: Callable[[BrowserView], object]) -> None:
    """Run an action where alone it takes effect; nothing happens without a Qt window."""
    if isinstance(native, BrowserView):
        native.create_window_trigger.emit(lambda: action(native))
