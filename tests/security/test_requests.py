"""Paths, bodies, methods and the headers of every answer, over a real socket."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, send, send_raw
from tests.security.support import HEADERS
from tests.support.proofs import Proved

from tokendial.api.assets import Assets
from tokendial.api.routes import MAX_BODY
from tokendial.api.server import Server

TRAVERSALS = [
    "/../outside.txt",
    "/assets/../../outside.txt",
    "/%2e%2e/outside.txt",
    "/%2e%2e%2foutside.txt",
    "/..%2foutside.txt",
    "/assets/..%2f..%2foutside.txt",
    "/..%5coutside.txt",
    "/%5c..%5coutside.txt",
    "/....//outside.txt",
    "/.%00./outside.txt",
    "/index.html%00.js",
    "/link.txt",
    "/notes.secret",
    "/assets",
    "/assets/",
    "/./index.html",
    "/assets/./app.js",
    "/assets/../index.html",
    "/assets//app.js",
    "/INDEX.HTML",
    "/index.html/",
    "/index.html.",
    "/C:/Windows/win.ini",
    "/C:%5cWindows%5cwin.ini",
    "/%5c%5cserver%5cshare",
    "/etc/passwd",
    "/%2fetc%2fpasswd",
    "/static/index.html",
    "/CON",
    "/aux.js",
    "/~root",
    "/.git/config",
    "/%ff%fe",
    "/%",
    "/%zz",
    "/" + "a" * 5000,
    "/" + "../" * 200 + "etc/passwd",
    "/index.html::$DATA",
    "/api/",
    "/api/../index.html",
    "/_open/",
    "/api/events/",
    "/api/homes.list/x",
    "/.",
    "/..",
    "/\\evil.test",
    "/%2f%2fevil.test",
    "/;/index.html",
    "/%2e%2e%5coutside.txt",
    "/..%c0%afoutside.txt",
    "/..%252foutside.txt",
    "/%2e%2e;/outside.txt",
    "/assets/..;/..;/outside.txt",
    "/\\\\server\\share\\x.js",
    "/D:/x.js",
    "/file:///etc/passwd",
    "/NUL.js",
    "/COM1",
    "/LPT1.txt",
    "/CONIN$",
    "/assets/app.js%20",
    "/assets/app.js.",
    "/assets/app.js%00",
    "/assets/APP.JS",
    "/assets/app%2ejs/..",
    "/assets%2fapp.js/",
    "/notes.secret%00.txt",
    "/proc/self/environ",
    "/instance.json",
    "/ledger.sqlite3",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_w7_no_path_leads_out_of_the_list_of_files(client: Client, proved: Proved, path: str) -> None:
    reply = client.get(path)
    assert reply.status in (400, 403, 404)
    assert "location" not in reply.headers
    assert b"outside" not in reply.body.replace(path.encode(), b"")
    assert reply.json["error"]["code"] in ("not_found", "refused")
    proved("W7", "paths", 1)


def test_w7_only_the_files_of_the_build_are_served(
    client: Client, server: Server, static: Path, proved: Proved
) -> None:
    """What comes into the folder later is not, whatever it is called."""
    for name in ("later.js", "assets/later.css", "assets/app.js.txt", "new/index.html"):
        (static / name).parent.mkdir(exist_ok=True)
        (static / name).write_text("later")
        reply = client.get(f"/{name}")
        assert (reply.status, b"later" in reply.body) == (404, False), name
        proved("W7", "paths", 1)
    served = {
        name for name in ("index.html", "assets/app.js", "assets/app.css") if client.get(f"/{name}").status == 200
    }
    assert served == set(Assets(static).names) - {"later.js", "assets/later.css", "assets/app.js.txt", "new/index.html"}


def test_w9_a_body_of_exactly_the_cap_is_read_and_one_more_byte_is_refused(
    client: Client, application: FakeApplication, proved: Proved
) -> None:
    filler = MAX_BODY - len(b'{"range":"today"}')
    assert client.post("/api/dashboard.get", b'{"range":"today"}' + b" " * filler).status == 200
    reply = client.post("/api/dashboard.get", b'{"range":"today"}' + b" " * (filler + 1))
    assert reply.status == 413
    assert set(reply.json) == {"error"}
    assert len(application.calls) == 1
    proved("W9", "oversized requests", 1)


@pytest.mark.parametrize("coding", ["chunked", "gzip, chunked", "identity", "chunked, chunked", "x"])
def test_w9_bodies_without_a_length_are_refused(
    server: Server, client: Client, application: FakeApplication, proved: Proved, coding: str
) -> None:
    head = [f"{k}: {v}" for k, v in client.headers(Content_Type="application/json", Transfer_Encoding=coding)]
    body = f"{MAX_BODY + 1:x}\r\n".encode() + b" " * (MAX_BODY + 1) + b"\r\n0\r\n\r\n"
    reply = send_raw(server.port, "\r\n".join(["POST /api/homes.list HTTP/1.1", *head, "", ""]).encode() + body)
    assert reply.status == 411
    assert set(reply.headers) >= HEADERS
    assert application.calls == []
    proved("W9", "oversized requests", 1)


def test_a_body_that_breaks_off_is_not_run(server: Server, client: Client, application: FakeApplication) -> None:
    head = [f"{k}: {v}" for k, v in client.headers(Content_Type="application/json", Content_Length="50")]
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall("\r\n".join(["POST /api/homes.list HTTP/1.1", *head, "", "{}"]).encode())
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.makefile("rb").readline()
    assert application.calls == []


BROKEN = [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n",
]


@pytest.mark.parametrize("request_bytes", BROKEN)
def test_w9_what_is_not_http_is_refused_in_the_same_shape(server: Server, proved: Proved, request_bytes: bytes) -> None:
    reply = send_raw(server.port, request_bytes)
    assert 400 <= reply.status < 506
    assert reply.status != 500
    assert set(reply.headers) >= HEADERS
    assert "server" not in reply.headers
    proved("W9", "broken requests", 1)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "GET"])
def test_other_methods_on_a_command(client: Client, server: Server, application: FakeApplication, method: str) -> None:
    reply = send(server.port, method, "/api/homes.list", client.headers(Content_Type="application/json"))
    assert reply.status in (404, 405)
    assert application.calls == []
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_nothing_of_the_process_leaks_into_an_error(client: Client, application: FakeApplication) -> None:
    application.answers = {"dashboard": FileNotFoundError(2, "No such file", "/home/me/.claude/secret.jsonl")}
    text = json.dumps(client.post("/api/dashboard.get").json)
    for word in ("/home", "Traceback", ".py", "FileNotFoundError", "secret"):
        assert word not in text
