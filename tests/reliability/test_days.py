"""Each event lies in exactly one day of any zone, whatever its clocks do, and also when the user travels (T1, T2)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.services.support import board, of_usage, pico
from tests.support.agents import CodexLog, home_of
from tests.support.ledgers import ledger_of, reported
from tests.support.proofs import Proved, Size
from tests.support.rollout import Rollout, Usage

from tokendial.domain.zones import HOUR_MS, MINUTE_MS, day_bounds_ms

# Europe, North and South America, Africa twice (one changes four times a year), half hours, a quarter, midnight itself.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Beirut",
)
HALF_HOURS = ("Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "America/St_Johns", "Asia/Tehran")
APIA = [date(2011, 12, day) for day in (29, 30, 31)]
LENGTHS = {0, 22, 23, 23.5, 24, 24.5, 25}


def local(ms: int, zone: ZoneInfo) -> date:
    """The day that a clock on the wall shows, worked out without the program."""
    return datetime.fromtimestamp(ms // 1000, zone).date()


def transition_days(name: str, first: date = date(2020, 1, 1), last: date = date(2030, 12, 31)) -> list[date]:
    """The days on which the zone's offset changes."""
    zone, found = ZoneInfo(name), []
    start = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    noons = [start + timedelta(days=n) for n in range((last - first).days + 1)]
    for before, after in pairwise(noons):
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            hours = (before + timedelta(hours=n) for n in range(25))
            change = next(at for at in hours if at.astimezone(zone).utcoffset() != before.astimezone(zone).utcoffset())
            found.append(change.astimezone(zone).date())
    return found


@pytest.mark.parametrize("name", [*ZONES, *HALF_HOURS, "Pacific/Apia"])
def test_t1_every_minute_of_a_day_whose_clock_changes_lies_in_it_alone(name: str, proved: Proved) -> None:
    zone, minutes = ZoneInfo(name), 0
    days = APIA if name == "Pacific/Apia" else transition_days(name) or [date(2026, 3, 29), date(2026, 10, 25)]
    for day in days:
        around = [day + timedelta(days=off) for off in (-1, 0, 1)]
        bounds = [day_bounds_ms(one, zone) for one in around]
        assert bounds[0][1] == bounds[1][0]
        assert bounds[1][1] == bounds[2][0]
        assert (bounds[1][1] - bounds[1][0]) / HOUR_MS in LENGTHS
        for at in range(bounds[0][0], bounds[2][1], MINUTE_MS):
            assert [one for one, (start, end) in zip(around, bounds, strict=True) if start <= at < end] == [
                local(at, zone)
            ]
            minutes += 1
    if name in ZONES:
        assert len(days) >= 13
    proved("T1", "days", 3 * len(days))
    proved("T1", "minutes", minutes)


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, Path], list[int]]:
    """A ledger with a response at each minute around the changes of the last twelve months."""
    folder = tmp_path_factory.mktemp("minutes")
    home = home_of(CodexLog, folder)
    days = {day for name in ZONES for day in transition_days(name, date(2025, 12, 1), date(2026, 11, 20))}
    times: list[int] = []
    for day in sorted(days):
        start = round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) - 14 * HOUR_MS
        times += range(max(start, times[-1] + MINUTE_MS if times else start), start + 52 * HOUR_MS, MINUTE_MS)
    for number, begin in enumerate(range(0, len(times), 2_000)):
        log = Rollout(times[begin], number).meta().turn()
        for place, at in enumerate(times[begin : begin + 2_000]):
            log.now_ms = at
            log.count(Usage(1_000 + place, 0, 0, 1, 0))
        log.write(home[1])
    with ledger_of(folder / "data", home) as ledger:
        ledger.scan()
    return folder / "data", home, times


@pytest.mark.parametrize("name", [*ZONES, *HALF_HOURS])
def test_t1_the_days_of_a_report_are_those_of_the_wall(
    name: str, minutes: tuple[Path, tuple[str, Path], list[int]], proved: Proved
) -> None:
    data, home, times = minutes
    zone = ZoneInfo(name)
    with ledger_of(data, home) as ledger:
        days = {row["key"]: row for row in reported(ledger, "day", name)}
        (total,) = reported(ledger, "provider", name)
    assert {key: row["events"] for key, row in days.items()} == Counter(local(at, zone).isoformat() for at in times)
    for part in ("events", "input_tokens", "output_tokens", "total_tokens"):
        assert sum(row[part] for row in days.values()) == total[part]
    assert sum(pico(row["cost_usd"]) for row in days.values()) == pico(total["cost_usd"]) > 0
    proved("T1", "events in reports", len(times))
    proved("T1", "days in reports", len(days))


def test_t2_the_user_travels(minutes: tuple[Path, tuple[str, Path], list[int]], size: Size, proved: Proved) -> None:
    """History is grouped by the zone he is in now, and the totals stay the same."""
    data, home, times = minutes
    route = [*ZONES, "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Niue", "UTC"] * size(1, 5)
    with ledger_of(data, home) as ledger:
        totals = set()
        for name in route:
            ledger.settings.change({"timezone": name})
            zone = ZoneInfo(name)
            shown = board(ledger, ledger.settings.zone, bucket="day")
            assert shown.cards is not None and shown.trends is not None
            totals.add(of_usage(shown.cards.usage))
            days = Counter(local(at, zone) for at in times)
            found = {
                local(bucket.start_ms, zone): bucket.usage.events
                for bucket in shown.trends.buckets
                if bucket.usage.events
            }
            assert found == days
        assert len(totals) == 1
        ledger.settings.change({"timezone": None})
    proved("T2", "changes of the zone", len(route))
