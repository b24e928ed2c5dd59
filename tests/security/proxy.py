"""A proxy that lets nothing through, and writes down who should have been reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass
class Recorded:
    """`variables` make programs use it; `wanted` is a line for each request, such as `CONNECT host:443`."""

    variables: dict[str, str] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)


@contextmanager
def recording() -> Iterator[Recorded]:
    recorded = Recorded()

    class Handler(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            recorded.wanted.append(f"{self.command} {self.path}")
            self.send_response_only(502)
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.close_connection = True

        do_CONNECT = do_GET = do_POST = do_HEAD = refuse  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    recorded.variables = dict.fromkeys(NAMES, f"http://127.0.0.1:{server.server_port}")
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
