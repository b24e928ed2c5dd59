"""Files over HTTP: fetched and handed over once, behind the guard, and never half."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, send, send_raw
from tests.security.support import HEADERS

from tokendial.api.routes import MAX_BODY
from tokendial.api.server import Server
from tokendial.errors import BadRequest, CannotWrite, NotFound
from tokendial.services import transfers as module
from tokendial.services.transfers import MAX_UPLOAD, Transfers

BYTES = {"Content_Type": "application/octet-stream"}


@pytest.fixture
def transfers(application: FakeApplication, tmp_path: Path) -> Iterator[Transfers]:
    application.transfers = Transfers(tmp_path / "data")
    (tmp_path / "data").mkdir()
    yield application.transfers
    application.transfers.close()
    assert list((tmp_path / "data").iterdir()) == []


@pytest.fixture
def client(transfers: Transfers, server: Server) -> Client:
    """The server takes the transfers when it is built."""
    return Client(server)


def offered(transfers: Transfers, data: bytes, name: str = "a.csv") -> str:
    path = transfers.place(name)
    path.write_bytes(data)
    return f"/api/download/{transfers.offer(path, name)}"


def test_a_file_is_given_once_with_its_name_and_then_removed(
    client: Client, transfers: Transfers, tmp_path: Path
) -> None:
    data = b"x" * 1_000_000
    address = offered(transfers, data, "tokendial-days.csv")
    reply = client.get(address)
    assert (reply.status, reply.body) == (200, data)
    assert reply.headers["content-disposition"] == "attachment; filename=tokendial-days.csv"
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-length"] == "1000000"
    assert set(reply.headers) >= HEADERS
    assert reply.headers["cache-control"] == "no-store"
    assert client.get(address).status == 404
    wait_for(lambda: not [path for path in (tmp_path / "data").rglob("*") if path.is_file()])


def wait_for(condition: Callable[[], bool]) -> None:
    """What a server does after its answer is done soon, not at once."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("name", ['a";x="b.csv', "ünï.csv", "a\r\nSet-Cookie: x=1.csv", "../../etc/passwd", "a b.json"])
def test_no_name_breaks_the_header_or_leaves_the_folder(
    name: str, client: Client, transfers: Transfers, tmp_path: Path
) -> None:
    path = transfers.place(name)
    assert path.resolve().is_relative_to((tmp_path / "data" / "transfer").resolve())
    path.write_bytes(b"x")
    reply = client.get(f"/api/download/{transfers.offer(path, path.name)}")
    assert reply.status == 200
    assert reply.headers["content-disposition"].startswith("attachment; filename")
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_only_a_get_uses_the_ticket_up(method: str, client: Client, server: Server, transfers: Transfers) -> None:
    address = offered(transfers, b"x")
    assert send(server.port, method, address, client.headers()).status in (404, 405, 415)
    assert client.get(address).status == 200


@pytest.mark.parametrize("ticket", ["", "x", "..", "%2e%2e%2fledger.sqlite3", "a" * 5000, "%00"])
def test_unknown_tickets(ticket: str, client: Client) -> None:
    assert client.get(f"/api/download/{ticket}").status in (400, 404)
    assert client.post(f"/api/upload/{ticket}", b"x", **BYTES).status in (400, 404, 405, 415)


def test_strangers_get_nothing_and_use_nothing_up(client: Client, server: Server, transfers: Transfers) -> None:
    address = offered(transfers, b"secret")
    upload = f"/api/upload/{transfers.expect('b', 1)}"
    host = [("Host", client.host)]
    for headers in (
        host,
        [("Host", "evil.test"), ("Cookie", client.cookie)],
        [*client.headers(), ("Origin", "http://evil.test")],
        [*client.headers(), ("Sec-Fetch-Site", "cross-site")],
    ):
        reply = send(server.port, "GET", address, headers)
        assert reply.status in (403, 421) and b"secret" not in reply.body
        with_type = [*headers, ("Content-Type", "application/octet-stream")]
        assert send(server.port, "POST", upload, with_type, b"x").status in (403, 421)
    assert client.get(address).body == b"secret"
    assert client.post(upload, b"x", **BYTES).status == 200


