"""What buckets are called: short under an axis, in full in a tooltip. English, whatever the system's locale is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tokendial.domain.periods import MONTHS, Bucket, Unit, bucket_day
from tokendial.domain.zones import local_time

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_NEEDS_YEAR = timedelta(days=330)


class BucketLabel(NamedTuple):
    """`axis` is short, `title` leaves no question."""

    axis: str
    title: str


def bucket_labels(cut: Sequence[Bucket], unit: Unit, zone: ZoneInfo, first_weekday: int = 0) -> list[BucketLabel]:
    """A label for each bucket: `Mon 16`, `16 Nov 14:00`, `16 Nov` (a week by its first day) or `Nov 2026`.

    Hours of a single day go without their date, days of more than two weeks without their weekday. An hour that comes
    twice, because the clock was put back, has its offset from UTC in the title. Where the same day comes in two years,
    the axis names the year.
    """
    moments = [local_time(bucket.start_ms, zone) for bucket in cut]
    one_day = len({moment.date() for moment in moments}) <= 1
    found = [_label(moment, unit, first_weekday, one_day, len(moments)) for moment in moments]
    if unit == "month" or not moments or moments[-1].date() - moments[0].date() < _NEEDS_YEAR:
        return found
    return [
        label._replace(axis=f"{label.axis} {bucket_day(unit, moment.date(), first_weekday).year}")
        for label, moment in zip(found, moments, strict=True)
    ]


def _label(moment: datetime, unit: Unit, first_weekday: int, one_day: bool, count: int) -> BucketLabel:
    day = bucket_day(unit, moment.date(), first_weekday)
    if unit == "month":
        name = f"{MONTHS[day.month - 1]} {day.year}"
        return BucketLabel(name, name)
    if unit == "week":
        return BucketLabel(_short(day), f"Week of {_short(day)} {day.year}")
    weekday = WEEKDAYS[day.weekday()]
    title = f"{weekday} {_short(day)} {day.year}"
    if unit == "day":
        return BucketLabel(f"{weekday} {day.day}" if count <= 14 else _short(day), title)
    clock = f"{moment.hour:02d}:{moment.minute:02d}"
    return BucketLabel(clock if one_day else f"{_short(day)} {clock}", f"{title}, {clock}{_ambiguity(moment)}")


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _ambiguity(moment: datetime) -> str:
    """The offset from UTC where the wall clock shows this time twice, else nothing."""
    other = moment.replace(fold=1 - moment.fold).utcoffset()
    offset = moment.utcoffset()
    if offset is None or other is None or offset == other:
        return ""
    sign, size = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, minutes = divmod(size // timedelta(minutes=1), 60)
    return f" (UTC{sign}{hours}:{minutes:02d})" if minutes else f" (UTC{sign}{hours})"
