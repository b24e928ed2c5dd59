"""What pywebview leaves out on macOS for a program in the menu bar. Written by the documentation, not run."""

from __future__ import annotations

from collections.abc import Callable

import AppKit
import objc
from PyObjCTools import AppHelper
from webview.platforms.cocoa import BrowserView


class _Delegate(BrowserView.AppDelegate):
    """Ends the program when the system or the Dock asks for it, and shows the window on a click in the Dock."""

    def initWithLeave_reopen_(  # noqa: N802 - a name of Objective-C
        self, leave: Callable[[], None], reopen: Callable[[], None]
    ) -> _Delegate:
        made: _Delegate = objc.super(_Delegate, self).init()
        made.leave, made.reopen = leave, reopen
        return made

    def applicationShouldTerminate_(self, app: object) -> int:  # noqa: N802 - see above
        # Else the window would only hide, which also holds up the end of the session.
        self.leave()
        answer: int = objc.super(_Delegate, self).applicationShouldTerminate_(app)
        return answer

    def applicationShouldHandleReopen_hasVisibleWindows_(self, app: object, visible: bool) -> bool:  # noqa: N802
        self.reopen()
        return True


_kept: list[_Delegate] = []  # an application does not keep its delegate alive


def follow_dock(leave: Callable[[], None], reopen: Callable[[], None]) -> None:
    """From any thread: `leave` when the application is to end, `reopen` when its icon in the Dock is clicked."""

    def follow() -> None:
        _kept[:] = [_Delegate.alloc().initWithLeave_reopen_(leave, reopen)]
        AppKit.NSApplication.sharedApplication().setDelegate_(_kept[0])

    AppHelper.callAfter(follow)