def test_an_upload_above_the_usual_cap_arrives_whole(client: Client, transfers: Transfers) -> None:
    data = bytes(range(256)) * (MAX_BODY // 256 * 3)
    ticket = transfers.expect("mine.sqlite3", len(data))
    assert client.post(f"/api/upload/{ticket}", data, **BYTES).json == {}
    assert client.post(f"/api/upload/{ticket}", b"again", **BYTES).status == 404
    path = transfers.uploaded(ticket)
    assert (path.read_bytes(), path.name) == (data, "mine.sqlite3")
    with pytest.raises(NotFound):
        transfers.uploaded(ticket)


def test_the_cap_of_commands_is_as_it_was(client: Client) -> None:
    assert client.post("/api/homes.list", b" " * (MAX_BODY + 1)).status == 413


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_form_of_another_page_cannot_upload(kind: str, client: Client, transfers: Transfers) -> None:
    ticket = transfers.expect("b", 1)
    assert client.post(f"/api/upload/{ticket}", b"x", Content_Type=kind).status == 415


def test_what_breaks_off_is_not_kept(client: Client, server: Server, transfers: Transfers, tmp_path: Path) -> None:
    ticket = transfers.expect("b.sqlite3", 50)
    lines = [f"{k}: {v}" for k, v in client.headers(**BYTES, Content_Length="50")]
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall("\r\n".join([f"POST /api/upload/{ticket} HTTP/1.1", *lines, "", "half"]).encode())
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.makefile("rb").readline()
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []
    with pytest.raises(NotFound):
        transfers.uploaded(ticket)


@pytest.mark.parametrize("coding", ["chunked", "gzip, chunked"])
def test_an_upload_without_a_length_is_refused(
    coding: str, client: Client, server: Server, transfers: Transfers
) -> None:
    ticket = transfers.expect("b.sqlite3", 5)
    head = [f"{k}: {v}" for k, v in client.headers(**BYTES, Transfer_Encoding=coding)]
    request = "\r\n".join([f"POST /api/upload/{ticket} HTTP/1.1", *head, "", ""]).encode() + b"5\r\nhello\r\n0\r\n\r\n"
    assert send_raw(server.port, request).status == 411


def test_absurd_and_impossible_sizes_are_refused_before_a_byte_is_sent(
    transfers: Transfers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (-1, MAX_UPLOAD + 1):
        with pytest.raises(BadRequest):
            transfers.expect("b", size)
    monkeypatch.setattr(module, "MAX_UPLOAD", 1 << 60)
    with pytest.raises(CannotWrite, match="room"):
        transfers.expect("b", 1 << 50)


def test_a_length_above_the_cap_is_refused(client: Client, server: Server, transfers: Transfers) -> None:
    ticket = transfers.expect("b.sqlite3", 5)
    head = [f"{k}: {v}" for k, v in client.headers(**BYTES, Content_Length=str(MAX_UPLOAD + 1))]
    request = "\r\n".join([f"POST /api/upload/{ticket} HTTP/1.1", *head, "", ""]).encode()
    assert send_raw(server.port, request).status == 413


def test_files_that_wait_are_bounded_and_gone_at_the_end(transfers: Transfers, client: Client, tmp_path: Path) -> None:
    addresses = [offered(transfers, b"x") for _ in range(20)]
    assert [client.get(address).status for address in addresses[:12]] == [404] * 12
    assert client.get(addresses[-1]).status == 200
    for number in range(20):
        transfers.expect(f"{number}", 1)
    assert len(list((tmp_path / "data" / "transfer").iterdir())) <= 16


def test_what_a_killed_program_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    first = Transfers(tmp_path)
    first.place("half.sqlite3").write_bytes(b"half")
    Transfers(tmp_path)
    assert list(tmp_path.iterdir()) == []
