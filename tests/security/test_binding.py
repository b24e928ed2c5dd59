"""Where the program listens, by the system's own list of sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.driver import Running, environment, serve
from tests.support.proofs import Proved
from tests.support.rollout import session

LISTEN = "0A"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    session(3).write(tmp_path / "codex")
    started = serve(tmp_path, tmp_path / "codex")
    yield started
    assert started.end() == 0


def sockets_of(pid: int) -> set[str]:
    """The inodes of a process's sockets."""
    links = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(handle.readlink()))
        except OSError:
            continue
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}


def bound(pid: int) -> list[tuple[str, str]]:
    """Table and local address of everything that a process can be reached at: listening TCP, and every UDP socket."""
    mine, found = sockets_of(pid), []
    for name in ("tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6"):
        table = Path("/proc/net", name)
        for row in table.read_text().splitlines()[1:] if table.exists() else []:
            columns = row.split()
            if columns[9] in mine and (columns[3] == LISTEN or not name.startswith("tcp")):
                found.append((name, columns[1]))
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's socket tables")
def test_w10_one_socket_listens_and_only_on_127_0_0_1(running: Running, proved: Proved) -> None:
    port = int(running.url.rsplit(":", 1)[1])
    pid = running.process.pid
    assert bound(pid) == [("tcp", f"0100007F:{port:04X}")]
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert [address for _, address in bound(os.getpid()) if address.startswith("00000000:")] != [], (
            "it would be seen"
        )
    proved("W10", "listening programs", 1)


def test_w10_no_other_address_of_the_machine_answers(running: Running, proved: Proved) -> None:
    port = int(running.url.rsplit(":", 1)[1])
    others = {"127.0.0.2", "::1", *own_addresses()} - {"127.0.0.1"}
    for address in sorted(others):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.settimeout(2)
            with pytest.raises(OSError):
                probe.connect((address, port))
    proved("W10", "other addresses", len(others))


def own_addresses() -> list[str]:
    """The machine's addresses, without asking anybody: a datagram socket only looks up its way."""
    found = []
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
            except OSError:
                continue
            found.append(str(probe.getsockname()[0]))
    return found


@pytest.mark.parametrize("option", ["--host", "--bind", "--address", "--listen", "--public"])
def test_w10_there_is_no_way_to_ask_for_another_address(tmp_path: Path, proved: Proved, option: str) -> None:
    command = [sys.executable, "-m", "tokendial", "serve", "--no-open", option, "0.0.0.0"]
    ran = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2, ran.stdout
    assert "No such option" in ran.stderr
    proved("W10", "options refused", 1)
