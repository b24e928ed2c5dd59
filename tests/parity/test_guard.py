"""Extra test 30 of the survey, with real figures behind the server. The tables of cases are in `tests/security`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.support import Client, send
from tests.parity.logs import Log
from tests.services.support import program_of

from tokendial.api.server import Server

BODY = b'{"range":"alltime"}'
JSON = ("Content-Type", "application/json")


@pytest.fixture
def client(home: Path, data: Path, tmp_path: Path) -> Iterator[Client]:
    Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 987_554).save()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("<!doctype html><title>page</title>")
    with program_of(data, home) as program, Server(program, static=tmp_path / "static") as server:
        yield Client(server)


def test_30_w59_w60_only_our_own_page_gets_figures(client: Client) -> None:
    own, cookie = ("Host", client.host), ("Cookie", client.cookie)
    asked = {
        "own page": [own, cookie, JSON, ("Origin", f"http://{client.host}")],
        "foreign host": [("Host", "evil.example"), cookie, JSON],
        "foreign origin": [own, cookie, JSON, ("Origin", "http://evil.example")],
        "another site": [own, cookie, JSON, ("Sec-Fetch-Site", "cross-site")],
        "no secret": [own, JSON],
        "a form": [own, cookie, ("Content-Type", "text/plain")],
    }
    replies = {name: send(client.port, "POST", "/api/dashboard.get", given, BODY) for name, given in asked.items()}
    assert {name for name, reply in replies.items() if reply.status == 200} == {"own page"}
    assert {name for name, reply in replies.items() if b"987654" in reply.body} == {"own page"}


def test_30_w60_the_page_cannot_be_framed(client: Client) -> None:
    headers = client.get("/").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
