"""Where a request says it comes from and goes to, on every address over a real socket."""

from __future__ import annotations

import itertools

import pytest
from tests.api.support import Client, FakeApplication, send
from tests.security.support import every_route, refused_as_everyone
from tests.support.proofs import Proved

from tokendial.api.server import Server

HOSTILE_HOSTS = [
    "evil.test",
    "evil.test:{port}",
    "127.0.0.1",
    "localhost",
    "127.0.0.1:1",
    "localhost:80",
    "127.0.0.1:{port}0",
    "127.0.0.1:0{port}",
    "127.0.0.1.evil.test:{port}",
    "localhost.evil.test:{port}",
    "evil.test#127.0.0.1:{port}",
    "127.0.0.1:{port}@evil.test",
    "evil.test@127.0.0.1:{port}",
    "user:pass@127.0.0.1:{port}",
    "0.0.0.0:{port}",
    "[::1]:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "[::]:{port}",
    "127.1:{port}",
    "127.0.1:{port}",
    "2130706433:{port}",
    "0x7f.0.0.1:{port}",
    "0177.0.0.1:{port}",
    "127.0.0.2:{port}",
    "127.000.000.001:{port}",
    "LOCALHOST:{port}",
    "LocalHost:{port}",
    "localhost.:{port}",
    "127.0.0.1.:{port}",
    "127.0.0.1:{port},evil.test",
    "evil.test,127.0.0.1:{port}",
    "127.0.0.1:{port} evil.test",
    "127.0.0.1:{port}/",
    "http://127.0.0.1:{port}",
    "127.0.0.1 :{port}",
    "127.0.0.1:+{port}",
    "127.0.0.1:{port}\t.evil",
    "\xff\xfe",
    "127.0.0.1%00:{port}",
    "*",
    "*:{port}",
    ":{port}",
    "tokendial.local:{port}",
    "a" * 5000,
]


def test_the_url_map_is_what_this_file_thinks(server: Server) -> None:
    assert {path for _, path in every_route(server)} == {
        "/",
        "/_open",
        "/assets/app.js",
        "/api/homes.list",
        "/api/events",
        "/api/native/show",
        "/api/download/ticket",
        "/api/upload/ticket",
    }


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_w1_hostile_hosts_are_turned_away_everywhere(
    server: Server, client: Client, application: FakeApplication, proved: Proved, host: str
) -> None:
    name = host.format(port=server.port)
    for method, path in every_route(server):
        headers = [("Host", name), ("Cookie", client.cookie), ("X-Tokendial-Secret", "native")]
        reply = send(server.port, method, path, [*headers, ("Content-Type", "application/json")])
        assert reply.status in (400, 421), (method, path)
        assert refused_as_everyone(reply)
    assert application.calls == []
    proved("W1", "hosts", 1)
    proved("W1", "requests", len(every_route(server)))


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "   127.0.0.1:{port}"])
def test_w1_the_right_hosts_come_in(server: Server, client: Client, proved: Proved, host: str) -> None:
    """Blanks before a value do not belong to it (RFC 9110, 5.5)."""
    name = host.format(port=server.port)
    for method, path in every_route(server):
        if path not in ("/_open", "/api/native/show", "/api/events"):  # they want more than a cookie, or never end
            headers = [("Host", name), ("Cookie", client.cookie)]
            reply = send(server.port, method, path, [*headers, ("Content-Type", "application/json")])
            assert reply.status not in (400, 403, 421), (method, path)
    reply = send(server.port, "GET", "/", [("Host", name), ("Cookie", client.cookie)])
    assert reply.status == 200
    proved("W1", "right hosts", 1)


