"""Ranges of time and the buckets they are cut into, in a time zone.

Instants are UTC milliseconds and periods half-open; every boundary is a multiple of fifteen minutes (see `zones`), so
sums of roll-up rows are exact. Weekdays count from Monday = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.zones import (
    DAY_MS,
    FIRST_DAY,
    HOUR_MS,
    LAST_DAY,
    QUARTER_MS,
    day_start_ms,
    hour_starts_ms,
    local_day,
    zone_named,
)
from tokendial.errors import BadRequest

RangeName = Literal["today", "last24h", "last7days", "last14days", "last30days", "thismonth", "alltime", "custom"]
Unit = Literal["hour", "day", "week", "month"]

MAX_BUCKETS = 30_000
_UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month")
_LENGTH_MS: dict[Unit, int] = {"hour": HOUR_MS, "day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS}
_DAYS_BACK: dict[str, int] = {"today": 0, "last7days": 6, "last14days": 13, "last30days": 29}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABELS: dict[str, str] = {
    "today": "Today",
    "last24h": "Last 24 hours",
    "last7days": "Last 7 days",
    "last14days": "Last 14 days",
    "last30days": "Last 30 days",
    "thismonth": "This month",
    "alltime": "All time",
}


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """A range of time: [start_ms, end_ms), both None for all time.

    `first_day` and `last_day` (both included) are stated where it is made of whole days of `zone`.
    """

    name: RangeName
    start_ms: int | None
    end_ms: int | None
    zone: str
    label: str
    first_day: date | None = None
    last_day: date | None = None


class Bucket(NamedTuple):
    """[start_ms, end_ms)."""

    start_ms: int
    end_ms: int


def resolve_range(name: str, start_day: str | None, end_day: str | None, now_ms: int, zone: ZoneInfo) -> Range:
    """What a range means now, in a zone.

    `last7days` and its kin are calendar days and include today; `thismonth` ends with today; `custom` includes its last
    day. `last24h` reaches back to the quarter of an hour that it was 24 hours ago, and to the end of the running one.
    Raises BadRequest, `details["field"]` being `range`, `start` or `end`; a custom range needs both (W17).
    """
    if name == "alltime":
        return Range(name="alltime", start_ms=None, end_ms=None, zone=zone.key, label=_LABELS[name])
    if name == "last24h":
        quarter = now_ms - now_ms % QUARTER_MS
        bounds = (quarter - DAY_MS, quarter + QUARTER_MS)
        return Range(name="last24h", start_ms=bounds[0], end_ms=bounds[1], zone=zone.key, label=_LABELS[name])
    if name == "custom":
        return _custom(start_day, end_day, zone)
    today = local_day(now_ms, zone)
    if name == "thismonth":
        return _of_days("thismonth", today.replace(day=1), today, zone)
    if name in _DAYS_BACK:
        return _of_days(name, today - timedelta(days=_DAYS_BACK[name]), today, zone)
    raise BadRequest("There is no range of this name.", field="range", value=name[:100])


def _custom(start_day: str | None, end_day: str | None, zone: ZoneInfo) -> Range:
    first, last = parse_day(start_day, "start"), parse_day(end_day, "end")
    if last < first:
        raise BadRequest("The last day is before the first one.", field="end")
    return _of_days("custom", first, last, zone)


def parse_day(text: str | None, field: str) -> date:
    """A day written as `YYYY-MM-DD`. Raises BadRequest naming the field, also where the day is missing."""
    if not text:
        raise BadRequest("Choose a day.", field=field)
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-16") else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise BadRequest("This is not a day. Write it as 2026-11-16.", field=field)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadRequest(f"The day must lie between {FIRST_DAY} and {LAST_DAY}.", field=field)
    return day


def _of_days(name: str, first: date, last: date, zone: ZoneInfo) -> Range:
    return Range(
        name=msgspec.convert(name, RangeName),
        start_ms=day_start_ms(first, zone),
        end_ms=day_start_ms(last + timedelta(days=1), zone),
        zone=zone.key,
        label=_LABELS.get(name) or days_label(first, last),
        first_day=first,
        last_day=last,
    )


def days_label(first: date, last: date) -> str:
    """Days as a person writes them: `16 Nov 2026`, `16-22 Nov 2026`, `28 Nov - 3 Dec 2026` (with dashes)."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {MONTHS[first.month - 1]}{year} – {end}"


