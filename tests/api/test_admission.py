"""Who is served when too many come: what has not been said costs no thread, and who names a secret goes first."""

from __future__ import annotations

import select
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.api.support import Client, FakeApplication

from tokendial.api import admission
from tokendial.api.admission import MAX_WAITING, Admission, Lane
from tokendial.api.arrival import ENOUGH, Arrival
from tokendial.api.guard import Guard
from tokendial.api.server import Server


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 10)


def post(client: Client, body: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in client.headers(Content_Type="application/json")]
    length = f"Content-Length: {len(body)}"
    return "\r\n".join(["POST /api/homes.list HTTP/1.1", *lines, length, "", ""]).encode() + body


def serving() -> int:
    """Threads that serve a connection."""
    return sum(thread.name == "http request" for thread in threading.enumerate())


def test_a_request_is_the_same_however_it_is_cut(client: Client, server: Server, application: FakeApplication) -> None:
    request = post(client, b"{     }")
    for cut in range(1, len(request), 3):
        with connect(server) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request[:cut])
            time.sleep(0.002)
            connection.sendall(request[cut:])
            assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n", cut
    assert len(application.calls) == len(range(1, len(request), 3))


@pytest.mark.parametrize("size", [ENOUGH - 500, ENOUGH, ENOUGH + 1, 100_000, 1_000_000])
def test_a_body_of_any_size_arrives_whole(client: Client, server: Server, size: int) -> None:
    request = post(client, b"{}" + b" " * size)
    with connect(server) as connection:
        for at in range(0, len(request), 60_000):
            connection.sendall(request[at : at + 60_000])
            time.sleep(0.002)
        assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def test_those_who_say_nothing_cost_no_thread_and_the_eldest_go(client: Client, server: Server) -> None:
    silent = [connect(server) for _ in range(MAX_WAITING + 20)]
    for connection in silent[:20]:
        assert connection.recv(1) == b""
        connection.close()
    assert serving() <= 1  # the one that let the client in may be ending
    assert client.post("/api/homes.list").status == 200
    silent[-1].sendall(post(client, b"{}"))
    assert silent[-1].makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    for connection in silent:
        connection.close()


def test_the_eldest_does_not_go_when_it_has_spoken_meanwhile() -> None:
    """What it says and those who come after it may be met in one turn, in any order."""
    answered: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0), backlog=2 * MAX_WAITING) as listener:
        door = Admission(listener, lambda arrival: answered.append(bytes(arrival.said)), lambda _said: True)
        with selectors.DefaultSelector() as selector:
            clients = [socket.create_connection(listener.getsockname(), 10)]
            door._accept(selector)
            clients[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
            clients += [socket.create_connection(listener.getsockname(), 10) for _ in range(MAX_WAITING + 1)]
            while clients[-1].getsockname() not in addresses(door):
                door._accept(selector)
            assert clients[0].recv(1) == b""  # served, and closed by who served it
            assert clients[1].recv(1) == b""
            assert answered == [b"GET / HTTP/1.1\r\n\r\n"]
            door.end()
            door.serve()
        for client in clients:
            client.close()


def addresses(door: Admission) -> set[tuple[str, int]]:
    """The addresses of those who wait."""
    return {arrival.address for arrival in door._waiting.values()}


def test_who_never_says_it_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE", 0.2)
    with connect(server) as silent, connect(server) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert (silent.recv(1), half.recv(1)) == (b"", b"")


def test_strangers_who_take_long_do_not_keep_the_page_waiting(client: Client, server: Server) -> None:
    """Each is refused, and the rest of its body is listened to for a while in one of the few threads for strangers."""
    head = f"POST / HTTP/1.1\r\nHost: {client.host}\r\nContent-Length: 1000000000\r\n\r\n".encode()
    strangers = [connect(server) for _ in range(60)]
    for connection in strangers:
        connection.sendall(head)
    answered, _, _ = select.select(strangers, [], [], 10)  # whoever was served first
    assert answered[0].makefile("rb").readline().split()[1] == b"403"
    for _ in range(10):
        assert client.post("/api/homes.list").status == 200
    assert serving() <= 8
    for connection in strangers:
        connection.close()


Pairs = Callable[[int], list[tuple[Arrival, socket.socket]]]


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    made: list[socket.socket] = []

    def make(count: int) -> list[tuple[Arrival, socket.socket]]:
        ends = [socket.socketpair() for _ in range(count)]
        made.extend(end for pair in ends for end in pair)
        return [(Arrival(ours, ("127.0.0.1", 1)), theirs) for ours, theirs in ends]

    yield make
    for end in made:
        end.close()


def test_a_lane_serves_some_keeps_some_and_refuses_the_rest(pairs: Pairs) -> None:
    lane, given = Lane(2, 3), [arrival for arrival, _ in pairs(6)]
    assert [lane.enter(arrival) for arrival in given] == [True, True, None, None, None, False]
    assert [lane.leave(given[0]), lane.leave(given[1])] == [given[2], given[3]]
    assert lane.leave(given[2]) is given[4]
    assert lane.leave(given[3]) is None
    assert lane.leave(given[4]) is None


def test_who_takes_long_makes_room_only_where_others_wait(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    lane, given = Lane(2, 3), pairs(3)
    (first, one), (second, two), (third, _) = given
    assert (lane.enter(first), lane.enter(second)) == (True, True)
    monkeypatch.setattr(admission, "SLOW", 0.0)
    time.sleep(0.01)
    lane.make_room()
    two.setblocking(False)
    one.setblocking(False)
    with pytest.raises(BlockingIOError):
        one.recv(1)
    assert lane.enter(third) is None
    lane.make_room()
    assert one.recv(1) == b""
    with pytest.raises(BlockingIOError):
        two.recv(1)


def test_secrets_of_this_run_are_recognised_and_others_are_not() -> None:
    guard = Guard(1, "native-secret")
    nonce = guard.new_nonce()
    for secret in (guard.cookie, nonce, "native-secret"):
        assert guard.recognises(f"GET /?k={secret} HTTP/1.1\r\n".encode())
    assert guard.redeem(nonce)
    for secret in (nonce, Guard(1).cookie, "", guard.cookie[:-1]):
        assert not guard.recognises(f"GET /?k={secret} HTTP/1.1\r\n".encode())
    assert not Guard(1).recognises(b"None")


def test_the_end_closes_all_that_wait(application: FakeApplication) -> None:
    with Server(application) as server:
        waiting = [connect(server) for _ in range(5)]
        time.sleep(0.3)
    for connection in waiting:
        assert connection.recv(1) == b""
        connection.close()
