"""What every request passes: the guard, then the pages, and behind them the commands.

Pages need nothing of Flask. A window asks for no more, its commands come over the bridge: there Flask, a twentieth of
the program's start, is not loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from tokendial.api.guard import REFUSED, SECRET_HEADER, Facts, Guard
from tokendial.api.pages import Pages
from tokendial.api.peer import is_other_user
from tokendial.api.registry import error_info
from tokendial.api.transport import HOSTS_KEY, ORIGIN_FORM_KEY, error_body

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

JSON = "application/json"


class Gate:
    """The WSGI app of one server. `headers` are given to every answer; `build` makes the app of the commands."""

    def __init__(self, guard: Guard, headers: dict[str, str], pages: Pages, build: Callable[[], Flask]) -> None:
        """Nothing is built before a request wants it."""
        self._guard = guard
        self._headers = headers
        self._pages = pages
        self._build = build
        self._lock = threading.Lock()
        self._commands: Flask | None = None

    @property
    def commands(self) -> Flask:
        """What answers everything that is no page, made at the first use."""
        with self._lock:
            if self._commands is None:
                self._commands = self._build()
            return self._commands

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(
            status: str, headers: list[tuple[str, str]], fault: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            kept = Headers(headers)
            kept.update(self._headers)
            return start_response(status, kept.to_wsgi_list(), fault)

        return self._choose(environ)(environ, start)

    def _choose(self, environ: WSGIEnvironment) -> WSGIApplication:
        request = Request(environ)
        # The edge of the transport: whatever went wrong is logged, and no trace of it leaves the process.
        try:
            refused = self._guard.refusal(_facts(request, self._guard))
            if refused is not None:
                return Response(error_body("refused", REFUSED), refused, content_type=JSON)
            return self._pages.answer(request) or self.commands
        except Exception as error:
            body = msgspec.json.encode(error_info(error, "The request"))
            return Response(body, 500, content_type=JSON)


def _facts(request: Request, guard: Guard) -> Facts:
    # Both keys are set by our handler; under any other server the request fails closed.
    return Facts(
        path=request.path,
        hosts=request.environ.get(HOSTS_KEY, ()),
        origin_form=bool(request.environ.get(ORIGIN_FORM_KEY, False)),
        origin=request.headers.get("Origin"),
        fetch_site=request.headers.get("Sec-Fetch-Site"),
        cookie=request.cookies.get(guard.cookie_name),
        nonce=request.args.get("k"),
        native_secret=request.headers.get(SECRET_HEADER),
        other_user=lambda: is_other_user(int(request.environ["REMOTE_PORT"]), guard.port),
    )