@pytest.mark.parametrize("form", ["missing", "empty", "doubled", "right then wrong", "wrong then right"])
def test_w1_missing_empty_and_doubled_hosts(server: Server, client: Client, proved: Proved, form: str) -> None:
    right, wrong = ("Host", client.host), ("Host", "evil.test")
    hosts = {
        "missing": [],
        "empty": [("Host", "")],
        "doubled": [right, right],
        "right then wrong": [right, wrong],
        "wrong then right": [wrong, right],
    }[form]
    for method, path in every_route(server):
        reply = send(server.port, method, path, [*hosts, ("Cookie", client.cookie)])
        assert reply.status == 400, (method, path)
        assert refused_as_everyone(reply)
    proved("W1", "hosts", 1)
    proved("W1", "requests", len(every_route(server)))


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_w1_no_other_header_speaks_for_the_host(
    server: Server, client: Client, application: FakeApplication, proved: Proved, header: str
) -> None:
    value = f"host={client.host}" if header == "Forwarded" else client.host
    for method, path in every_route(server):
        headers = [("Host", "evil.test"), (header, value), ("Cookie", client.cookie)]
        reply = send(server.port, method, path, [*headers, ("Content-Type", "application/json")])
        assert reply.status == 421, (method, path)
    assert application.calls == []
    proved("W1", "hosts", 1)
    proved("W1", "requests", len(every_route(server)))


@pytest.mark.parametrize(
    "target",
    [
        "http://{host}/",
        "http://evil.test/",
        "//{host}/",
        "//evil.test/",
        "https://{host}/",
        "*",
        "{host}",
        "file:///etc/passwd",
        "//[",
        "http://[/",
        "///",
        "\\",
    ],
)
def test_w1_targets_that_are_no_plain_path(server: Server, client: Client, proved: Proved, target: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        reply = send(server.port, method, target.format(host=client.host), client.headers())
        assert reply.status == 400
        assert refused_as_everyone(reply)
    proved("W1", "targets", 1)


SITES = [None, "same-origin", "none", "cross-site", "same-site", "", "garbage", "same-origin, cross-site"]
ORIGINS = [
    None,
    "http://{host}",
    "null",
    "http://evil.test",
    "https://{host}",
    "http://{host}.evil.test",
    "http://127.0.0.1",
    "\xff",
]


CONTENT_TYPES = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
REQUESTS = [
    ("GET", "/", None),
    ("HEAD", "/assets/app.js", None),
    *(("POST", "/api/homes.list", kind) for kind in CONTENT_TYPES),
]


def test_w2_only_our_own_page_passes_the_matrix(
    server: Server, client: Client, application: FakeApplication, proved: Proved
) -> None:
    tried = came_in = 0
    for site, origin, (method, path, kind) in itertools.product(SITES, ORIGINS, REQUESTS):
        headers = client.headers(**({"Content_Type": kind} if kind else {}))
        headers += [("Sec-Fetch-Site", site)] if site is not None else []
        headers += [("Origin", origin.format(host=client.host))] if origin is not None else []
        reply = send(server.port, method, path, headers)
        own = site in (None, "same-origin", "none") and origin in (None, "http://{host}")
        wanted = 403 if not own else 415 if method == "POST" and kind != "application/json" else 200
        assert reply.status == wanted, (site, origin, method, path, kind)
        came_in += method == "POST" and wanted == 200
        tried += 1
    assert len(application.calls) == came_in > 0
    proved("W2", "combinations of origin, site and content type", tried)


def test_w2_doubled_origin_and_site_headers(server: Server, client: Client, proved: Proved) -> None:
    for name, good, bad in (
        ("Origin", f"http://{client.host}", "http://evil.test"),
        ("Sec-Fetch-Site", "none", "cross-site"),
    ):
        for pair in ((good, bad), (bad, good), (good, good)):
            assert send(server.port, "GET", "/", [*client.headers(), *((name, value) for value in pair)]).status == 403
            proved("W2", "combinations of origin, site and content type", 1)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonx",
        "",
        "application/json-patch+json",
    ],
)
def test_w2_a_post_must_be_json(
    server: Server, client: Client, application: FakeApplication, content_type: str | None
) -> None:
    headers = client.headers() + ([("Content-Type", content_type)] if content_type is not None else [])
    assert send(server.port, "POST", "/api/homes.list", headers, b"{}").status == 415
    assert application.calls == []


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_w2_json_may_say_its_charset(client: Client, content_type: str | None) -> None:
    assert client.post("/api/homes.list", Content_Type=content_type).status == 200


def test_w2_a_preflight_gets_no_permission(server: Server) -> None:
    asked = [
        ("Origin", "http://evil.test"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Private-Network", "true"),
    ]
    reply = send(server.port, "OPTIONS", "/api/homes.list", [("Host", f"127.0.0.1:{server.port}"), *asked])
    assert reply.status == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]
