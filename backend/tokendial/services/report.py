"""`tokendial report`: the figures of the dashboard as rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.money import usd_string
from tokendial.domain.periods import Range, Unit, bounded, bucket_day, buckets, days_label, parse_day
from tokendial.domain.zones import day_start_ms, local_day, local_time
from tokendial.errors import BadRequest
from tokendial.ingest.scanner import ScanReport
from tokendial.services.contract.common import Dimension
from tokendial.services.gather import Gathered, alike, gather
from tokendial.services.ledger import Ledger
from tokendial.services.panels.dimensions import key_of
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.services.zone import system_zone
from tokendial.store import sessions

By = Literal["day", "week", "month", "hour", "model", "effort", "project", "session", "provider"]
_UNITS: dict[str, Unit] = {"hour": "hour", "day": "day", "week": "week", "month": "month"}
_DIMENSIONS: dict[str, Dimension] = {"model": "model", "effort": "effort", "project": "project", "provider": "provider"}


class Figures(msgspec.Struct, kw_only=True):
    """The fields of a row and of the totals; `cost_usd` is exact."""

    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    total_tokens: int
    events: int
    cost_usd: str
    unpriced_models: list[str]


class Row(Figures, kw_only=True):
    """A row; `key` is a day, week (its first day), month, hour, or the name that it is grouped by."""

    key: str


class Scan(msgspec.Struct, kw_only=True):
    """What the scan before the report did."""

    files: int
    files_read: int
    bytes_read: int
    events_added: int
    refused: int
    seconds: float


class Report(msgspec.Struct, kw_only=True):
    """The whole answer; `schema` changes only when a field changes its meaning or goes."""

    schema: int = 1
    generated_at: str
    timezone: str
    by: By
    totals: Figures
    rows: list[Row]
    scan: Scan


def report(
    ledger: Ledger,
    by: By,
    scan: ScanReport,
    *,
    since: str | None = None,
    until: str | None = None,
    zone: ZoneInfo | None = None,
    provider: str | None = None,
) -> Report:
    """Figures of the days `since` to `until`, both included, in a zone (None: the system's).

    Raises BadRequest naming the field.
    """
    with ledger.view(provider=provider, zone=zone or system_zone()) as view:
        period = period_of(view, since, until)
        rows, total = rows_of(view, period, by)
        return Report(
            generated_at=datetime.fromtimestamp(view.now_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            timezone=view.zone.key,
            by=by,
            totals=_figures(total),
            rows=[_row(key, totals) for key, totals in rows if totals.events],
            scan=Scan(
                files=scan.files,
                files_read=scan.files_read,
                bytes_read=scan.bytes_read,
                events_added=scan.events_added,
                refused=scan.refused,
                seconds=round(scan.seconds, 4),
            ),
        )


def period_of(view: View, since: str | None, until: str | None) -> Range:
    """The days `since` to `until`, both included, in the zone of the view. Raises BadRequest naming the field."""
    first = parse_day(since, "since") if since else None
    last = parse_day(until, "until") if until else None
    if first is not None and last is not None and last < first:
        raise BadRequest("The last day is before the first one.", field="until")
    start = None if first is None else day_start_ms(first, view.zone)
    end = None if last is None else day_start_ms(last.fromordinal(last.toordinal() + 1), view.zone)
    whole = Range(name="alltime", start_ms=None, end_ms=None, zone=view.zone.key, label="All time")
    open_range = bounded(whole, view.span[0], max(view.span[1], view.now_ms)) if view.span else whole
    label = days_label(first, last) if first and last else "All time"
    return Range(
        name="custom",
        start_ms=open_range.start_ms if start is None else start,
        end_ms=open_range.end_ms if end is None else end,
        zone=view.zone.key,
        label=label,
    )


def rows_of(view: View, period: Range, by: By) -> tuple[list[tuple[str, Totals]], Totals]:
    """What was used by day, name and so on, in the order of a report, also where it is nothing; and all of it."""
    if by in _UNITS:
        return _by_time(view, period, _UNITS[by])
    name = alike if by == "session" else key_of(_DIMENSIONS[by])
    found = gather(view.sums(period.start_ms, period.end_ms), view.labels, view.pricer, name, name)
    if by == "session":
        return _by_session(view, period), found.total
    ranked = sorted(found.groups.items(), key=lambda item: (-item[1].tokens.total, item[0]))
    return [(key or "unknown", one) for key, one in ranked], found.total


def _by_time(view: View, period: Range, unit: Unit) -> tuple[list[tuple[str, Totals]], Totals]:
    parts = buckets(period, unit, view.zone, view.first_weekday)
    found = view.by_time(period.start_ms, period.end_ms, [part.start_ms for part in parts]) if parts else Gathered()
    name = _namer(unit, view.zone, view.first_weekday)
    empty = Totals()
    return [(name(part.start_ms), found.buckets.get(place, empty)) for place, part in enumerate(parts)], found.total


def _by_session(view: View, period: Range) -> list[tuple[str, Totals]]:
    from tokendial.services.sessions import usage  # noqa: PLC0415 - the other rows do without

    found = sessions.with_usage(view.connection, period.start_ms, period.end_ms, view.home_ids)
    totals = usage(view, found, period.start_ms, period.end_ms)
    ordered = sorted(found, key=lambda row: (row.started_ms or 0, row.id))
    return [(row.id, totals[row.num]) for row in ordered]


def _namer(unit: Unit, zone: ZoneInfo, first_weekday: int) -> Callable[[int], str]:
    """Hours carry their offset from UTC, because one of them comes twice when the clock is put back.

    A week has the name of its first day, also where the report begins within it.
    """
    if unit == "hour":
        return lambda at_ms: local_time(at_ms, zone).isoformat(timespec="minutes")
    if unit == "month":
        return lambda at_ms: local_time(at_ms, zone).strftime("%Y-%m")
    return lambda at_ms: bucket_day(unit, local_day(at_ms, zone), first_weekday).isoformat()


def _figures(totals: Totals) -> Figures:
    counts = totals.tokens
    return Figures(
        input_tokens=counts.input,
        cache_read_tokens=counts.cache_read,
        cache_write_tokens=counts.cache_write,
        cache_write_1h_tokens=counts.cache_write_1h,
        output_tokens=counts.output,
        reasoning_tokens=counts.reasoning,
        total_tokens=counts.total,
        events=totals.events,
        cost_usd=usd_string(totals.cost.total),
        unpriced_models=sorted(totals.unpriced_models),
    )


def _row(key: str, totals: Totals) -> Row:
    figures = _figures(totals)
    return Row(key=key, **{name: getattr(figures, name) for name in Figures.__struct_fields__})
