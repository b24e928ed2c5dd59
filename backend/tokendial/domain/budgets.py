"""The periods of budgets: a day, a week, a month, or a billing cycle, in days of the user's zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from tokendial.domain.zones import day_start_ms, local_day

BudgetPeriod = Literal["day", "week", "month", "cycle"]


class Period(NamedTuple):
    """The days from `first` to before `after`, and the instants [start_ms, end_ms) of them."""

    first: date
    after: date
    start_ms: int
    end_ms: int


def current_period(name: BudgetPeriod, now_ms: int, zone: ZoneInfo, first_weekday: int, start_day: int) -> Period:
    """The period that an instant lies in.

    `first_weekday` counts from Monday = 0; `start_day` is the day of the month on which a billing cycle begins, the
    last one of a shorter month.
    """
    first, after = _days(name, local_day(now_ms, zone), first_weekday, start_day)
    return Period(first, after, day_start_ms(first, zone), day_start_ms(after, zone))


def _days(name: BudgetPeriod, today: date, first_weekday: int, start_day: int) -> tuple[date, date]:
    if name == "day":
        return today, today + timedelta(days=1)
    if name == "week":
        first = today - timedelta(days=(today.weekday() - first_weekday) % 7)
        return first, first + timedelta(days=7)
    day = start_day if name == "cycle" else 1
    first = _in_month(today.year, today.month, day)
    if first > today:
        return _in_month(today.year, today.month - 1, day), first
    return first, _in_month(today.year, today.month + 1, day)


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month, the last one where it is shorter; the month may be 0 or 13."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))
