"""Notifications of the operating system, through desktop-notifier, on a loop of their own thread."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import asyncio

    from desktop_notifier import DesktopNotifier

APP_NAME = "Tokendial"
ANSWER_SECONDS = 5.0
ICON = Path(__file__).with_name("icon.png")
NO_SERVICE = (
    "This desktop has no notification service, or it does not answer (D-Bus: org.freedesktop.Notifications). "
    "Alerts show in the window."
)
NO_BUNDLE = "macOS shows notifications only of the packaged app. Alerts show in the window."
NOT_ALLOWED = "Notifications of Tokendial are switched off in the system's settings. Alerts show in the window."
PROBE_SECONDS = 30.0
FAILED = "The system did not take the notification. Alerts show in the window."
_log = logging.getLogger(__name__)
_T = TypeVar("_T")
# Servers read markup in messages, and not all of them undo an escaped sign.
_NO_MARKUP = str.maketrans({"<": "‹", ">": "›", "&": "＆"})


class DesktopNotices:
    """Implements `api.notices.Notices`. The library, and asyncio, are loaded at the first use: a start needs none."""

    def __init__(self, on_click: Callable[[], None]) -> None:
        """`on_click` brings the window forward; it is called from a thread."""
        self._on_click = on_click
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._notifier: DesktopNotifier | None = None
        self._probed: tuple[float, str | None] | None = None

    def why_not(self) -> str | None:
        """In words why no notification can be shown; asked of the system at most every half a minute."""
        known = self._probed
        if known is None or time.monotonic() - known[0] > PROBE_SECONDS:
            known = self._probed = (time.monotonic(), self._try(self._probe))
        return known[1]

    def show(self, title: str, message: str) -> str | None:
        """Show one; the answer is in words why it was not shown."""
        text = message.translate(_NO_MARKUP) if sys.platform.startswith("linux") else message
        why = self._try(lambda notifier: self._send(notifier, title, text))
        self._probed = (time.monotonic(), why)
        return why

    def close(self) -> None:
        """End the thread. May be called without a start, and more than once."""
        with self._lock:
            loop, thread, self._loop, self._thread, self._notifier = self._loop, self._thread, None, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=ANSWER_SECONDS)

    def _try(self, ask: Callable[[DesktopNotifier], Coroutine[object, object, str | None]]) -> str | None:
        """What the loop answers. Whatever the library or the system does wrong is a reason in words."""
        import asyncio  # noqa: PLC0415 - see above

        try:
            with self._lock:
                loop = self._running()
                if self._notifier is None:
                    self._notifier = asyncio.run_coroutine_threadsafe(_made(), loop).result(ANSWER_SECONDS)
                notifier = self._notifier
            if notifier is None:
                return NO_BUNDLE
            return asyncio.run_coroutine_threadsafe(ask(notifier), loop).result(ANSWER_SECONDS)
        except Exception as error:
            _log.debug("no notification", exc_info=True)
            self._notifier = None  # a service that comes back is found again
            return NO_SERVICE if sys.platform.startswith("linux") else f"{FAILED} ({type(error).__name__})"

    def _running(self) -> asyncio.AbstractEventLoop:
        import asyncio  # noqa: PLC0415 - see above

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="notifications", daemon=True)
            self._thread.start()
        return self._loop

    async def _probe(self, notifier: DesktopNotifier) -> str | None:
        await notifier.get_capabilities()  # raises where no service answers
        return None

    async def _send(self, notifier: DesktopNotifier, title: str, message: str) -> str | None:
        import asyncio  # noqa: PLC0415 - see above

        if not await notifier.request_authorisation():
            return NOT_ALLOWED
        sent = asyncio.Event()
        await notifier.send(title=title, message=message, on_dispatched=sent.set, on_clicked=self._clicked)
        if sent.is_set():
            return None
        self._notifier = None
        return NO_SERVICE if sys.platform.startswith("linux") else FAILED

    def _clicked(self) -> None:
        threading.Thread(target=self._on_click, name="notification-click", daemon=True).start()


async def _made() -> DesktopNotifier | None:
    """The notifier, made on its loop; None where macOS has no bundle to show it for."""
    from desktop_notifier import DesktopNotifier, Icon  # noqa: PLC0415 - slow to load, and mostly not needed

    logging.getLogger("desktop_notifier").setLevel(logging.ERROR)  # it tells with a trace what we tell in words
    notifier = DesktopNotifier(app_name=APP_NAME, app_icon=Icon(path=ICON))
    is_dummy = type(notifier._backend).__name__ == "DummyNotificationCenter"
    return None if is_dummy else notifier


def _run(loop: asyncio.AbstractEventLoop) -> None:
    import asyncio  # noqa: PLC0415 - see above

    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
