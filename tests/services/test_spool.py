"""Readings of a status line on their way into the ledger: each once, whoever takes them over, and with their home."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.support import board, now_ms
from tests.support.ledgers import assert_sound, rows
from tests.support.payloads import HOUR, claude_home

from tokendial.domain.records import ReadingRecord
from tokendial.services import spool
from tokendial.services.contract.dashboard import Limit
from tokendial.services.ledger import Ledger
from tokendial.services.spool import Spooled, write
from tokendial.store import copies

FIVE, WEEK = 300, 10_080


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return claude_home(tmp_path / ".claude")


@pytest.fixture
def ledger(data: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(place))
    opened = Ledger(data, workers=0)
    yield opened
    opened.close()


def reading(used: float, at: int, minutes: int = FIVE, reset: int | None = None) -> ReadingRecord:
    return ReadingRecord("claude", None, minutes, used, reset or at + HOUR, None, None, at, at)


def tell(data: Path, home: Path, used: float, at: int, reset: int, minutes: int = FIVE) -> None:
    write(data, Spooled("claude", os.path.realpath(home), at, [reading(used, at, minutes, reset)]))


def stored(ledger: Ledger) -> list[tuple[float, int, int]]:
    return [
        (row[0], row[1], row[2])
        for row in rows(ledger, "SELECT used_percent, time_ms, last_ms FROM limit_reading ORDER BY time_ms, series_id")
    ]


def claude(ledger: Ledger) -> Limit:
    (found,) = [limit for limit in board(ledger).limits or [] if limit.provider == "claude"]
    return found


def test_a_reading_shows_with_its_source(ledger: Ledger, data: Path, place: Path) -> None:
    now = now_ms()
    write(data, Spooled("claude", str(place), now, [reading(42, now), reading(9, now, WEEK, now + 48 * HOUR)]))
    report = ledger.scan()
    assert (report.changed, report.limits) == (True, True)
    found = claude(ledger)
    assert (found.source, found.limit_id, found.observed_at_ms) == ("statusline", "claude", now)
    assert [(one.label, one.used_percent, one.state) for one in found.windows] == [
        ("5 hours", 42, "fresh"),
        ("Weekly", 9, "fresh"),
    ]
    assert ledger.scan().changed is False
    assert_sound(ledger)


def test_the_same_again_lives_longer_and_an_older_one_adds_nothing(ledger: Ledger, data: Path, place: Path) -> None:
    start, reset = now_ms() - 40 * 60_000, now_ms() + HOUR
    told = [(0, 30.0), (1, 30.0), (2, 45.0), (3, 30.0), (4, 45.0), (5, 46.5), (6, 45.0), (9, 46.5)]
    for minute, used in told:
        tell(data, place, used, start + minute * 60_000, reset)
        ledger.scan()
    times = [(used, (first - start) // 60_000, (last - start) // 60_000) for used, first, last in stored(ledger)]
    assert times == [(30.0, 0, 1), (45.0, 2, 4), (46.5, 5, 9)]
    assert claude(ledger).windows[0].used_percent == 46.5


def test_a_repeated_call_is_not_even_written(data: Path, place: Path) -> None:
    now = now_ms() // 60_000 * 60_000
    for second in range(0, 60, 5):
        tell(data, place, 12, now + second * 1000, now + HOUR)
        tell(data, place, 13, now + second * 1000, now + HOUR)
    (path,) = (data / "statusline").iterdir()
    assert len(path.read_bytes().splitlines()) == 4


def test_it_is_read_once_by_each_ledger_and_after_a_restart(ledger: Ledger, data: Path, place: Path) -> None:
    now = now_ms()
    tell(data, place, 42, now, now + HOUR)
    assert ledger.take_over_readings() is True
    assert ledger.take_over_readings() is False
    for named in ([], [("claude", place)]):
        other = Ledger(data, named)
        assert other.take_over_readings() is bool(named)
        assert len(stored(other)) == 1
        other.close()


def test_half_a_line_of_a_killed_process_costs_only_itself(ledger: Ledger, data: Path, place: Path) -> None:
    now = now_ms()
    tell(data, place, 42, now - 60_000, now + HOUR)
    (path,) = (data / "statusline").iterdir()
    with path.open("ab") as file:
        file.write(path.read_bytes()[:40])
    assert ledger.take_over_readings() is True
    tell(data, place, 43, now, now + HOUR)
    tell(data, place, 44, now + 1, now + HOUR)
    ledger.take_over_readings()
    assert [used for used, _, _ in stored(ledger)] == [42, 44]
    with path.open("ab") as file:
        file.write(b'\xff{}\n{"provider": 1}\n[]\n\n')
    assert ledger.take_over_readings() is False


def test_readings_go_with_their_home_and_come_back_when_asked_for(ledger: Ledger, data: Path, place: Path) -> None:
    now = now_ms()
    tell(data, place, 42, now, now + HOUR)
    ledger.scan()
    (home,) = ledger.homes()
    ledger.reread_home(home.id)
    ledger.scan()
    assert len(stored(ledger)) == 1
    ledger.clear_home(home.id, now)
    ledger.scan()
    assert stored(ledger) == []
    tell(data, place, 43, now + 60_000, now + HOUR)
    ledger.scan()
    assert stored(ledger) == []  # a cleared home stays cleared (W35)
    ledger.reread_home(home.id)
    ledger.scan()
    assert [used for used, _, _ in stored(ledger)] == [42, 43]
    ledger.remove_home(home.id)
    ledger.scan()
    assert stored(ledger) == []
    assert_sound(ledger)


def test_a_home_that_is_off_waits_and_one_that_is_not_known_gives_nothing(
    ledger: Ledger, data: Path, place: Path, tmp_path: Path
) -> None:
    now = now_ms()
    (home,) = ledger.homes()
    ledger.switch_home(home.id, active=False)
    tell(data, place, 42, now, now + HOUR)
    tell(data, tmp_path / "foreign", 77, now, now + HOUR)
    ledger.scan()
    assert stored(ledger) == []
    ledger.switch_home(home.id, active=True)
    ledger.scan()
    assert [used for used, _, _ in stored(ledger)] == [42]


def test_a_restored_ledger_finds_the_readings_since(ledger: Ledger, data: Path, place: Path, tmp_path: Path) -> None:
    now = now_ms()
    tell(data, place, 42, now - 120_000, now + HOUR)
    ledger.scan()
    kept = tmp_path / "kept.sqlite3"
    copies.copy_ledger(ledger.database, kept, lambda _share: None)
    tell(data, place, 43, now, now + HOUR)
    ledger.scan()
    staged = copies.stage(kept, tmp_path, ledger.database, lambda _share: None)
    copies.put_in_place(ledger.database, staged, lambda _share: None)
    ledger.reload()
    assert [used for used, _, _ in stored(ledger)] == [42]
    ledger.scan()
    assert [used for used, _, _ in stored(ledger)] == [42, 43]


def test_files_of_days_long_past_are_removed(data: Path, place: Path) -> None:
    now = now_ms()
    for days in (0, 5, 30):
        tell(data, place, 5, now - days * 86_400_000, now + HOUR)
    spool.prepare(data)
    today = time.strftime("%Y-%m-%d", time.gmtime(now / 1000))
    assert len(list((data / "statusline").iterdir())) == 2
    assert (data / "statusline" / f"{today}.jsonl").exists()
