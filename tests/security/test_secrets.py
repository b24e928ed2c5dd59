"""The one-use link, the cookie and what a stranger learns, on every address over a real socket."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, path_of, send
from tests.security.support import every_route, python_env, refused_as_everyone

from tokendial.api.server import Server


def test_every_rule_is_closed_without_its_secret(server: Server) -> None:
    for method, path in every_route(server):
        reply = send(
            server.port, method, path, [("Host", f"127.0.0.1:{server.port}"), ("Content-Type", "application/json")]
        )
        assert reply.status == 403, (method, path)
        assert refused_as_everyone(reply), (method, path)


def wrong_cookies(client: Client) -> list[str]:
    name, value = client.cookie.split("=", 1)
    return [
        "",
        name,
        f"{name}=",
        f"{name}={value[:-1]}",
        f"{name}={value}x",
        f"{name}={value.swapcase()}",
        f"{name}=x; other={value}",
        f"session={value}",
        f"{name}x={value}",
        f"{name}=\xff",
        f"{name}={'a' * 4000}",
        value,
        f"{name}=null",
        f'{name}="{value}x"',
    ]


def test_wrong_cookies(server: Server, client: Client, application: FakeApplication) -> None:
    for cookie, (method, path) in itertools.product(wrong_cookies(client), every_route(server)):
        headers = [
            ("Host", client.host),
            ("Content-Type", "application/json"),
            *([("Cookie", cookie)] if cookie else []),
        ]
        reply = send(server.port, method, path, headers)
        assert reply.status == 403, (cookie, method, path)
        assert refused_as_everyone(reply)
    assert application.calls == []


def test_the_secret_counts_only_as_a_cookie(server: Server, client: Client) -> None:
    name, value = client.cookie.split("=", 1)
    host = [("Host", client.host)]
    for target in (f"/?{name}={value}", f"/?k={value}", f"/_open?k={value}", f"/?token={value}"):
        assert send(server.port, "GET", target, host).status == 403
    for header in ("Authorization", "X-Tokendial-Secret", "X-Session", name):
        assert send(server.port, "GET", "/", [*host, (header, value)]).status == 403


def test_the_cookie_of_another_run_is_worth_nothing(server: Server, static: Path) -> None:
    with Server(FakeApplication(), static=static) as other:
        value = Client(other).cookie.split("=", 1)[1]
    assert (
        send(
            server.port,
            "GET",
            "/",
            [("Host", f"127.0.0.1:{server.port}"), ("Cookie", f"session-{server.port}={value}")],
        ).status
        == 403
    )


def test_the_link_works_once_and_its_cookie_is_hidden_from_scripts(server: Server) -> None:
    link, host = path_of(server.open_url()), [("Host", f"127.0.0.1:{server.port}")]
    first, second = send(server.port, "GET", link, host), send(server.port, "GET", link, host)
    assert (first.status, second.status) == (302, 403)
    assert "set-cookie" not in second.headers
    attributes = {part.strip() for part in first.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"HttpOnly", "Path=/", "SameSite=Strict"}


@pytest.mark.parametrize(
    "query", ["", "?k=", "?k=x", "?K={nonce}", "?k=x&k={nonce}", "?k={nonce}x", "?k=%00{nonce}", "?k=%ff"]
)
def test_wrong_links(server: Server, query: str) -> None:
    nonce = server.open_url().split("k=")[1]
    reply = send(server.port, "GET", "/_open" + query.format(nonce=nonce), [("Host", f"127.0.0.1:{server.port}")])
    assert reply.status == 403


def test_each_call_gives_a_fresh_link(server: Server) -> None:
    host = [("Host", f"127.0.0.1:{server.port}")]
    links = [path_of(server.open_url()) for _ in range(3)]
    assert [send(server.port, "GET", link, host).status for link in links] == [302, 302, 302]


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/index.html", "/api/events", "/favicon.ico"])
def test_a_stranger_cannot_tell_what_exists(server: Server, path: str) -> None:
    known = send(server.port, "GET", "/", [("Host", f"127.0.0.1:{server.port}")])
    reply = send(server.port, "GET", path, [("Host", f"127.0.0.1:{server.port}")])
    assert (reply.status, reply.body) == (known.status, known.body)
    assert {name for name, _ in reply.raw_headers} == {name for name, _ in known.raw_headers}
    assert "server" not in reply.headers


def test_the_server_logs_no_secret(static: Path) -> None:
    script = (
        "import sys, logging; logging.basicConfig(level=logging.DEBUG)\n"
        "from pathlib import Path; from tests.api.support import *\n"
        "with Server(FakeApplication(), static=Path(sys.argv[1])) as s:\n"
        "    c = Client(s); c.get('/?k=canary'); c.post('/api/homes.list')\n"
        "    send(s.port, 'GET', '/_open?k=canary', [('Host', c.host)])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(static)], capture_output=True, text=True, check=True, env=python_env()
    )
    assert "canary" not in ran.stderr + ran.stdout
