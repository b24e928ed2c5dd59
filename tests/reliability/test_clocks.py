"""Clocks that jump, machines that sleep, and records with times that cannot be (T3, T4, T5)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.services.support import board
from tests.support.agents import AgentLog, CodexLog, every_agent, home_of, session_of
from tests.support.ledgers import Content, assert_sound, clean_content, content, counted, ledger_of, rows
from tests.support.proofs import Proved, Size
from tests.support.rollout import Rollout, usage

from tokendial.ingest import service
from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService
from tokendial.services.ledger import Ledger

DAY = 86_400.0
HOUR_MS = 3_600_000
SOON = 5.0


class Clock:
    """The wall clock as the program sees it, ahead of the real one; waits do not depend on it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        real = time.time
        patch.setattr(time, "time", lambda: real() + self.ahead)
        patch.setattr(time, "time_ns", lambda: round((real() + self.ahead) * 1e9))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


JUMPS = [-DAY, DAY, 3650 * DAY, -3600.0, 3600.0, -0.5 * DAY, 30 * DAY, 366 * DAY]


# -- T3 --------------------------------------------------------------------------------------------------------------


@every_agent
@pytest.mark.parametrize("jump", JUMPS, ids=lambda jump: f"{jump / DAY:g}-days")
def test_t3_the_clock_jumps_while_logs_are_read_and_back(
    jump: float, agent: type[AgentLog], clock: Clock, proved: Proved, tmp_path: Path
) -> None:
    """Before, within and after a scan."""
    home, log = home_of(agent, tmp_path), session_of(agent, 4)
    other = session_of(agent, 3, 1, first=50)
    path = log.write(home[1])
    other.write(home[1])

    def jump_within(report: ScanReport) -> None:
        if report.files_to_read:
            clock.ahead = jump

    with ledger_of(tmp_path / "data", home) as ledger:
        report = ledger.scan(jump_within)
        assert counted(ledger) == 7
        assert 0 <= report.seconds < 60
        for ahead in (0.0, jump, 0.0):
            clock.ahead = ahead
            path.write_bytes(log.bytes() + log.respond(100 + counted(ledger)))
            assert ledger.scan().seconds >= 0
            assert ledger.scan().events_added == 0
            cards = board(ledger).cards
            assert cards is not None
            assert cards.usage.events == counted(ledger)
        assert_sound(ledger)
        assert content(ledger) == clean_content(tmp_path / "clean", home)
        assert counted(ledger) == 10
    proved("T3", "jumps of the clock", 4)


