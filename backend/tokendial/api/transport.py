"""HTTP below the commands: the loopback socket, and a handler that hands the guard the request as it was sent."""

from __future__ import annotations

import socket
import sys
import time
from io import BufferedIOBase, BytesIO
from typing import TYPE_CHECKING

import msgspec
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

from tokendial.api.arrival import Arrival
from tokendial.api.guard import REFUSED, security_headers
from tokendial.api.registry import ErrorAnswer
from tokendial.errors import Unavailable
from tokendial.services.contract.common import ErrorInfo

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"
HOSTS_KEY = "tokendial.hosts"
ORIGIN_FORM_KEY = "tokendial.origin_form"
BACKLOG = 1024
# How long, and how much of, the rest of a refused body is taken, so that its sender hears the refusal.
LINGER_SECONDS = 1.0
LINGER_BYTES = 4 * 1024 * 1024
_LINGER_BLOCK = 64 * 1024


def error_body(code: str, message: str) -> bytes:
    """The one error shape as JSON."""
    return msgspec.json.encode(ErrorAnswer(ErrorInfo(code, message)))


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; port 0 takes a free one. Unavailable if the port cannot be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # On Windows SO_REUSEADDR would let another program take the same port over.
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Unavailable(
            f"Port {port} on {LOOPBACK} cannot be used ({reason}). Choose another one, or leave --port out.",
            port=port,
        ) from error
    return listener


class Behind(BaseWSGIServer):
    """What a handler asks of its server, which accepts nobody: Admission does."""

    multithread = True

    def __init__(self, app: WSGIApplication, listener: socket.socket) -> None:
        """Not werkzeug's own beginning: for a header that is not sent it reads the metadata of installed packages."""
        self.app = app
        self.socket = listener
        self.server_address = listener.getsockname()
        self.passthrough_errors = False
        self.ssl_context = None
        self._server_version = ""


class Handler(WSGIRequestHandler):
    """One connection. Logs nothing: a request line may carry a nonce."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    _body: BufferedIOBase | None = None

    def __init__(self, arrival: Arrival, server: BaseWSGIServer) -> None:
        """Serve the connection, to its end."""
        self._arrival = arrival
        super().__init__(arrival.connection, arrival.address, server)

    def setup(self) -> None:
        """Take the connection over with what was read of it."""
        super().setup()
        self.rfile.close()
        self.rfile = self._arrival.file()

    def finish(self) -> None:
        """Send what is left to send, and read a body that nobody wanted, within bounds.

        A connection that is closed while more of it comes takes the answer with it.
        """
        if self._body is not None:
            self.rfile = self._body
        super().finish()
        headers = getattr(self, "headers", None)
        if headers is None or "Content-Length" in headers or "Transfer-Encoding" in headers:
            self._linger()

    def _linger(self) -> None:
        end, left = time.monotonic() + LINGER_SECONDS, LINGER_BYTES
        try:
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (seconds := end - time.monotonic()) > 0:
                self.connection.settimeout(seconds)
                block = self.connection.recv(_LINGER_BLOCK)
                if not block:
                    return
                left -= len(block)
        except OSError:  # it does not listen any more
            return

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name that werkzeug passes
        """Keep silent."""

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header, except the one that names the server's software."""
        if keyword.lower() != "server":
            super().send_header(keyword, value)

    def make_environ(self) -> WSGIEnvironment:
        """The WSGI environment, plus all Host lines and whether the target was a plain path.

        Werkzeug would take an absolute target's host for the Host header, and fail on a target that is no URL.
        """
        # From the request line, because Python's parser has already shortened `//` in `self.path`.
        target = self.requestline.split()[1]
        origin_form = target.startswith("/") and not target.startswith("//")
        if not origin_form:
            self.path = "/"
        self._body = self.rfile
        environ = super().make_environ()
        # Werkzeug reads what is left of a body in blocks of ten megabytes, without an end to their number.
        self.rfile = BytesIO()
        environ[HOSTS_KEY] = self.headers.get_all("Host", [])
        environ[ORIGIN_FORM_KEY] = origin_form
        return environ

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP, in the same shape as every other refusal."""
        body = error_body("refused", REFUSED)
        self.close_connection = True
        # Else a request line without a version would be answered without a status line.
        self.request_version = self.protocol_version
        self.send_response(code)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        for name, value in {**security_headers(allow_eval=False), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
