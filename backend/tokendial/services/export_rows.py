"""The rows of an export, one after another: responses, sessions, days.

Times are ISO 8601 in UTC, money is exact decimal text and null where nothing has a price; the models without one are
named in `unpriced_models`, so that nothing unpriced looks free.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tokendial.domain.money import usd_string
from tokendial.domain.periods import Range, buckets
from tokendial.domain.pricing import cost_at
from tokendial.domain.records import EventFlag
from tokendial.domain.tokens import TokenCounts
from tokendial.domain.zones import local_day
from tokendial.services import sessions as session_service
from tokendial.services.contract.exports import ExportKind
from tokendial.services.gather import Gathered
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store import events, sessions
from tokendial.store.events import EventFilter
from tokendial.store.past import Removed, removed_within

Value = str | int | bool | None | list[str]
Row = dict[str, Value]
_SESSIONS_AT_ONCE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Rows(NamedTuple):
    """How many rows there will be, the names of their fields, and the rows."""

    total: int
    columns: Sequence[str]
    each: Iterator[Row]


TOKENS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens",
)  # fmt: skip
_MONEY = ("cost_usd", "unpriced_models")
COLUMNS: dict[ExportKind, tuple[str, ...]] = {
    "events": (
        "time", "provider", "session", "session_title", "project", "model", "model_assumed", "effort", "tier",
        "originator", "long_context", *TOKENS, *_MONEY,
    ),
    "sessions": (
        "session", "provider", "title", "project", "model", "effort", "originator", "agent", "parent", "started",
        "last_seen", "responses", *TOKENS, *_MONEY, "unpriced_tokens",
    ),
    "days": ("day", "responses", *TOKENS, *_MONEY, "unpriced_tokens"),
}  # fmt: skip


def rows_of(view: View, period: Range, what: ExportKind) -> Rows:
    """The rows of a kind within a period; they are read from the view as they are asked for."""
    make: dict[ExportKind, Callable[[View, Range], tuple[int, Iterator[Row]]]] = {
        "events": _events,
        "sessions": _sessions,
        "days": _days,
    }
    count, each = make[what](view, period)
    return Rows(count, COLUMNS[what], each)


def moment(ms: int | None) -> str | None:
    """An instant as ISO 8601 with milliseconds, in UTC."""
    if ms is None:
        return None
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tokens(counts: TokenCounts) -> Row:
    parts = (counts.input, counts.cache_read, counts.cache_write, counts.cache_write_1h, counts.output)
    return dict(zip(TOKENS, (*parts, counts.reasoning, counts.total), strict=True))


def _money(totals: Totals) -> Row:
    unpriced = sorted(totals.unpriced_models)
    return {"cost_usd": totals.usd, "unpriced_models": [*unpriced], "unpriced_tokens": totals.unpriced_tokens}


def _events(view: View, period: Range) -> tuple[int, Iterator[Row]]:
    every = len(view.allowed) == len(view.labels)
    wanted = EventFilter(period.start_ms, period.end_ms, None if every else view.allowed)

    def each() -> Iterator[Row]:
        for row in events.each(view.connection, wanted):
            label, epoch = view.labels[row.label_id], bisect_right(view.epochs, row.time_ms)
            rates = view.pricer.rates(row.label_id, epoch)
            yield {
                "time": moment(row.time_ms),
                "provider": label.provider,
                "session": row.session_id,
                "session_title": row.title,
                "project": label.project,
                "model": label.model,
                "model_assumed": bool(row.flags & EventFlag.MODEL_ASSUMED),
                "effort": label.effort,
                "tier": label.tier,
                "originator": label.originator,
                "long_context": view.pricer.is_long(row.label_id, epoch),
                **_tokens(row.tokens),
                "cost_usd": None if rates is None else usd_string(cost_at(row.tokens, rates).total),
                "unpriced_models": [label.model] if rates is None else [],
            }

    counted = sum(row.events for row in view.sums(period.start_ms, period.end_ms))
    return counted - without_details(view, period).responses, each()


def without_details(view: View, period: Range) -> Removed:
    """The responses of a period that cannot be written one by one."""
    return removed_within(view.connection, period.start_ms, period.end_ms, view.allowed)


def _sessions(view: View, period: Range) -> tuple[int, Iterator[Row]]:
    found = sessions.with_usage(view.connection, period.start_ms, period.end_ms, view.home_ids)
    found.sort(key=lambda row: (row.started_ms or 0, row.id))

    def each() -> Iterator[Row]:
        for at in range(0, len(found), _SESSIONS_AT_ONCE):
            some = found[at : at + _SESSIONS_AT_ONCE]
            totals = session_service.usage(view, some, period.start_ms, period.end_ms)
            for row in some:
                used = totals[row.num]
                yield {
                    "session": row.id,
                    "provider": row.provider,
                    "title": row.title,
                    "project": row.cwd,
                    "model": row.model,
                    "effort": row.effort,
                    "originator": row.originator,
                    "agent": row.agent,
                    "parent": row.parent,
                    "started": moment(row.started_ms),
                    "last_seen": moment(row.last_seen_ms),
                    "responses": used.events,
                    **_tokens(used.tokens),
                    **_money(used),
                }

    return len(found), each()


def _days(view: View, period: Range) -> tuple[int, Iterator[Row]]:
    """The days on which something was used."""
    parts = buckets(period, "day", view.zone, view.first_weekday)
    found = view.by_time(period.start_ms, period.end_ms, [part.start_ms for part in parts]) if parts else Gathered()
    by_day = found.buckets
    used = [(local_day(parts[place].start_ms, view.zone).isoformat(), by_day[place]) for place in sorted(by_day)]
    each = (
        {"day": day, "responses": totals.events, **_tokens(totals.tokens), **_money(totals)}
        for day, totals in used
        if totals.events
    )
    return len(used), each
