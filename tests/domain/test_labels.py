"""What buckets are called."""

from zoneinfo import ZoneInfo

import pytest

from tokendial.domain.labels import bucket_labels
from tokendial.domain.periods import Unit, buckets, resolve_range

BERLIN = ZoneInfo("Europe/Berlin")


def labels(start: str, end: str, unit: Unit, zone: ZoneInfo = BERLIN) -> list[tuple[str, str]]:
    period = resolve_range("custom", start, end, 0, zone)
    return [(label.axis, label.title) for label in bucket_labels(buckets(period, unit, zone), unit, zone)]


@pytest.mark.parametrize(
    ("start", "end", "unit", "first"),
    [
        ("2026-11-16", "2026-11-16", "hour", ("00:00", "Mon 16 Nov 2026, 00:00")),
        ("2026-11-16", "2026-11-17", "hour", ("16 Nov 00:00", "Mon 16 Nov 2026, 00:00")),
        ("2026-11-16", "2026-11-22", "day", ("Mon 16", "Mon 16 Nov 2026")),
        ("2026-11-01", "2026-11-22", "day", ("1 Nov", "Sun 1 Nov 2026")),
        ("2026-11-16", "2026-11-29", "week", ("16 Nov", "Week of 16 Nov 2026")),
        ("2026-11-18", "2026-11-29", "week", ("16 Nov", "Week of 16 Nov 2026")),
        ("2026-11-16", "2026-12-29", "month", ("Nov 2026", "Nov 2026")),
    ],
)
def test_short_and_in_full(start: str, end: str, unit: Unit, first: tuple[str, str]) -> None:
    assert labels(start, end, unit)[0] == first


def test_an_hour_that_comes_twice_says_which_it_is() -> None:
    titles = [title for _, title in labels("2026-10-25", "2026-10-25", "hour")]
    assert titles[2:4] == ["Sun 25 Oct 2026, 02:00 (UTC+2)", "Sun 25 Oct 2026, 02:00 (UTC+1)"]
    assert len(set(titles)) == 25
    assert "UTC" not in titles[1] + titles[4]


def test_west_of_greenwich_and_by_half_an_hour() -> None:
    west = [title for _, title in labels("2026-11-01", "2026-11-01", "hour", ZoneInfo("America/New_York"))]
    assert west[1:3] == ["Sun 1 Nov 2026, 01:00 (UTC-4)", "Sun 1 Nov 2026, 01:00 (UTC-5)"]
    howe = [title for _, title in labels("2024-04-07", "2024-04-07", "hour", ZoneInfo("Australia/Lord_Howe"))]
    assert howe[2] == "Sun 7 Apr 2024, 01:30 (UTC+10:30)"
    assert len(set(howe)) == 25


def test_no_bucket_no_label() -> None:
    assert bucket_labels([], "day", BERLIN) == []
