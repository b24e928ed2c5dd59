"""Figures, times and names of a report as a person reads them."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from tokendial.domain.money import usd_string
from tokendial.domain.periods import MONTHS, Range
from tokendial.domain.zones import local_day, local_time
from tokendial.services.printed.markup import Html, tag
from tokendial.services.totals import Totals

_STEPS = ((10**9, "B"), (10**6, "M"), (10**3, "K"))
_UNSAFE = re.compile(r"[^\w.-]+")


def file_name(period: Range, zone: ZoneInfo) -> str:
    """What a report is called unless its owner says otherwise."""
    span = _days(period, zone) or period.label
    return f"tokendial-report-{_UNSAFE.sub('-', span.replace(' to ', '-to-')).strip('-').lower()}.html"


def range_words(period: Range, zone: ZoneInfo) -> str:
    """The range with its days, both included."""
    days = _days(period, zone)
    if days is None:
        return f"{period.label}: nothing was used yet"
    return days if period.name == "custom" else f"{period.label}: {days}"


def _days(period: Range, zone: ZoneInfo) -> str | None:
    if period.start_ms is None or period.end_ms is None:
        return None
    first, last = local_day(period.start_ms, zone), local_day(max(period.start_ms, period.end_ms - 1), zone)
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def moment(at_ms: int, zone: ZoneInfo) -> str:
    """Date and time in the report's zone, with its offset from UTC."""
    at = local_time(at_ms, zone)
    offset = at.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def tokens(count: int) -> str:
    """In three digits: 12.3K, 4.56M, 1.05B; exact below a thousand."""
    for step, letter in _STEPS:
        if count >= step:
            scaled = Decimal(count) / step
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:.{digits}f}{letter}"
    return str(count)


def exact(count: int) -> Html:
    """A count with commas."""
    return tag("data", f"{count:,}", value=str(count))


def dollars(pico: int) -> str:
    """With cents, and four digits below one dollar."""
    amount = Decimal(usd_string(pico))
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:,.4f}"


def cost(totals: Totals) -> Html:
    """What was paid, exact in the value; named as unpriced where nothing of it has a price."""
    if totals.usd is None:
        return tag("span", "no price", class_="missing")
    mark = tag("span", "+", class_="missing", title="A part has no price") if totals.unpriced_models else Html()
    return Html(tag("data", dollars(totals.cost.total), value=usd_string(totals.cost.total)) + mark)


def percent(value: float | None) -> str:
    """Without decimals from ten on, as the page writes it: never rounded up to 100 nor down to 0."""
    if value is None:
        return "unknown"
    if 0 < value < 0.05:
        return "<0.1 %"
    if 99 < value < 100:
        return "99 %"
    digits = Decimal("1") if value >= 9.95 or value == 0 else Decimal("0.1")
    return f"{Decimal(repr(value)).quantize(digits, ROUND_HALF_UP):,} %"
