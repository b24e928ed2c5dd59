"""What stands before the commands: pages are answered without them, and nothing that goes wrong there is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.support import Client, FakeApplication, send
from tests.security.support import python_env

from tokendial.api.server import Server

WINDOW = """
import sys
from pathlib import Path
from tests.api.support import Client, FakeApplication, Server
with Server(FakeApplication(), static=Path(sys.argv[1]), allow_eval=True) as server:
    client = Client(server)
    print([client.entry.status, *(client.get(path).status for path in ("/?window=1", "/assets/app.js"))])
    print([name for name in ("flask", "jinja2") if name in sys.modules])
    print(client.post("/api/homes.list").status, "flask" in sys.modules)
"""


def test_a_window_loads_its_page_without_flask(static: Path) -> None:
    command = [sys.executable, "-c", WINDOW, str(static)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=python_env())
    assert ran.stdout.splitlines() == ["[302, 200, 200]", "[]", "200 True"]


@pytest.mark.parametrize("path", ["/nothing", "/assets/", "/assets/app.js/", "/_open/", "/api"])
def test_what_is_no_page_is_not_found(client: Client, path: str) -> None:
    reply = client.get(path)
    assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_page_is_only_read(client: Client, method: str) -> None:
    assert send(client.port, method, "/", client.headers()).status in (404, 405)


def test_a_file_that_has_gone_is_a_fault_without_its_path(client: Client, static: Path) -> None:
    (static / "assets" / "app.js").unlink()
    reply = client.get("/assets/app.js")
    assert (reply.status, reply.json["error"]["code"]) == (500, "internal")
    assert str(static).encode() not in reply.body


def test_the_commands_are_made_once(client: Client, server: Server, application: FakeApplication) -> None:
    assert [client.post("/api/homes.list").status for _ in range(2)] == [200, 200]
    assert server.app.commands is server.app.commands
    assert len(application.calls) == 2
