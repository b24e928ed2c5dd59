"""The local HTTP server: 127.0.0.1 only, guarded, in its own threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokendial.api.admission import Admission
from tokendial.api.application import Application
from tokendial.api.arrival import Arrival
from tokendial.api.assets import Assets, static_folder
from tokendial.api.gate import Gate
from tokendial.api.guard import OPEN_PATH, Guard, security_headers
from tokendial.api.pages import WINDOW_HOME, Pages
from tokendial.api.streams import Streams
from tokendial.api.transport import LOOPBACK, Behind, Handler, bind

if TYPE_CHECKING:
    from flask import Flask


class Server:
    """Serves the front end, the commands and the events of an application. A context manager: start, then close.

    `port` 0 takes a free one. `static` stands for the packaged front end. `allow_eval` is for the window's page only.
    `native_secret` is what another start of the program must know to have `on_show` called, with a page or None;
    None refuses all of them.
    Raises Unavailable when the port cannot be used.
    """

    def __init__(
        self,
        application: Application,
        *,
        port: int = 0,
        static: Path | None = None,
        allow_eval: bool = False,
        native_secret: str | None = None,
        on_show: Callable[[str | None], None] | None = None,
        keep_alive: float = 5.0,
    ) -> None:
        """Bind the port; nothing is answered before `start`."""
        with bind(port) as listener:
            self.port: int = listener.getsockname()[1]
            self._guard = Guard(self.port, native_secret)
            self._streams = Streams(keep_alive)
            assets = Assets(static_folder() if static is None else static)
            pages = Pages(self._guard, assets, WINDOW_HOME if allow_eval else "/")
            show = on_show or (lambda _page: None)
            self.app = Gate(
                self._guard, security_headers(allow_eval), pages, lambda: _commands(application, self._streams, show)
            )
            self._behind = Behind(self.app, listener.dup())
        self._admission = Admission(self._behind.socket, self._answer, self._guard.recognises)
        self._thread = threading.Thread(target=self._admission.serve, name="http", daemon=True)

    @property
    def url(self) -> str:
        """The server's address, without any secret."""
        return f"http://{LOOPBACK}:{self.port}/"

    def open_url(self, page: str | None = None) -> str:
        """An address that lets one browser in, once, on a page such as `sessions`. Each call gives a fresh one."""
        opened = "" if page is None else f"&p={quote(page, safe='')}"
        return f"http://{LOOPBACK}:{self.port}{OPEN_PATH}?k={self._guard.new_nonce()}{opened}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End the streams, stop listening and wait for the accepting thread. May be called more than once."""
        self._streams.end()
        self._admission.end()
        if self._thread.is_alive():
            self._thread.join()
        self._behind.server_close()

    def _answer(self, arrival: Arrival) -> None:
        try:
            Handler(arrival, self._behind)
        except OSError:  # the client has gone
            return

    def __enter__(self) -> Server:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _commands(application: Application, streams: Streams, show: Callable[[str | None], None]) -> Flask:
    from tokendial.api.routes import build  # noqa: PLC0415 - Flask is heavy, and a window asks for none of this

    return build(application, streams, show)
