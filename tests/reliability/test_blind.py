"""The watcher is blind: a full scan finds what it does not see, and the user is told that files are polled (R9)."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.agents import AGENTS, AgentLog, CodexLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, clean_content, content, ledger_of
from tests.support.namespaces import apart, needs_namespaces
from tests.support.processes import finish, start
from tests.support.proofs import Proved, Size

from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService
from tokendial.services.ledger import Ledger

FILES = 20_000
PATIENCE = 60.0


class Followed:
    """The program in a process of its own, which says how it is."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, what: str = "how") -> tuple[int, str]:
        """How many responses are counted, and how it watches."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, self.process.stderr and self.process.stderr.read()
        counted, watching = json.loads(answer)
        return counted, watching

    def until(self, counted: int) -> float:
        """How long it takes until so many responses are counted. Fails after a minute."""
        began = time.monotonic()
        while (found := self.ask()[0]) != counted:
            assert time.monotonic() - began < PATIENCE, f"only {found} of {counted} were found"
            time.sleep(0.2)
        return time.monotonic() - began

    def end(self) -> None:
        assert finish(self.process) == (0, "")


def write_many(agent: type[AgentLog], home: Path, count: int) -> None:
    """Sessions of one response each."""
    for number in range(count):
        session_of(agent, 1, number, first=number).write(home)


def test_r9_stopped_while_twenty_thousand_files_appear(size: Size, proved: Proved, tmp_path: Path) -> None:
    """As a machine that sleeps: the system keeps what happened only for the first few thousand of them."""
    for agent in AGENTS[1 : size(2, 3)] + AGENTS[: size(0, 1)]:
        home, data = home_of(agent, tmp_path), tmp_path / agent.provider
        followed = Followed(start("follow", data, "=".join(map(str, home)), stdin=subprocess.PIPE))
        try:
            assert followed.ask() == (0, "watching")
            followed.process.send_signal(signal.SIGSTOP)
            write_many(agent, home[1], FILES)
            followed.process.send_signal(signal.SIGCONT)
            followed.until(FILES)
        finally:
            followed.process.send_signal(signal.SIGCONT)
            followed.end()
        with ledger_of(data, home) as ledger:
            assert ledger.scan().events_added == 0
            assert_sound(ledger)
            assert content(ledger) == clean_content(tmp_path / f"{agent.provider}-clean", home)
        proved("R9", "files that nobody watched", FILES)


@needs_namespaces
@every_agent
@pytest.mark.parametrize("limit", ["max_inotify_watches", "max_inotify_instances"])
def test_r9_a_system_that_gives_no_watch(limit: str, agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    place = "=".join(map(str, home))
    followed = Followed(apart("follow", data, place, before=f"echo 0 > /proc/sys/user/{limit}"))
    try:
        assert followed.ask() == (0, "polling")
        write_many(agent, home[1], 50)
        assert followed.ask("refresh") == (50, "polling")
    finally:
        followed.end()
    with ledger_of(data, home) as ledger:
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("R9", "systems without watches", 1)


@needs_namespaces
def test_r9_a_home_that_outgrows_the_watches_is_polled_from_then_on(proved: Proved, tmp_path: Path) -> None:
    """New folders are passed over without a word, so it is asked whether another watch could be had."""
    home, data = home_of(CodexLog, tmp_path), tmp_path / "data"
    followed = Followed(apart("follow", data, home[1], before="echo 8 > /proc/sys/user/max_inotify_watches"))
    try:
        assert followed.ask() == (0, "watching")
        write_many(CodexLog, home[1], 400)  # of seventeen days, each in a folder of its own
        followed.until(400)
        assert followed.ask() == (400, "polling")
    finally:
        followed.end()
    with ledger_of(data, home) as ledger:
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("R9", "homes that outgrow the watches", 1)


def following(ledger: Ledger, scans: list[bool] | None = None) -> IngestService:
    """A service over a ledger; `scans` hears of each scan whether it was a full one."""

    def scan(progress: Callable[[ScanReport], None], only: set[str] | None) -> ScanReport:
        report = ledger.scan(progress, only)
        if scans is not None:
            scans.append(only is None)
        return report

    return IngestService(ledger.read_homes, scan, lambda: None, lambda _report: None)


def test_r9_events_that_the_system_dropped_are_made_up_for(proved: Proved, tmp_path: Path) -> None:
    """watchdog tells it in its log alone; a scan of everything follows, once for many losses."""
    home, scans = home_of(AGENTS[0], tmp_path), list[bool]()
    with ledger_of(tmp_path / "data", home) as ledger:
        running = following(ledger, scans)
        running.start()
        try:
            running.request(wait=True)
            before = list(scans)
            for _ in range(5):
                logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed")
            until = time.monotonic() + PATIENCE
            while len(scans) == len(before):
                assert time.monotonic() < until
                time.sleep(0.02)
            time.sleep(0.5)
            assert scans == [*before, True]
        finally:
            running.stop()
    assert logging.getLogger("watchdog").handlers == []
    proved("R9", "overflows", 1)
