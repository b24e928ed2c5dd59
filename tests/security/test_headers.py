"""The headers of every answer, whatever was asked and however it went wrong."""

from __future__ import annotations

import http.client
import socket
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, Reply, send, send_raw
from tests.security.support import HEADERS, every_route
from tests.support.proofs import Proved

from tokendial.api.guard import security_headers
from tokendial.api.routes import MAX_BODY
from tokendial.api.server import Server
from tokendial.services.transfers import Transfers

WANTED = {name.lower(): value for name, value in security_headers(allow_eval=False).items()}
TELLING = {"server", "x-powered-by", "via", "x-debug", "etag", "last-modified", "timing-allow-origin"}


def assert_kept(reply: Reply) -> None:
    """Every header once and as it must be, and none that permits or tells something."""
    assert {name: reply.headers.get(name) for name in HEADERS} == {name: WANTED[name] for name in HEADERS}
    assert len(reply.raw_headers) == len({name for name, _ in reply.raw_headers})
    assert not TELLING & set(reply.headers)
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_w8_the_values_are_the_strict_ones() -> None:
    assert set(WANTED) == HEADERS
    policy = dict(part.strip().split(" ", 1) for part in WANTED["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in WANTED["content-security-policy"] and "http" not in WANTED["content-security-policy"]
    assert WANTED["x-content-type-options"] == "nosniff"
    assert WANTED["x-frame-options"] == "DENY"
    assert WANTED["referrer-policy"] == "no-referrer"
    assert {"camera=()", "microphone=()"} < set(WANTED["permissions-policy"].split(", "))
    assert WANTED["cross-origin-resource-policy"] == WANTED["cross-origin-opener-policy"] == "same-origin"
    assert WANTED["cache-control"] == "no-store"


def test_w8_the_window_lacks_only_what_costs_it_a_second_renderer() -> None:
    """Nothing opens the window's page and it opens nothing (W12), so no other page shares its browsing context."""
    window = {name.lower() for name in security_headers(allow_eval=True)}
    assert set(WANTED) - window == {"cross-origin-opener-policy"} and window <= set(WANTED)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_w8_every_route_by_every_method_in_every_state(
    server: Server, client: Client, application: FakeApplication, proved: Proved, method: str
) -> None:
    """Let in, without a cookie, for another host, from another site, and while every command fails."""
    states = [
        client.headers(Content_Type="application/json"),
        client.headers(Content_Type="text/plain"),
        [("Host", client.host)],
        [("Host", "evil.test"), ("Cookie", client.cookie)],
        [],
        client.headers(Origin="http://evil.test"),
    ]
    seen = 0
    for path in sorted({path for _, path in every_route(server)} | {"/nothing", "/api/nothing"}):
        for headers in states:
            if path == "/api/events" and method == "GET" and headers in states[:2]:
                continue  # never ends; below
            assert_kept(send(server.port, method, path, headers))
            seen += 1
    proved("W8", "answers", seen)


def test_w8_events_files_errors_and_what_is_not_http(
    server: Server, client: Client, application: FakeApplication, proved: Proved, tmp_path: Path
) -> None:
    application.answers = {"dashboard": RuntimeError("x")}
    application.transfers = Transfers(tmp_path / "data")
    place = application.transfers.place("days.csv")
    place.write_text("day")
    replies = [
        client.entry,
        head_of(server.port, "/api/events", client.headers()),
        client.get(f"/api/download/{application.transfers.offer(place, 'days.csv')}"),
        client.post("/api/dashboard.get"),
        client.post("/api/homes.list", b"{"),
        client.post("/api/homes.list", b"[" * 100_000),
        client.post("/api/homes.list", b" " * (MAX_BODY + 1)),
        client.post("/api/upload/ticket", b"x", Content_Type="application/octet-stream"),
        send(server.port, "POST", "/api/native/show", [("Host", client.host), ("X-Tokendial-Secret", "native")]),
        send_raw(server.port, b"GARBAGE\r\n\r\n"),
        send_raw(server.port, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"),
        send_raw(server.port, b"GET / HTTP/9.9\r\n\r\n"),
    ]
    assert {reply.status for reply in replies} >= {200, 302, 400, 404, 413, 414, 500, 505}
    for reply in replies:
        assert_kept(reply)
    proved("W8", "answers", len(replies))


def head_of(port: int, path: str, headers: list[tuple[str, str]]) -> Reply:
    """The head of an answer that never ends."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        told = [(name.lower(), value) for name, value in response.getheaders()]
        return Reply(response.status, dict(told), b"", told)
