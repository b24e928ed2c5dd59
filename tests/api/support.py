"""A stand-in for the application (the transports are real), and a client that sends exactly the bytes it is told."""

from __future__ import annotations

import http.client
import json
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from tokendial.api.application import Application
from tokendial.api.beside import BesideThePage
from tokendial.api.events import EventHub
from tokendial.api.server import Server
from tokendial.services.transfers import Transfers


def sample(kind: object) -> object:
    """A plain value of an annotation: the first literal, null where allowed, empty lists, every field of a Struct."""
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**{name: sample(hint) for name, hint in get_type_hints(kind).items()})
    if origin is Literal:
        return args[0]
    if origin in (Union, UnionType):
        return None if type(None) in args else sample(args[0])
    if origin in (list, dict):
        return origin()
    return {str: "text", int: 1, float: 1.5, bool: False}[kind]


METHODS = [
    name
    for kind in (Application, BesideThePage)
    for name, value in vars(kind).items()
    if callable(value) and not name.startswith("_")
]


class FakeApplication:
    """Answers every method of the protocol with a sample, or with what `answers` holds (an exception is raised)."""

    def __init__(self, answers: dict[str, object] | None = None) -> None:
        self.hub = EventHub()
        self.transfers = Transfers(Path(tempfile.gettempdir(), f"tokendial-no-transfers-{os.getpid()}"))
        self.calls: list[tuple[str, object]] = []
        self.closed = 0
        self.answers = answers or {}

    def close(self) -> None:
        self.closed += 1


def _method(name: str, answer: object) -> Callable[[FakeApplication, object], object]:
    def method(self: FakeApplication, request: object) -> object:
        self.calls.append((name, request))
        given = self.answers.get(name, answer)
        if isinstance(given, BaseException):
            raise given
        return given(request) if callable(given) else given

    return method


for _name in METHODS:
    if _name != "close":
        setattr(FakeApplication, _name, _method(_name, sample(get_type_hints(getattr(Application, _name))["return"])))


@dataclass
class Reply:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    raw_headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def json(self) -> dict:
        return json.loads(self.body)


def send_raw(port: int, request: bytes) -> Reply:
    """Send bytes as they are and read the answer to its end."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection, method=request.split(b" ", 1)[0].decode("latin-1"))
        response.begin()
        body = response.read()
        headers = [(name.lower(), value) for name, value in response.getheaders()]
        return Reply(response.status, dict(headers), body, headers)


def send(port: int, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
    """Send a request with exactly these headers (plus the length of a body)."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return send_raw(port, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)


class Client:
    """A browser that came in through the one-use link."""

    def __init__(self, server: Server) -> None:
        self.port = server.port
        self.host = f"127.0.0.1:{server.port}"
        reply = send(self.port, "GET", path_of(server.open_url()), [("Host", self.host)])
        self.entry = reply
        self.cookie = reply.headers["set-cookie"].split(";")[0]

    def headers(self, **more: str) -> list[tuple[str, str]]:
        return [("Host", self.host), ("Cookie", self.cookie), *((k.replace("_", "-"), v) for k, v in more.items())]

    def get(self, target: str, **more: str) -> Reply:
        return send(self.port, "GET", target, self.headers(**more))

    def post(self, target: str, body: bytes = b"{}", **more: str) -> Reply:
        more = {"Content_Type": "application/json", **more}
        return send(self.port, "POST", target, self.headers(**more), body)


def path_of(url: str) -> str:
    """The target of a URL of the server."""
    return "/" + url.split("/", 3)[3]
