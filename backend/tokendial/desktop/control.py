"""Shows, hides and ends the window of pywebview, from any thread."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tokendial.desktop.preflight import Choice

if TYPE_CHECKING:
    import webview

_SHUTTING_DOWN = 0x2000  # SM_SHUTTINGDOWN


class MainWindow:
    """Implements `tray.shell.WindowControl`. A window that starts hidden is maximised when it is shown first."""

    def __init__(
        self, window: webview.Window, choice: Choice, put_away: Callable[[], None], *, hidden: bool, maximized: bool
    ) -> None:
        """`put_away` closes what stands in its place; `hidden` and `maximized` are how the window starts."""
        self._put_away = put_away
        self._window = window
        self._is_qt = choice.gui == "qt"
        self._maximize_first = hidden and maximized
        self._seen = not hidden
        window.events.minimized += lambda: self._note(seen=False)
        window.events.restored += lambda: self._note(seen=True)
        window.events.maximized += lambda: self._note(seen=True)

    def is_shown(self) -> bool:
        """Whether it can be seen: neither hidden nor minimised."""
        if self._is_qt:
            from tokendial.desktop import qt  # noqa: PLC0415 - only where Qt is the toolkit

            return qt.is_shown(self._window.native)
        return self._seen

    def show(self) -> None:
        """Show it, also in place of the widget, un-minimise it and bring it to the front."""
        self._put_away()
        if self._is_qt:
            from tokendial.desktop import qt  # noqa: PLC0415 - see above

            qt.keep_on_screen(self._window.native)
        self._window.show()
        if self._maximize_first:
            self._maximize_first = False
            self._window.maximize()
        if self._is_qt:
            qt.raise_window(self._window.native)
        elif not self._seen:
            self._window.restore()
        self._seen = True

    def minimize(self) -> None:
        """Show it minimised."""
        self._window.show()
        self._window.minimize()

    def hide(self) -> None:
        """Take it off the screen and the task bar."""
        self._seen = False
        self._window.hide()

    def must_end(self) -> bool:
        """Whether the session of Windows is ending, which a window that stays would hold up."""
        return sys.platform == "win32" and ctypes.windll.user32.GetSystemMetrics(_SHUTTING_DOWN) != 0

    def end(self) -> None:
        """Close every window of the program, each from another thread because closing waits for the toolkit's loop."""
        import webview  # noqa: PLC0415 - heavy, and only this shell needs it

        for window in list(webview.windows):
            threading.Thread(target=window.destroy, name="close-window", daemon=True).start()

    def _note(self, *, seen: bool) -> None:
        self._seen = seen
