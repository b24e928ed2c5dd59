from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, send

from tokendial.api.assets import NOT_BUILT
from tokendial.api.events import Alert
from tokendial.api.native import ask_to_show
from tokendial.api.server import Server
from tokendial.api.streams import MAX_STREAMS
from tokendial.errors import NotFound, Unavailable


def test_the_link_leads_to_the_page(client: Client) -> None:
    assert client.entry.status == 302
    assert client.entry.headers["location"] == "/"
    page = client.get("/")
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<title>page</title>" in page.body


@pytest.mark.parametrize(
    ("path", "mime"),
    [("/assets/app.js", "text/javascript"), ("/assets/app.css", "text/css"), ("/index.html", "text/html")],
)
def test_files_have_the_type_of_our_table(client: Client, path: str, mime: str) -> None:
    reply = client.get(path)
    assert reply.status == 200
    assert reply.headers["content-type"] == f"{mime}; charset=utf-8"


def test_head_answers_without_a_body(client: Client) -> None:
    reply = send(client.port, "HEAD", "/", client.headers())
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_front_end_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with Server(FakeApplication(), static=tmp_path / "absent") as server:
        reply = Client(server).get("/")
    assert (reply.status, reply.body.decode()) == (503, NOT_BUILT)


def test_a_command_over_http(client: Client, application: FakeApplication) -> None:
    reply = client.post("/api/homes.remove", b'{"id": 7}')
    assert (reply.status, reply.json) == (200, {"homes": []})
    assert reply.headers["content-type"] == "application/json"
    assert application.calls[0][1].id == 7


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("homes.remove", b"{}", 400, "bad_request"),
        ("homes.remove", b"{", 400, "bad_request"),
        ("nothing.get", b"{}", 404, "not_found"),
        ("dashboard.get", b"{}", 500, "internal"),
        ("session.get", b'{"id": "x"}', 404, "not_found"),
    ],
)
def test_errors_have_the_one_shape(
    client: Client, application: FakeApplication, name: str, body: object, status: int, code: str
) -> None:
    application.answers = {"dashboard": RuntimeError("/home/me"), "session": NotFound("No such session.", id="x")}
    reply = client.post(f"/api/{name}", body)
    assert reply.status == status
    assert set(reply.json) == {"error"}
    assert set(reply.json["error"]) == {"code", "message", "details"}
    assert reply.json["error"]["code"] == code
    assert b"/home/me" not in reply.body
    assert b"Traceback" not in reply.body


def test_a_slow_command_does_not_hold_the_others_up(client: Client, application: FakeApplication) -> None:
    release = threading.Event()
    application.answers = {"diagnostics": lambda request: release.wait(10) and None}
    slow = threading.Thread(target=client.post, args=("/api/diagnostics.get",))
    slow.start()
    try:
        assert client.post("/api/homes.list").status == 200
    finally:
        release.set()
        slow.join()


def open_stream(client: Client) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=10)
    connection.request("GET", "/api/events", headers={"Cookie": client.cookie})
    response = connection.getresponse()
    return connection, response


def read_event(response: http.client.HTTPResponse) -> tuple[str, object]:
    name = ""
    for line in iter(response.readline, b""):
        if line.startswith(b"event: "):
            name = line[7:].decode().strip()
        if line.startswith(b"data: "):
            return name, json.loads(line[6:])
    raise AssertionError("the stream ended")


def test_events_arrive_in_order(client: Client, application: FakeApplication) -> None:
    connection, response = open_stream(client)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.readline() == b": open\n"
    application.hub.publish("alert", Alert("Limit", "80 %\nüsed"))
    application.hub.publish("usage-updated")
    plain = {"plain_title": "", "plain_message": ""}
    assert read_event(response) == ("alert", {"title": "Limit", "message": "80 %\nüsed", **plain})
    assert read_event(response) == ("usage-updated", {})
    connection.close()


def test_a_quiet_stream_is_kept_alive(client: Client) -> None:
    connection, response = open_stream(client)
    lines = [response.readline() for _ in range(6)]
    assert lines[::2] == [b": open\n", b": keep\n", b": keep\n"]
    connection.close()


def test_closing_the_server_ends_its_streams_and_frees_the_port(application: FakeApplication, static: Path) -> None:
    server = Server(application, static=static, keep_alive=60)
    server.start()
    _connection, response = open_stream(Client(server))
    response.readline()
    started = time.monotonic()
    server.close()
    assert response.read().strip() == b""
    assert time.monotonic() - started < 5
    wait_for(lambda: application.hub.subscribers == 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 1)
    server.close()


def test_a_page_that_left_is_noticed(client: Client, application: FakeApplication) -> None:
    connection, response = open_stream(client)
    response.readline()
    assert application.hub.subscribers == 1
    response.close()
    connection.close()
    wait_for(lambda: application.hub.subscribers == 0)


def test_streams_are_bounded(application: FakeApplication, static: Path) -> None:
    with Server(application, static=static, keep_alive=30) as server:
        client = Client(server)
        streams = [open_stream(client) for _ in range(MAX_STREAMS)]
        assert {response.status for _, response in streams} == {200}
        _, refused = open_stream(client)
        assert refused.status == 503
        assert json.loads(refused.read())["error"]["code"] == "unavailable"
        assert client.post("/api/homes.list").status == 200


def test_a_port_in_use_is_one_clear_sentence(server: Server, static: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unavailable, match=f"Port {server.port} on 127.0.0.1 cannot be used") as raised:
        Server(FakeApplication(), port=server.port, static=static)
    assert raised.value.details == {"port": server.port}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_unavailable(port: int) -> None:
    with pytest.raises(Unavailable):
        Server(FakeApplication(), port=port)


def test_a_chosen_port_is_used_and_can_be_used_again(application: FakeApplication, static: Path) -> None:
    with Server(application, static=static) as first:
        port = first.port
        assert Client(first).get("/").status == 200
    with Server(application, port=port, static=static) as again:
        assert again.port == port
        assert again.url == f"http://127.0.0.1:{port}/"


def test_another_start_can_have_the_window_shown(application: FakeApplication, static: Path) -> None:
    shown: list[str | None] = []
    with Server(application, static=static, native_secret="s", on_show=shown.append) as server:
        headers = [("Host", f"127.0.0.1:{server.port}")]
        assert send(server.port, "POST", "/api/native/show", [*headers, ("X-Tokendial-Secret", "no")]).status == 403
        assert shown == []
        assert send(server.port, "POST", "/api/native/show", [*headers, ("X-Tokendial-Secret", "s")]).status == 200
        assert ask_to_show(server.port, "s", "provider/a b")
        assert not ask_to_show(server.port, "s", "x" * 401)
    assert shown == [None, "provider/a b"]


def test_a_link_may_name_a_page(application: FakeApplication, static: Path) -> None:
    with Server(application, static=static) as server:
        for page, place in (("sessions", "/#/sessions"), ("a\r\nSet-Cookie: x", "/#/a%0D%0ASet-Cookie%3A%20x")):
            url = server.open_url(page).removeprefix(server.url.rstrip("/"))
            answer = send(server.port, "GET", url, [("Host", f"127.0.0.1:{server.port}")])
            assert (answer.status, answer.headers["location"]) == (302, place)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
