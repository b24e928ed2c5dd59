"""A year of days."""

from __future__ import annotations

from datetime import timedelta

from tokendial.domain.periods import Bucket, Range, buckets
from tokendial.domain.zones import day_start_ms, local_day
from tokendial.services.contract.dashboard import Calendar, CalendarDay
from tokendial.services.gather import alike
from tokendial.services.totals import Totals
from tokendial.services.view import View

DAYS = 365


def calendar(view: View) -> Calendar:
    """The last 365 days, today included. Days before the ledger's first event are not covered."""
    today = local_day(view.now_ms, view.zone)
    first = today - timedelta(days=DAYS - 1)
    period = Range(
        name="custom",
        start_ms=day_start_ms(first, view.zone),
        end_ms=day_start_ms(today + timedelta(days=1), view.zone),
        zone=view.zone.key,
        label="",
        first_day=first,
        last_day=today,
    )
    days = buckets(period, "day", view.zone)
    name = ("calendar", view.zone.key)
    cuts = tuple(day.start_ms for day in days)
    found = view.gathered(period.start_ms, period.end_ms, cuts, name, alike, alike)
    empty = Totals()
    per_day = [found.buckets.get(place, empty) for place in range(len(days))]
    since = view.span[0] if view.span else view.now_ms

    def told(some: slice) -> list[CalendarDay]:
        return [_day(view, day, one, since) for day, one in zip(days[some], per_day[some], strict=True)]

    over = view.closed_cost(("days of the calendar", name, first, since), view.today_ms, lambda: told(slice(-1)))
    return Calendar(
        days=[*over, *told(slice(-1, None))],
        usage=found.total.usage(),
        active_days=sum(1 for one in per_day if one.events),
    )


def _day(view: View, day: Bucket, used: Totals, since: int) -> CalendarDay:
    return CalendarDay(
        day=local_day(day.start_ms, view.zone).isoformat(),
        tokens=used.tokens.total,
        cost=used.dollars,
        events=used.events,
        covered=day.end_ms > since,
    )
