"""Killed at any moment, the ledger is exactly before or exactly after a commit (R1, R2); and two at once are one."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.agents import AgentLog, CodexLog, every_agent, home_of, session_of
from tests.support.forks import Forks
from tests.support.ledgers import Content, assert_sound, clean_content, content, counted, ledger_of, rows, scan_once
from tests.support.processes import finish, start
from tests.support.proofs import Proved, Size
from tests.support.rollout import START_MS, Rollout, session, usage

STEPS = ["before", "rows", "rollup", "cursor", "settled", "committed"]
Home = tuple[str, Path]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork and are killed")


def much(home: Path, files: int, responses: int = 40) -> None:
    """A home with forks among its sessions."""
    parent = session(3)
    parent.write(home)
    for number in range(1, files):
        start_ms = START_MS + number * 3_600_000
        rollout = session(responses, start_ms, number, first=number * 1000)
        if number % 4 == 0:
            rollout = Rollout(start_ms, number).meta(forked_from_id=parent.thread).turn()
            rollout.copy(parent, [line for line in parent.lines if b"token_count" in line])
            for response in range(responses):
                rollout.count(usage(number * 1000 + response))
        rollout.raw(b"bad line").write(home)


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Everything loaded once; a probe is a fork of it."""
    with Forks() as opened:
        yield opened


def place(home: Home) -> str:
    """The home as a probe is told it."""
    return "=".join(map(str, home))


def sessions(agent: type[AgentLog], home: Path, files: int, responses: int) -> None:
    """A home with lines that are refused, and a copy of a session in another place."""
    for number in range(files):
        log = session_of(agent, responses, number, first=number * 1000)
        log.raw(b'{"bad line')
        log.write(home)
        if number == files // 2:
            log.write(home, elsewhere=True)


def fill(agent: type[AgentLog], home: Path, files: int, responses: int = 40) -> None:
    """Much for Codex has forks too."""
    if agent is CodexLog:
        much(home, files, responses)
    else:
        sessions(agent, home, files, responses)


@every_agent
def test_r1_killed_at_random_moments_then_finished(
    agent: type[AgentLog], forks: Forks, size: Size, proved: Proved, tmp_path: Path
) -> None:
    home = home_of(agent, tmp_path)
    fill(agent, home[1], 40, 20)
    wanted = clean_content(tmp_path / "clean", home)
    chance, killed, partial, kills = random.Random(), 0, 0, size(34, 334)
    for kill in range(kills):
        data = tmp_path / f"data-{kill // 5}"  # five kills in a row for each ledger
        probe = forks.start("scan_aloud", data, place(home))
        for _ in range(chance.randrange(25)):
            probe.line()
        time.sleep(chance.random() * 0.006)  # about as long as a step takes
        killed += probe.kill() == -signal.SIGKILL
        with ledger_of(data, home) as ledger:
            assert ledger.notice is None
            assert_sound(ledger)
            partial += 0 < counted(ledger) < len(wanted.events)
    assert killed == kills
    assert partial >= kills * 0.6
    for number in range(kills // 5):
        assert scan_once(tmp_path / f"data-{number}", home) == wanted
    proved("R1", "kills", kills)
    proved("R1", "of them in the middle", partial)


@every_agent
@pytest.mark.parametrize("commit", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_r2_killed_at_each_step_of_a_commit(
    step: str, commit: int, agent: type[AgentLog], forks: Forks, proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    fill(agent, home[1], 6, responses=4)
    wanted = clean_content(tmp_path / "clean", home)
    assert forks.run("die_at", data, step, commit, place(home)) == -signal.SIGKILL
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        assert_sound(ledger)
        done = commit if step == "committed" else commit - 1
        files = rows(ledger, "SELECT count(*) FROM source_file WHERE cursor > 0")[0][0]
        found = content(ledger)
    assert files == 2 * done
    assert bool(found.events) == bool(done)
    # Which session a copy belongs to may change while its parent is not read yet; what was used may not.
    assert {event[6:12] for event in found.events} <= {event[6:12] for event in wanted.events}
    assert scan_once(data, home) == wanted
    proved("R2", "kills at a step of a commit", 1)


@every_agent
def test_r2_killed_while_a_rewritten_file_is_replaced(
    agent: type[AgentLog], forks: Forks, proved: Proved, tmp_path: Path
) -> None:
    home, data = home_of(agent, tmp_path), tmp_path / "data"
    path = session_of(agent, 5).write(home[1])
    before = scan_once(data, home)
    path.write_bytes(session_of(agent, 7, first=300).bytes())
    wanted = clean_content(tmp_path / "clean", home)
    for step in STEPS:
        assert forks.run("die_at", data, step, 1, place(home)) in (-signal.SIGKILL, 0)
        with ledger_of(data, home) as ledger:
            assert content(ledger) == (wanted if step == "committed" else before), step
            assert_sound(ledger)
    assert scan_once(data, home) == wanted
    proved("R2", "kills at a step of a replacement", len(STEPS))


def test_s9_two_processes_scanning_one_ledger_are_like_one(home: Path, data: Path, tmp_path: Path) -> None:
    much(home, 30)
    wanted = clean_content(tmp_path / "clean", home)
    processes = [start("scan", data, home) for _ in range(3)]
    assert [finish(process) for process in processes] == [(0, "")] * 3
    with ledger_of(data, home) as ledger:
        assert content(ledger) == wanted
        assert_sound(ledger)
        assert ledger.notice is None
        assert ledger.scan().events_added == 0


def test_s9_processes_that_open_scan_and_close_while_logs_grow(home: Path, data: Path, tmp_path: Path) -> None:
    rollout = session(1)
    path = rollout.write(home)
    processes = [start("scan_often", data, 2.0, home) for _ in range(2)]
    for number in range(1, 80):
        with path.open("ab", buffering=0) as file:
            line = rollout.count(usage(number)).lines[-1]
            cut = number % len(line)
            file.write(line[:cut])
            session(2, START_MS + number * 1000, number, first=number * 10).write(home)
            file.write(line[cut:])
    assert [finish(process) for process in processes] == [(0, "")] * 2
    assert scan_once(data, home) == _clean(tmp_path, home)


def _clean(tmp_path: Path, home: Path) -> Content:
    return clean_content(tmp_path / "clean", home)


@pytest.mark.parametrize("attempt", range(4))
def test_s9_the_very_first_start_of_several_at_once(attempt: int, home: Path, data: Path) -> None:
    session(2, first=attempt).write(home)
    processes = [start("scan", data, home) for _ in range(4)]
    assert [finish(process) for process in processes] == [(0, "")] * 4
    with ledger_of(data, home) as ledger:
        assert (ledger.notice, counted(ledger)) == (None, 2)
    assert [path.name for path in data.iterdir() if "damaged" in path.name] == []
