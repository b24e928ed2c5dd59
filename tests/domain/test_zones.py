"""Days and hours of every zone, with every change of the clock from 2020 to 2030 (T1)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tokendial.domain.zones import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    QUARTER_MS,
    day_bounds_ms,
    day_start_ms,
    hour_starts_ms,
    local_day,
    local_time,
    offset_ms,
    transition_ms,
    zone_named,
)
from tokendial.errors import BadRequest

EIGHT_ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Australia/Lord_Howe",
)
TROUBLE = (*EIGHT_ZONES, "America/Havana", "Asia/Tehran", "Atlantic/Azores", "Antarctica/Troll", "Pacific/Chatham")


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "count"),
    [
        ("Europe/Berlin", date(2026, 6, 1), 24, 24),
        ("Europe/Berlin", date(2026, 3, 29), 23, 23),
        ("Europe/Berlin", date(2026, 10, 25), 25, 25),
        ("America/New_York", date(2025, 3, 9), 23, 23),
        ("America/New_York", date(2025, 11, 2), 25, 25),
        ("Australia/Lord_Howe", date(2024, 10, 6), 23.5, 24),
        ("Australia/Lord_Howe", date(2024, 4, 7), 24.5, 25),
        ("Pacific/Apia", date(2011, 12, 30), 0, 0),
        ("Pacific/Apia", date(2011, 12, 29), 24, 24),
        ("Pacific/Apia", date(2011, 12, 31), 24, 24),
        ("Africa/Cairo", date(2024, 4, 26), 23, 23),
        ("America/Havana", date(2024, 11, 3), 25, 25),
        ("Antarctica/Troll", date(2025, 3, 30), 22, 22),
        ("Asia/Kolkata", date(2026, 3, 29), 24, 24),
        ("Asia/Kathmandu", date(2026, 3, 29), 24, 24),
        ("UTC", date(2026, 3, 29), 24, 24),
    ],
)
def test_the_length_of_a_day(zone: str, day: date, hours: float, count: int) -> None:
    start, end = day_bounds_ms(day, ZoneInfo(zone))
    assert (end - start) / HOUR_MS == hours
    assert len(list(hour_starts_ms(day, ZoneInfo(zone)))) == count


def test_a_skipped_midnight_starts_the_day_when_the_clock_is_put_forward() -> None:
    zone = ZoneInfo("Africa/Cairo")
    start = day_start_ms(date(2024, 4, 26), zone)
    assert local_time(start, zone).strftime("%H:%M") == "01:00"
    assert local_day(start - 1, zone) == date(2024, 4, 25)


def test_a_gap_around_midnight_starts_the_day_at_its_end() -> None:
    zone = ZoneInfo("America/Toronto")
    assert local_time(day_start_ms(date(1919, 3, 31), zone), zone).strftime("%H:%M") == "00:30"


def test_a_midnight_that_comes_twice_starts_the_day_the_first_time() -> None:
    zone = ZoneInfo("America/Havana")
    start = day_start_ms(date(2024, 11, 3), zone)
    assert local_time(start, zone).fold == 0
    assert local_time(start + HOUR_MS, zone).strftime("%H:%M %j") == local_time(start, zone).strftime("%H:%M %j")


@pytest.mark.parametrize("name", TROUBLE)
def test_every_instant_lies_in_the_day_it_shows(name: str) -> None:
    zone = ZoneInfo(name)
    starts = [day_start_ms(day, zone) for day in days(date(2020, 1, 1), date(2031, 1, 1))]
    for day, (start, end) in zip(days(date(2020, 1, 1), date(2030, 12, 31)), pairwise(starts), strict=True):
        assert start % QUARTER_MS == 0
        assert local_day(start, zone) == local_day(end - 1, zone) == day
        assert local_day(start - 1, zone) < day


@pytest.mark.parametrize("name", TROUBLE)
def test_every_change_of_the_clock_keeps_the_hours_whole(name: str) -> None:
    """Around each change hours fill the day, each minute shows its day, all start at a full hour or at the change."""
    zone = ZoneInfo(name)
    seen = 0
    for day in days(date(2020, 1, 1), date(2030, 12, 31)):
        start, end = day_bounds_ms(day, zone)
        if end - start == DAY_MS and day.day != 1:
            continue
        seen += end - start != DAY_MS
        starts = list(hour_starts_ms(day, zone))
        assert starts[0] == start
        assert all(0 < after - before <= HOUR_MS for before, after in pairwise([*starts, end]))
        assert all(at % QUARTER_MS == 0 for at in starts)
        assert all(local_day(at, zone) == day for at in range(start, end, MINUTE_MS))
        odd = [at for at in starts if local_time(at, zone).minute]
        assert len(odd) <= 1
        assert all(offset_ms(at, zone) != offset_ms(at - 1, zone) for at in odd)
    assert seen >= (0 if name == "Asia/Kolkata" else 4)


def test_every_zone_of_today_starts_its_days_on_a_quarter_hour() -> None:
    for name in available_timezones():
        zone = ZoneInfo(name)
        for day in days(date(2020, 1, 1), date(2030, 12, 31)):
            if day.day not in {1, 8, 15, 22, 29}:
                continue
            start = round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
            assert start % QUARTER_MS == 0, (name, day)
            assert day_start_ms.__wrapped__(day, zone) <= start, (name, day)


def test_older_offsets_are_moved_to_the_quarter_before() -> None:
    zone = ZoneInfo("Africa/Monrovia")  # -0:44:30 until 1972
    assert day_start_ms(date(1971, 1, 2), zone) % QUARTER_MS == 0
    assert local_time(day_start_ms(date(1971, 1, 2), zone), zone) == datetime(1971, 1, 2, tzinfo=zone) - timedelta(
        minutes=14, seconds=30
    )
    assert all(at % QUARTER_MS == 0 for at in hour_starts_ms(date(1971, 1, 2), zone))


def test_half_hour_zones_start_their_hours_at_their_own_full_hours() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    assert all(local_time(at, zone).minute == 0 for at in hour_starts_ms(date(2026, 11, 16), zone))
    assert all(at % HOUR_MS == HOUR_MS // 2 for at in hour_starts_ms(date(2026, 11, 16), zone))


def test_a_transition_is_found_to_the_second() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = day_bounds_ms(date(2026, 3, 29), zone)
    found = datetime.fromtimestamp(transition_ms(start, end, zone) / 1000, UTC)
    assert found == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 5_000])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(BadRequest) as caught:
        zone_named(name)
    assert caught.value.details["field"] == "timezone"
    assert len(str(caught.value.details["value"])) <= 100


def test_a_zone_is_found_by_its_name() -> None:
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"