def bounded(period: Range, first_ms: int | None, last_ms: int) -> Range:
    """All time with its ends put in: from the day of `first_ms` to the end of that of `last_ms`. Other ranges stay.

    `first_ms` is the first event, without one all time stays open; `last_ms` the later of now and the last event.
    """
    if period.start_ms is not None or first_ms is None:
        return period
    zone = zone_named(period.zone)
    first = local_day(first_ms, zone)
    return _of_days(period.name, first, max(first, local_day(last_ms, zone)), zone)


def previous_range(period: Range) -> Range | None:
    """The range of the same length just before: as many days where it is made of days. None for all time."""
    if period.start_ms is None or period.end_ms is None or period.name == "alltime":
        return None
    if period.first_day is None or period.last_day is None:
        start = 2 * period.start_ms - period.end_ms
        return msgspec.structs.replace(period, start_ms=start, end_ms=period.start_ms)
    length = period.last_day - period.first_day
    last = period.first_day - timedelta(days=1)
    return _of_days("custom", last - length, last, zone_named(period.zone))


def choose_bucket(period: Range, wanted: Unit | None = None) -> Unit:
    """The unit that draws a range well: hours up to two days, days up to 92, weeks up to two years, else months.

    A wanted unit is kept unless it cuts the range into more than MAX_BUCKETS; then it is the next longer one.
    """
    length = (period.end_ms or 0) - (period.start_ms or 0)
    if wanted is not None:
        fitting = (unit for unit in _UNITS[_UNITS.index(wanted) :] if length // _LENGTH_MS[unit] < MAX_BUCKETS - 2)
        return next(fitting, "month")
    if length <= 50 * HOUR_MS:
        return "hour"
    if length <= 93 * DAY_MS:
        return "day"
    return "week" if length <= 732 * DAY_MS else "month"


def buckets(period: Range, unit: Unit, zone: ZoneInfo, first_weekday: int = 0) -> list[Bucket]:
    """The buckets of a range, ascending and without gap: each instant of it lies in exactly one.

    They begin at local hours, midnights, first weekdays or months, whatever the clock does in between (W16); the first
    and the last are cut at the range's ends. An open or empty range has none. Raises BadRequest above MAX_BUCKETS.
    """
    start, end = period.start_ms, period.end_ms
    if start is None or end is None or start >= end:
        return []
    if (end - start) // _LENGTH_MS[unit] >= MAX_BUCKETS:
        raise BadRequest("The range is too long for this bucket.", field="bucket", value=unit)
    inner = [at for at in _starts(unit, start, end, zone, first_weekday) if start < at < end]
    return [Bucket(a, b) for a, b in pairwise([start, *inner, end]) if a < b]


def _starts(unit: Unit, start: int, end: int, zone: ZoneInfo, first_weekday: int) -> Iterator[int]:
    """Where the units that touch [start, end) begin."""
    day, last = bucket_day(unit, local_day(start, zone), first_weekday), local_day(end - 1, zone)
    while day <= last:
        if unit == "hour":
            yield from hour_starts_ms(day, zone)
        else:
            yield day_start_ms(day, zone)
        day = _next_day(unit, day)


def bucket_day(unit: Unit, day: date, first_weekday: int) -> date:
    """The day that the unit around `day` begins with: its week's first day, its month's first, else the day itself."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return day.replace(day=1) if unit == "month" else day


def _next_day(unit: Unit, day: date) -> date:
    if unit == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if unit == "week" else 1)
