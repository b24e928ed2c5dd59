"""Other users of the machine, who can connect to every port and see how every program was started."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.support import path_of, send
from tests.e2e.driver import Running, serve
from tests.security.support import refused_as_everyone
from tests.support.proofs import Proved
from tests.support.rollout import session

from tokendial.api.peer import owner_of
from tokendial.api.server import Server

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's tables of processes")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can start a program as another user"
)
NOBODY = 65_534
# The interpreter may lie where another user cannot start it: it becomes one once it has all it needs.
BECOME = f"""
import encodings.idna, glob, json, os, socket, sys
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
"""
TRY_FILES = """
read = []
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        path = os.path.join(folder, name)
        try:
            open(path, 'rb').read()
            read.append(path)
        except OSError:
            pass
print(json.dumps(read))
"""
TRY_PORT = """
answers = []
for request in json.loads(sys.argv[2]):
    with socket.create_connection(('127.0.0.1', int(sys.argv[1])), 10) as connection:
        connection.sendall(request.encode('latin-1'))
        connection.shutdown(socket.SHUT_WR)
        answers.append(b''.join(iter(lambda: connection.recv(65536), b'')).decode('latin-1'))
print(json.dumps(answers))
"""
SEE_PROCESSES = """
seen = {}
for kind in ('cmdline', 'environ'):
    for path in glob.glob('/proc/[0-9]*/' + kind):
        try:
            seen[path] = open(path, 'rb').read().decode('latin-1')
        except OSError:
            pass
print(json.dumps(seen))
"""


def as_nobody(script: str, *arguments: object) -> object:
    """What a script of the standard library prints as JSON when another user runs it."""
    command = [sys.executable, "-I", "-c", BECOME + script, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd="/", check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


class Open:
    """A program whose data lie below a folder that everybody may enter, as /tmp is."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir(mode=0o755)  # made by hand, and open to all
        session(3).write(folder / "codex")
        (folder / "bystander.txt").write_text("readable by all")
        (folder / "bystander.txt").chmod(0o644)
        self.running: Running = serve(folder, folder / "codex")
        self.link = self.running.link
        self.secret: str = json.loads((self.data / "instance.json").read_text())["secret"]

    @property
    def port(self) -> int:
        return int(self.link.split(":")[2].split("/")[0])


@pytest.fixture
def opened() -> Iterator[Open]:
    folder = Path(tempfile.mkdtemp(prefix="tokendial-open-"))
    folder.chmod(0o755)
    before = os.umask(0o022)
    made = Open(folder)
    try:
        yield made
    finally:
        os.umask(before)
        made.running.end()
        shutil.rmtree(folder)


def test_w6_every_file_of_ours_is_only_its_owner_s(opened: Open, proved: Proved) -> None:
    """Also where the folder was there before and lets others in."""
    found = [path for path in opened.data.rglob("*") if path.is_file()]
    assert {"instance.json"} < {path.name for path in found}
    assert any(path.suffix == ".sqlite3" for path in found)
    assert [path.name for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert opened.running.end() == 0
    assert not (opened.data / "instance.json").exists()
    proved("W6", "files", len(found))


@as_root
def test_w6_another_user_reads_no_file_and_no_secret_of_the_process(opened: Open, proved: Proved) -> None:
    read = as_nobody(TRY_FILES, opened.data)
    assert isinstance(read, list)
    assert read == []
    assert str(opened.folder / "bystander.txt") in str(as_nobody(TRY_FILES, opened.folder)), "the look would find one"
    seen = as_nobody(SEE_PROCESSES)
    assert isinstance(seen, dict)
    own = seen[f"/proc/{opened.running.process.pid}/cmdline"]
    assert "serve" in own, "the list of processes was seen"
    told = json.dumps(seen)
    for secret in (opened.secret, opened.link, opened.link.split("=", 1)[1]):
        assert secret not in told
    proved("W6", "looks of another user", 3)


@as_root
def test_w6_another_user_at_the_port_gets_nothing_even_with_a_link(opened: Open, proved: Proved) -> None:
    """The link is used by its owner afterwards: nobody used it up."""
    host = f"Host: 127.0.0.1:{opened.port}\r\n"
    link = path_of(opened.link)
    requests = [
        f"GET / HTTP/1.1\r\n{host}\r\n",
        f"GET /api/events HTTP/1.1\r\n{host}\r\n",
        f"POST /api/homes.list HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        f"POST /api/native/show HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n",
        f"GET /_open?k=guess HTTP/1.1\r\n{host}\r\n",
        f"GET {link} HTTP/1.1\r\n{host}\r\n",
    ]
    answers = as_nobody(TRY_PORT, opened.port, json.dumps(requests))
    assert isinstance(answers, list)
    for answer in answers:
        assert answer.startswith("HTTP/1.1 403 ")
        assert "set-cookie" not in answer.lower()
    mine = send(opened.port, "GET", link, [("Host", f"127.0.0.1:{opened.port}")])
    assert mine.status == 302
    cookie = mine.headers["set-cookie"].split(";")[0]
    proved("W6", "requests of another user", len(answers))
    # The same requests do work for who holds the secrets: the refusals above mean something.
    assert send(opened.port, "GET", "/", [("Host", f"127.0.0.1:{opened.port}"), ("Cookie", cookie)]).status == 200


def test_w6_the_system_says_whose_connection_it_is(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a link is refused, and not used up, for a connection that is another user's."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        assert owner_of(connection.getsockname()[1], server.port) == os.getuid()
    six = socket.socket(socket.AF_INET6)
    with six:
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            six.connect(("::ffff:127.0.0.1", server.port))
        except OSError:
            pytest.skip("no IPv6 on this machine")
        assert owner_of(six.getsockname()[1], server.port) == os.getuid()
    assert owner_of(1, server.port) is None
    host, link = [("Host", f"127.0.0.1:{server.port}")], path_of(server.open_url())
    monkeypatch.setattr("tokendial.api.peer.owner_of", lambda *_ports: 12_345)
    assert refused_as_everyone(send(server.port, "GET", link, host))
    monkeypatch.setattr("tokendial.api.peer.owner_of", lambda *_ports: None)
    assert send(server.port, "GET", link, host).status == 302
