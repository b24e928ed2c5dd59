"""The secret of a run: nothing else opens a route, every refusal looks the same, and no route is left out."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, send
from tests.security.support import every_route, refused_as_everyone
from tests.support.proofs import Proved

from tokendial.api.commands import registry
from tokendial.api.gate import Gate
from tokendial.api.guard import OPEN_PATH, SHOW_PATH, Facts, Guard
from tokendial.api.pages import Pages
from tokendial.api.server import Server

Headers = list[tuple[str, str]]
# What is in the hands of somebody who was not let in: the right name of the cookie and its value are (name, value).
FORGERIES: dict[str, Callable[[str, str], Headers]] = {
    "missing": lambda name, value: [],
    "empty": lambda name, value: [("Cookie", f"{name}=")],
    "wrong": lambda name, value: [("Cookie", f"{name}={'A' * len(value)}")],
    "first half": lambda name, value: [("Cookie", f"{name}={value[: len(value) // 2]}")],
    "all but one": lambda name, value: [("Cookie", f"{name}={value[:-1]}")],
    "one more": lambda name, value: [("Cookie", f"{name}={value}A")],
    "other case": lambda name, value: [("Cookie", f"{name}={value.swapcase()}")],
    "reversed": lambda name, value: [("Cookie", f"{name}={value[::-1]}")],
    "other name": lambda name, value: [("Cookie", f"session={value}")],
    "other port's name": lambda name, value: [("Cookie", f"{name}0={value}")],
    "name in capitals": lambda name, value: [("Cookie", f"{name.upper()}={value}")],
    "value alone": lambda name, value: [("Cookie", value)],
    "name of the prefix kind": lambda name, value: [("Cookie", f"__Host-{name}={value}")],
    "encoded": lambda name, value: [("Cookie", f"{name}=" + "".join(f"%{ord(c):02x}" for c in value))],
    "bearer": lambda name, value: [("Authorization", f"Bearer {value}")],
    "basic": lambda name, value: [("Authorization", f"Basic {value}")],
    "other header": lambda name, value: [("X-Token", value), (name, value), ("X-Tokendial-Secret", value)],
    "surrogates": lambda name, value: [("Cookie", f"{name}=\xff\xfe{value}")],
    "many wrong ones": lambda name, value: [("Cookie", "; ".join(f"{name}={value[:n]}" for n in range(40)))],
    "blanks": lambda name, value: [("Cookie", f"{name}= x {value}")],
}


def unguarded(server: Server, headers: Headers, query: str = "") -> list[tuple[str, str]]:
    """The routes that somebody with these headers is not turned away from."""
    found = []
    for method, path in every_route(server):
        known = [("Host", f"127.0.0.1:{server.port}"), ("Content-Type", "application/json"), *headers]
        reply = send(server.port, method, path + query, known)
        if reply.status != 403 or not refused_as_everyone(reply):
            found.append((method, path))
    return found


@pytest.mark.parametrize("forgery", FORGERIES)
def test_w3_nothing_but_the_cookie_opens_a_route(
    server: Server, client: Client, application: FakeApplication, proved: Proved, forgery: str
) -> None:
    name, value = client.cookie.split("=", 1)
    assert unguarded(server, FORGERIES[forgery](name, value)) == []
    assert application.calls == []
    proved("W3", "forgeries", 1)
    proved("W3", "requests", len(every_route(server)))


def test_w3_no_command_is_left_out(
    server: Server, client: Client, application: FakeApplication, proved: Proved
) -> None:
    names = [command.name for command in registry]
    name, value = client.cookie.split("=", 1)
    for command, method in itertools.product(names, ("POST", "GET")):
        for forgery in ("missing", "wrong", "all but one"):
            headers = [("Host", client.host), ("Content-Type", "application/json"), *FORGERIES[forgery](name, value)]
            reply = send(server.port, method, f"/api/{command}", headers)
            assert (reply.status, refused_as_everyone(reply)) == (403, True), command
            proved("W3", "requests", 1)
    assert len(names) > 40
    assert application.calls == []


def test_w3_the_cookie_in_the_address_or_the_body_opens_nothing(
    server: Server, client: Client, application: FakeApplication, proved: Proved
) -> None:
    name, value = client.cookie.split("=", 1)
    for query in (f"?{name}={value}", f"?k={value}", f"?token={value}", f"?k={value}&{name}={value}"):
        assert unguarded(server, [], query) == []
        proved("W3", "forgeries", 1)
    body = json.dumps({name: value, "k": value}).encode()
    reply = send(server.port, "POST", "/api/homes.list", [("Host", client.host)], body)
    assert reply.status == 403
    assert application.calls == []


def test_w3_the_secret_of_another_run_or_another_program_opens_nothing(
    static: Path, application: FakeApplication, proved: Proved
) -> None:
    """An older run on the same port, another program that runs now, its nonce, and a nonce that was used."""
    with Server(application, static=static, native_secret="native") as old:
        before, port = Client(old), old.port
    with (
        Server(application, static=static, port=port, native_secret="other") as server,
        Server(application, static=static, native_secret="native") as neighbour,
    ):
        nonce = neighbour.open_url().split("=", 1)[1]
        name, mine = f"session-{port}", Client(server)
        foreign = Client(neighbour).cookie.split("=", 1)[1]
        used = server.open_url()
        assert send(port, "GET", "/" + used.split("/", 3)[3], [("Host", mine.host)]).status == 302
        attempts: list[tuple[Headers, str]] = [
            ([("Cookie", before.cookie)], ""),
            ([("Cookie", f"{name}={foreign}")], ""),
            ([("X-Tokendial-Secret", "native")], ""),
            ([], f"?k={nonce}"),
            ([], "?" + used.split("?")[1]),
            ([("Cookie", f"{name}={used.split('=', 1)[1]}")], ""),
        ]
        for headers, query in attempts:
            assert unguarded(server, headers, query) == []
            proved("W3", "forgeries", 1)
        assert mine.get("/").status == 200
    assert application.calls == []


def test_w3_every_refusal_is_the_same_to_the_byte(server: Server, client: Client, proved: Proved) -> None:
    """Nobody learns from one which routes, files or commands there are."""
    host = [("Host", client.host), ("Content-Type", "application/json")]
    seen: set[tuple[object, ...]] = set()
    paths = ["/", "/index.html", "/nothing", "/assets/app.js", "/api/homes.list", "/api/nothing", "/api/events"]
    for path in [*paths, "/api/native/show", "/api/download/x", OPEN_PATH, f"{OPEN_PATH}?k=x", "/favicon.ico"]:
        for method in ("GET", "POST", "PUT", "OPTIONS"):
            reply = send(server.port, method, path, host)
            seen.add((reply.status, reply.body, *sorted(item for item in reply.headers.items() if item[0] != "date")))
            proved("W3", "requests", 1)
    assert len(seen) == 1
    told = json.dumps([str(part) for part in seen.pop()]).lower()
    assert "404" not in told and "405" not in told


def test_w3_a_route_without_the_guard_is_found(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    """The enumeration of the URL map would notice one: the guard is made to forget each route in turn."""
    kept = Guard.refusal
    for path in sorted({path for _, path in every_route(server)}):
        forgets: Callable[[Guard, Facts], int | None] = lambda guard, facts, path=path: (  # noqa: E731
            None if facts.path == path and path != "/api/events" else kept(guard, facts)
        )
        monkeypatch.setattr(Guard, "refusal", forgets)
        if path != "/api/events":  # would never end
            assert {found for _, found in unguarded(server, [])} == {path}
            proved("W3", "routes", 1)


def test_w3_every_route_is_behind_the_one_check(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate asks the guard before it looks where a request leads: nothing is built for one that is refused."""
    assert type(server.app) is Gate
    monkeypatch.setattr(Gate, "commands", property(lambda _gate: pytest.fail("asked before the guard")))
    monkeypatch.setattr(Pages, "answer", lambda _pages, _request: pytest.fail("asked before the guard"))
    for method, path in [("GET", "/"), ("POST", "/api/homes.list"), ("GET", "/nothing"), ("POST", SHOW_PATH)]:
        assert refused_as_everyone(send(server.port, method, path, [("Host", f"127.0.0.1:{server.port}")]))


