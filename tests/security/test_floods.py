"""Sizes and floods against the program itself: what is too much is refused or waits, and the page goes on (W9)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from tests.api.support import path_of, send
from tests.e2e.driver import ROOT, Running, eventually, serve
from tests.security.flooding import REFUSED, SILENT
from tests.security.support import python_env
from tests.support.proofs import Proved, Size
from tests.support.rollout import session

from tokendial.api.streams import MAX_STREAMS
from tokendial.store.database import IDLE_READERS

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's tables of processes")
LEDGER = ".sqlite3"
MEGABYTE = 1 << 20
MEMORY = 50 * MEGABYTE
# What each attack may hear, besides a connection that is closed or not answered yet.
ATTACKS: dict[str, set[str]] = {
    "bodies": {"413"},
    "strange_bodies": {"403"},
    "headers": {"431"},
    "addresses": {"414"},
    "slow_heads": set(),
    "slow_bodies": set(),
    "silence": set(),
    "streams": {"200", "503"},
    "requests": {"403"},
    "known_requests": {"200"},
}


class Target:
    """The program, its page's user, and what it costs."""

    def __init__(self, running: Running) -> None:
        self.pid = running.process.pid
        self.port = int(running.url.rsplit(":", 1)[1])
        host = ("Host", f"127.0.0.1:{self.port}")
        entry = send(self.port, "GET", path_of(running.link), [host])
        self.cookie = entry.headers["set-cookie"].split(";")[0]
        self._headers = [host, ("Cookie", self.cookie), ("Content-Type", "application/json")]

    def ask(self) -> float:
        """A request of the page is answered; in how many seconds."""
        begun = time.monotonic()
        reply = send(self.port, "POST", "/api/homes.list", self._headers, b"{}")
        assert (reply.status, set(reply.json)) == (200, {"homes"})
        return time.monotonic() - begun

    def has_read(self) -> bool:
        """Whether the first scan is over, and with it what only a start does."""
        reply = send(self.port, "POST", "/api/ingest.status", self._headers, b"{}")
        return reply.json["finished_at_ms"] is not None

    def figure(self, name: str) -> int:
        """A number of the process's status."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith(f"{name}:")).split()[1])

    def forget_peak(self) -> int:
        """Measure the highest use of memory anew; the present one in bytes."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self.figure("VmRSS") * 1024

    def peak(self) -> int:
        """The highest use of memory since, in bytes."""
        return self.figure("VmHWM") * 1024

    def held(self) -> tuple[int, int]:
        """Threads, and descriptors besides those of the ledger."""
        return self.figure("Threads"), sum(LEDGER not in opened for opened in self.opened())

    def connections(self) -> int:
        """Connections to the ledger: one to write, and those that are kept for looks.

        Each has the log open. The file itself may be open more often: SQLite keeps the descriptor of a connection that
        was closed, whose end would end the other connections' locks, for the next one.
        """
        return sum(opened.endswith(f"{LEDGER}-wal") for opened in self.opened())

    def opened(self) -> list[str]:
        """What each descriptor leads to."""
        found = []
        for descriptor in Path(f"/proc/{self.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed since it was listed
                found.append(str(descriptor.readlink()))
        return found


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("flood")
    session(3).write(folder / "codex")
    running = serve(folder, folder / "codex")
    made = Target(running)
    eventually(made.has_read, True)
    with ThreadPoolExecutor(8) as pool:  # side by side, for every thread that is begun when it is needed
        list(pool.map(lambda _: made.ask(), range(40)))
    yield made
    assert running.end() == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_w9_the_page_is_answered_during_each_flood(target: Target, attack: str, proved: Proved, size: Size) -> None:
    before, memory = target.held(), target.forget_peak()
    seconds = size(2, 20)
    command = [sys.executable, "-m", "tests.security.flooding", attack, str(target.port), target.cookie, str(seconds)]
    flood = subprocess.Popen(command, cwd=ROOT, env=python_env(), stdout=subprocess.PIPE, text=True)
    took: list[float] = []
    while flood.poll() is None:
        took.append(target.ask())
        time.sleep(0.02)
    told: dict[str, int] = json.loads(flood.communicate()[0])
    assert told and set(told) <= ATTACKS[attack] | {REFUSED, SILENT}, told
    assert told.get("200", 0) <= MAX_STREAMS or attack != "streams"
    assert took
    assert target.peak() - memory <= MEMORY, f"{(target.peak() - memory) / MEGABYTE:.0f} MB more"
    given_back(target, before)
    p95 = sorted(took)[int(len(took) * 0.95)] * 1000
    sys.stdout.write(f"{attack}: p95 of the page {p95:.1f} ms of {len(took)}, {told}\n")
    proved("W9", "attacks", 1)
    proved("W9", "hostile connections", sum(told.values()))
    proved("W9", "requests of the page answered meanwhile", len(took))


def given_back(target: Target, before: tuple[int, int]) -> None:
    """Threads and descriptors are no more than before, soon: a stream's end is noticed at its next sign of life.

    The ledger's are counted apart: how many looks meet is chance, how many connections are kept after them is not.
    """
    deadline = time.monotonic() + 20
    while any(now > then + 1 for now, then in zip(target.held(), before, strict=True)):
        assert time.monotonic() < deadline, (before, target.held(), target.opened())
        time.sleep(0.1)
    assert target.connections() <= IDLE_READERS + 1, target.opened()
