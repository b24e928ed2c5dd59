"""Every way in which the other side can fail becomes one failure in words; nothing is followed, nothing is repeated."""

from __future__ import annotations

import logging
import socket
import sys
import time
from email.utils import formatdate

import pytest
from tests.live.conftest import TOKEN
from tests.live.played import Played, Stage

from tokendial.domain.secret import Secret
from tokendial.live.line import MAX_BYTES, HttpLine
from tokendial.providers.live import Call, LiveFailure


def ask(server: Stage, line: HttpLine | None = None) -> bytes:
    """One request with a secret."""
    call = Call("GET", f"{server.url}/limits", {"Authorization": Secret(f"Bearer {TOKEN}")})
    return (line or HttpLine(seconds=2)).call(call)


def test_an_answer_arrives_and_the_secret_was_sent(server: Stage) -> None:
    server.play(Played(body=b'{"a": 1}'))
    assert ask(server) == b'{"a": 1}'
    (request,) = server.requests
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"].startswith("tokendial/")
    assert "cookie" not in request.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "server"), (401, "refused"), (403, "forbidden"), (404, "not_found"), (429, "throttled"), (500, "server")],
)
def test_a_status_is_a_failure_in_words(server: Stage, status: int, kind: str) -> None:
    server.play(Played(status, b"a body that is not repeated"))
    with pytest.raises(LiveFailure) as caught:
        ask(server)
    assert (caught.value.kind, caught.value.retry_after_ms) == (kind, None)
    assert "body" not in caught.value.message
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("17", 17_000, 17_000),
        ("0", 0, 0),
        ("in 90 s", 80_000, 91_000),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
        ("99999999999", 86_400_000, 86_400_000),
    ],
)
def test_retry_after_is_seconds_or_a_date(server: Stage, value: str, low: int, high: int) -> None:
    value = formatdate(time.time() + 90, usegmt=True) if value == "in 90 s" else value
    server.play(Played(429, headers={"Retry-After": value}))
    with pytest.raises(LiveFailure) as caught:
        ask(server)
    assert caught.value.retry_after_ms is not None
    assert low <= caught.value.retry_after_ms <= high


@pytest.mark.parametrize("value", ["soon", "-5", "", "1e9", "²"])
def test_a_retry_after_that_makes_no_sense_is_none(server: Stage, value: str) -> None:
    server.play(Played(429, headers={"Retry-After": value}))
    with pytest.raises(LiveFailure) as caught:
        ask(server)
    assert caught.value.retry_after_ms is None


def test_a_redirect_is_not_followed(server: Stage) -> None:
    server.play(Played(302, headers={"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(LiveFailure, match="302"):
        ask(server)
    assert [one.path for one in server.requests] == ["/limits"]


def test_silence_is_a_timeout(server: Stage) -> None:
    server.play(Played(pause=2))
    with pytest.raises(LiveFailure) as caught:
        ask(server, HttpLine(seconds=0.3))
    assert caught.value.kind == "timeout"


def test_a_cut_connection_is_offline(server: Stage) -> None:
    server.play(Played(body=b"x" * 4_000, cut=True))
    with pytest.raises(LiveFailure) as caught:
        ask(server)
    assert caught.value.kind == "offline"


def test_nobody_there_is_offline() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(LiveFailure) as caught:
        HttpLine(seconds=2).call(Call("GET", f"http://127.0.0.1:{port}/", {}))
    assert caught.value.kind == "offline"


def test_an_endless_answer_is_given_up(server: Stage) -> None:
    server.play(Played(body=b"x" * (MAX_BYTES + 1)))
    with pytest.raises(LiveFailure, match="too long"):
        ask(server)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "ftp://127.0.0.1/", "file:///etc/hosts", "http://127.0.0.1.nip.io/"]
)
def test_only_https_or_this_machine_is_asked(url: str) -> None:
    with pytest.raises(LiveFailure, match="address"):
        HttpLine().call(Call("GET", url, {}))


def test_a_clock_that_is_off_is_noticed(server: Stage) -> None:
    server.play(Played(headers={"Date": formatdate(time.time() - 7_200, usegmt=True)}))
    line = HttpLine(seconds=2)
    ask(server, line)
    assert 7_190_000 < line.clock_offset_ms < 7_210_000
    server.play(Played(headers={"Date": formatdate(time.time() - 30, usegmt=True)}))
    ask(server, line)
    assert line.clock_offset_ms == 0


def test_no_log_line_holds_the_secret(server: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(server)
    server.play(Played(cut=True, body=b"1234"))
    with pytest.raises(LiveFailure):
        ask(server)
    assert TOKEN not in caplog.text


def test_a_program_of_the_system_is_run() -> None:
    line = HttpLine()
    assert line.run([sys.executable, "-c", "print('found')"], "a test") == b"found\n"
    assert line.run([sys.executable, "-c", "raise SystemExit(3)"], "a test") is None
    assert line.run(["/there/is/no/such/program"], "a test") is None
