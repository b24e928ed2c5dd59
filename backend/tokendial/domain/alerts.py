"""When something is told: each step of a limit or a budget at most once in its window or period.

What is watched is a subject. It stands at one of its steps (0: below the first), and its window or period is known by
marks: the resets that were read of a window, which jitter, or the first day of a period. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.forecast import Forecast
from tokendial.domain.limits import RESET_JITTER_MS, State, Window
from tokendial.domain.zones import day_start_ms, local_day, local_time

SPENT_PERCENT = 100


class Fired(msgspec.Struct, frozen=True):
    """The highest step that was told of a subject, in the window or period with this mark, which ends at `until_ms`."""

    mark: int
    step: int
    until_ms: int


class Subject(NamedTuple):
    """What is watched, as it stands now.

    `marks` are those of its running window or period, the last one to be remembered; `tolerance` is how far a mark may
    be off. `may_fire` is false where the figures are too old to be news.
    """

    key: str
    marks: tuple[int, ...]
    tolerance: int
    until_ms: int
    step: int
    may_fire: bool = True

    def is_same_period(self, mark: int) -> bool:
        """Whether a remembered mark is of the window or period that runs now."""
        return any(abs(own - mark) <= self.tolerance for own in self.marks)


def news(subject: Subject, before: Fired | None) -> Fired | None:
    """What is to be told and remembered; None where all was told.

    Of several steps that were passed at once only the highest is told, and the lower ones never afterwards.
    """
    told = before.step if before is not None and subject.is_same_period(before.mark) else 0
    if not subject.may_fire or subject.step <= told:
        return None
    return Fired(subject.marks[-1], subject.step, subject.until_ms)


def highest_step(used: int | float, whole: int | float, steps: Sequence[int]) -> int:
    """The highest of some steps in percent that `used` of `whole` has reached; 0 for none."""
    return max((step for step in steps if whole > 0 and used * 100 >= step * whole), default=0)


def of_window(key: str, window: Window, steps: Sequence[int], state: State) -> Subject:
    """A running window by its use. What is stale does not fire, and what is unknown stands at no step."""
    used = window.used_percent
    step = 0 if used is None else highest_step(used, 100, steps)
    return Subject(key, _marks(window), 2 * RESET_JITTER_MS, window.end_ms, step, state == "fresh")


def of_forecast(key: str, window: Window, ahead: Forecast | None, state: State) -> Subject:
    """A running window by where it is going: step 1 where it will run out before its reset."""
    step = int(will_run_out(window, ahead))
    return Subject(key, _marks(window), 2 * RESET_JITTER_MS, window.end_ms, step, state == "fresh")


def will_run_out(window: Window, ahead: Forecast | None) -> bool:
    """Whether a window is sure enough to run out before its reset.

    The low half of the forecast's range lies above 100 % in its middle: its very end is where all that was ever slow
    goes on, and would tell only when it is too late. A window that is spent already is another matter, and one without
    a forecast is unknown.
    """
    if ahead is None or ahead.runs_out_at_ms is None or (window.used_percent or 0) >= SPENT_PERCENT:
        return False
    return (ahead.low_percent + ahead.at_reset_percent) / 2 >= SPENT_PERCENT


def _marks(window: Window) -> tuple[int, ...]:
    """Every reset that was read of the window, and the one that holds at the end."""
    return (*sorted({r.resets_at_ms for r in window.readings if r.resets_at_ms is not None}), window.end_ms)


def minute_of(text: str) -> int | None:
    """A time of the day written as `22:00`, in minutes since midnight; None where it is none."""
    hour, colon, minute = text.partition(":")
    if not colon or len(hour) != 2 or len(minute) != 2 or not (hour + minute).isdecimal() or not text.isascii():
        return None
    found = int(hour) * 60 + int(minute)
    return found if int(hour) < 24 and int(minute) < 60 else None


def is_quiet(now_ms: int, zone: ZoneInfo, start: int | None, end: int | None) -> bool:
    """Whether the wall clock of the zone stands in [start, end), minutes since midnight; it may pass midnight.

    Without both, or where both are the same, it is never quiet.
    """
    if start is None or end is None or start == end:
        return False
    clock = local_time(now_ms, zone)
    minute = clock.hour * 60 + clock.minute
    return start <= minute < end if start < end else minute >= start or minute < end


def tomorrow_ms(now_ms: int, zone: ZoneInfo) -> int:
    """When the next day of the zone begins."""
    return day_start_ms(local_day(now_ms, zone) + timedelta(days=1), zone)


def clock_text(at_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    """An instant as the zone's clock shows it: `16:40`, with the weekday within a week, else with the day."""
    at: datetime = local_time(at_ms, zone)
    days = (at.date() - local_day(now_ms, zone)).days
    if days == 0:
        return f"{at:%H:%M}"
    return f"{at:%a %H:%M}" if 0 < days < 7 else f"{at.day} {at:%b %H:%M}"