@pytest.mark.parametrize("jump", JUMPS, ids=lambda jump: f"{jump / DAY:g}-days")
def test_t3_the_clock_jumps_within_a_window_of_five_hours(
    jump: float, clock: Clock, proved: Proved, tmp_path: Path
) -> None:
    """The running window is never of a negative length, nor used by less than nothing."""
    home, now = home_of(CodexLog, tmp_path), int(time.time() * 1000)
    log = Rollout(now - 2 * HOUR_MS).meta().turn()
    for minutes, percent in ((100, 10.0), (60, 20.0), (5, 40.0)):
        log.now_ms = now - minutes * 60_000
        window = {"used_percent": percent, "window_minutes": 300, "resets_at": (now + 3 * HOUR_MS) // 1000}
        log.count(usage(minutes), {"limit_id": "codex", "primary": window, "secondary": None, "plan_type": "plus"})
    log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        for number, ahead in enumerate((0.0, jump, 0.0)):
            clock.ahead = ahead
            log.now_ms = now - 4_000 + number
            log.count(usage(1 + number))
            log.write(home[1])
            ledger.scan()
            assert counted(ledger) == 4 + number
            for limit in board(ledger).limits or []:
                for one in limit.windows:
                    assert one.elapsed_percent is None or 0 <= one.elapsed_percent <= 100
                    assert one.used_percent is None or 0 <= one.used_percent <= 100
                    if one.inside is not None:
                        assert one.inside.start_ms < one.inside.end_ms
                        assert one.inside.usage.tokens.total_tokens >= 0
        assert content(ledger) == clean_content(tmp_path / "clean", home)
    proved("T3", "jumps within a limit's window", 2)


# -- T4 --------------------------------------------------------------------------------------------------------------

TIMES = [
    "",
    "never",
    "0000-00-00T00:00:00.000Z",
    "0001-01-01T00:00:00.000Z",
    "1970-01-01T00:00:00.000Z",
    "2019-12-31T23:59:59.999Z",
    "2026-13-01T00:00:00.000Z",
    "2026-02-30T00:00:00.000Z",
    "2026-07-11T25:00:00.000Z",
    "2026-07-11T02:61:00.000Z",
    "2026-07-11T02:00:60.000Z",
    "2026-07-11T02:00:00.000+25:00",
    "2999-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "1783735200",
    "1783735200000000",
    None,
    1_783_735_200,
    1_783_735_200_000,
    1_783_735_200.5,
]


@every_agent
def test_t4_a_time_that_cannot_be_is_refused_and_never_today(
    agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    home, log = home_of(agent, tmp_path), session_of(agent, 2)
    for number, text in enumerate(TIMES):
        line = log.respond(100 + number)
        log.lines[-1] = with_time(line, text)
    log.respond(500)
    log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert counted(ledger) == 3
        assert [row["events"] for row in content(ledger).days] == [3]
        refused = dict(rows(ledger, "SELECT reason, sum(lines) FROM refused_line GROUP BY reason"))
        assert sum(refused.values()) == len(TIMES)
        assert refused["bad_time"] >= 16, "the others are of no shape that a line has"
        assert set(refused) <= {"bad_time", "bad_shape", "bad_count"}
        assert_sound(ledger)
    proved("T4", "times that cannot be", len(TIMES))


def with_time(line: bytes, text: object) -> bytes:
    """The line with another time; None leaves it out."""
    found = json.loads(line)
    if text is None:
        del found["timestamp"]
    else:
        found["timestamp"] = text
    return json.dumps(found, separators=(",", ":")).encode() + b"\n"


# -- T5 --------------------------------------------------------------------------------------------------------------


class Sleeper:
    """A service whose scans are counted."""

    def __init__(self, ledger: Ledger) -> None:
        self.full = self.hinted = 0
        self.service = IngestService(ledger.read_homes, self._counting(ledger), lambda: None, lambda _report: None)

    def _counting(self, ledger: Ledger) -> service.ScanFunction:
        def scan(progress: Callable[[ScanReport], None], only: set[str] | None) -> ScanReport:
            report = ledger.scan(progress, only)
            if only is None:
                self.full += 1
            else:
                self.hinted += 1
            return report

        return scan

    def until(self, full: int) -> None:
        end = time.monotonic() + SOON
        while self.full < full:
            assert time.monotonic() < end, "nothing was looked at after the wake"
            time.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    """Ticks of a fiftieth of a second."""
    monkeypatch.setattr(service, "TICK_SECONDS", 0.02)
    yield 0.02


def test_t5_after_each_sleep_everything_is_looked_at_once(
    clock: Clock, quick: float, size: Size, proved: Proved, tmp_path: Path
) -> None:
    """The watches see nothing of what another system wrote meanwhile: here there are none."""
    sleeps = size(20, 200)
    home = home_of(CodexLog, tmp_path)
    with ledger_of(tmp_path / "data", home) as ledger:
        sleeper = Sleeper(ledger)
        sleeper.service.start()
        try:
            sleeper.service.request(wait=True)
            assert sleeper.service._watcher is not None
            sleeper.service._watcher.stop()
            for number in range(sleeps):
                before = sleeper.full
                session_of(CodexLog, 1, number, first=number).write(home[1])
                clock.ahead += 3600.0
                sleeper.until(before + 1)
                time.sleep(5 * quick)
                assert sleeper.full == before + 1, "once, and no storm"
                assert counted(ledger) == number + 1
            assert content(ledger) == clean_content(tmp_path / "clean", home)
        finally:
            sleeper.service.stop()
    proved("T5", "sleeps", sleeps)


def test_t5_a_clock_that_is_put_back_is_no_sleep(clock: Clock, quick: float, tmp_path: Path) -> None:
    """Nor is one that is put ahead by a little."""
    home = home_of(CodexLog, tmp_path)
    with ledger_of(tmp_path / "data", home) as ledger:
        sleeper = Sleeper(ledger)
        sleeper.service.start()
        try:
            sleeper.service.request(wait=True)
            before, calm = sleeper.full, threading.Event()
            for ahead in (1.0, -3600.0, -3599.0, -7200.0):
                clock.ahead = ahead
                calm.wait(5 * quick)
            assert sleeper.full == before
        finally:
            sleeper.service.stop()


def test_t5_a_wake_while_everything_is_read_is_no_second_reading(clock: Clock, quick: float, tmp_path: Path) -> None:
    home, found = home_of(CodexLog, tmp_path), list[Content]()
    session_of(CodexLog, 3).write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        sleeper = Sleeper(ledger)
        sleeper.service.start()
        try:
            sleeper.service.request(wait=True)
            for _ in range(3):
                clock.ahead += 3600.0
                sleeper.service.request(wait=True)
                found.append(content(ledger))
            assert found[0] == found[-1]
            assert sleeper.full <= 2 + 3 * 2
        finally:
            sleeper.service.stop()
