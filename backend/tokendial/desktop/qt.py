"""What pywebview does not offer for its Qt window: raising it, and keeping it on our own page."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import Qt
from qtpy.QtWebEngineCore import QWebEngineNavigationRequest
from webview.platforms.qt import BrowserView


def raise_window(native: object) -> None:
    """Un-minimise the window and bring it to the front."""

    def activate(window: BrowserView) -> None:
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    _on_gui_thread(native, activate)


def keep_on(native: object, url: str) -> None:
    """Refuse every navigation away from `url`'s server: another page would be handed the bridge as well."""

    def check(request: QWebEngineNavigationRequest) -> None:
        if request.isMainFrame() and not request.url().toString().startswith(url):
            request.reject()

    _on_gui_thread(native, lambda window: window.webview.page().navigationRequested.connect(check))


def _on_gui_thread(native: object, action: Callable[[BrowserView], object]) -> None:
    """Run an action where alone it takes effect; nothing happens without a Qt window."""
    if isinstance(native, BrowserView):
        native.create_window_trigger.emit(lambda: action(native))