def test_w3_nothing_goes_past_the_one_check(server: Server) -> None:
    app = server.app.commands
    assert app.blueprints == {} and app.static_folder is None and not app.has_static_folder
    assert {path for _, path in every_route(server)} >= {"/", OPEN_PATH, SHOW_PATH}


SCANS = [
    b"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET /nmaplowercheck1 HTTP/1.1\r\nHost: evil.test\r\n\r\n",
    b"GET /.well-known/security.txt HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"POST /sdk HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n",
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03 client hello\r\n\r\n",
    b"GET /\r\n\r\n",
    b"\r\n\r\n",
    b"SSH-2.0-scan\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
]


@pytest.mark.parametrize("probe", SCANS)
def test_w5_a_scan_of_the_port_does_not_tell_what_listens(server: Server, proved: Proved, probe: bytes) -> None:
    host = f"127.0.0.1:{server.port}".encode()
    told = answer(server.port, probe.replace(b"{host}", host).replace(b"{port}", str(server.port).encode()))
    for word in (b"tokendial", b"python", b"werkzeug", b"flask", b"<title", b"set-cookie", b"server:", b"www-auth"):
        assert word not in told.lower()
    proved("W5", "probes", 1)


def answer(port: int, request: bytes) -> bytes:
    """All that comes back."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
