"""Where the days and the hours of a time zone begin, as UTC milliseconds.

Every boundary is a multiple of fifteen minutes, the width of a roll-up row. Offsets that are not (local mean time, long
before any log) have their boundaries moved down to the quarter hour before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tokendial.errors import BadRequest

MINUTE_MS = 60_000
QUARTER_MS = 15 * MINUTE_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2199, 12, 31)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as `Europe/Berlin`. Raises BadRequest where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise BadRequest("There is no time zone of this name.", field="timezone", value=name[:100]) from error


def local_time(at_ms: int, zone: ZoneInfo) -> datetime:
    """The wall clock of the zone at an instant."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone)


def local_day(at_ms: int, zone: ZoneInfo) -> date:
    """The day of the zone that an instant lies in."""
    return local_time(at_ms, zone).date()


def offset_ms(at_ms: int, zone: ZoneInfo) -> int:
    """How far the zone's wall clock is ahead of UTC at an instant."""
    offset = local_time(at_ms, zone).utcoffset() or timedelta()
    return round(offset.total_seconds()) * 1000


@lru_cache(maxsize=20_000)
def day_start_ms(day: date, zone: ZoneInfo) -> int:
    """The first instant of a day.

    Where midnight comes twice it is the first; where it is skipped, the moment the clock was put forward. A day the
    zone left out altogether (Apia, 2011-12-30) starts where the next one starts.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    start, by_new_offset = _utc_ms(midnight), _utc_ms(midnight.replace(fold=1))
    if by_new_offset < start:
        start = transition_ms(by_new_offset, start, zone)
    return start - start % QUARTER_MS


def _utc_ms(moment: datetime) -> int:
    return round((moment - _EPOCH).total_seconds()) * 1000


def day_bounds_ms(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """[start, end) of a day: 24 hours, or 23, 25, 23.5, 24.5 where the clock was changed, or none (see above)."""
    return day_start_ms(day, zone), day_start_ms(day + timedelta(days=1), zone)


def transition_ms(start_ms: int, end_ms: int, zone: ZoneInfo) -> int:
    """The first instant after `start_ms` with another offset than there, to the second; `end_ms` has another one."""
    old = offset_ms(start_ms, zone)
    low, high = start_ms // 1000, end_ms // 1000
    while high - low > 1:
        middle = (low + high) // 2
        if offset_ms(middle * 1000, zone) == old:
            low = middle
        else:
            high = middle
    return high * 1000


def hour_starts_ms(day: date, zone: ZoneInfo) -> Iterator[int]:
    """The starts of a day's hours, ascending: real hours, so a day of 25 hours has 25.

    They stand at the zone's full hours (half past in UTC for India). Where the clock is changed by half an hour, the
    rest of the cut hour is one of its own.
    """
    start, end = day_bounds_ms(day, zone)
    if start >= end:
        return
    change = end if offset_ms(start, zone) == offset_ms(end, zone) else transition_ms(start, end, zone)
    yield from _full_hours(start, change, zone)
    if change < end:
        yield from _full_hours(change, end, zone)


def _full_hours(start: int, end: int, zone: ZoneInfo) -> Iterator[int]:
    """`start`, then every full hour of the wall clock until `end`; the offset is the same all along."""
    offset = offset_ms(start, zone)
    offset -= offset % QUARTER_MS
    yield start
    yield from range(start + HOUR_MS - (start + offset) % HOUR_MS, end, HOUR_MS)
