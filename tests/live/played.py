"""A loopback server that plays scripted answers and writes down what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Played:
    """One answer. `pause` seconds go by before it; `cut` closes the connection in the middle of the body."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    cut: bool = False


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stage:
    """The server's address, the answers still to play (the last one again and again), and the requests so far.

    Where there is a `part`, it has the word: it is told what was asked, and how often something was asked before.
    """

    url: str = ""
    answers: list[Played] = field(default_factory=lambda: [Played()])
    requests: list[Request] = field(default_factory=list)
    part: Callable[[Request, int], Played] | None = None

    def play(self, *answers: Played) -> None:
        """What comes next."""
        self.answers = list(answers)


@contextmanager
def stage() -> Iterator[Stage]:
    """A running server."""
    played = Stage()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = {name.lower(): value for name, value in self.headers.items()}
            request, before = Request(self.command, self.path, sent, self.rfile.read(length)), len(played.requests)
            played.requests.append(request)
            if played.part is not None:
                answer = played.part(request, before)
            else:
                answer = played.answers.pop(0) if len(played.answers) > 1 else played.answers[0]
            time.sleep(answer.pause)
            self.send_response_only(answer.status)
            self.send_header("Date", answer.headers.get("Date", self.date_time_string()))
            for name, value in answer.headers.items():
                if name != "Date":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    played.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
