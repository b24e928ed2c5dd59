"""The responses of a session in the order of time, as few enough points to draw."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tokendial.domain.money import PICO_PER_USD
from tokendial.domain.pricing import cost_at
from tokendial.services.contract.sessions import SessionRequest, Timeline, TimelinePoint
from tokendial.services.view import View
from tokendial.store import events as stored
from tokendial.store.events import EventFilter, EventRow
from tokendial.store.past import removed_within

POINTS = 240
MAX_RESPONSES = 500_000


def timeline(view: View, request: SessionRequest) -> Timeline:
    """Every response of a session over all time. A session that is not known has none."""
    every = len(view.allowed) == len(view.labels)
    wanted = EventFilter(label_ids=None if every else view.allowed, session=request.id)
    rows = stored.newest(view.connection, wanted, MAX_RESPONSES)[::-1]
    numbers = stored.sessions_named(view.connection, request.id)
    removed = removed_within(view.connection, None, None, view.allowed, numbers)
    return Timeline(len(rows), [_point(view, part) for part in _parts(rows)], *removed)


def _parts(rows: Sequence[EventRow]) -> list[Sequence[EventRow]]:
    """As many parts as fit, of equal length or one more."""
    count = min(POINTS, len(rows))
    cuts = [place * len(rows) // count for place in range(count + 1)] if count else []
    return [rows[start:end] for start, end in pairwise(cuts)]


def _point(view: View, rows: Sequence[EventRow]) -> TimelinePoint:
    """Prompt and answer of a response are what the context holds after it."""
    return TimelinePoint(
        start_ms=rows[0].time_ms,
        end_ms=rows[-1].time_ms,
        responses=len(rows),
        tokens=sum(row.tokens.total for row in rows),
        cost=sum(_pico(view, row) for row in rows) / PICO_PER_USD,
        context=max(row.tokens.total for row in rows),
    )


def _pico(view: View, row: EventRow) -> int:
    rates = view.pricer.rates(row.label_id, view.pricer.epoch_of(row.time_ms))
    return 0 if rates is None else cost_at(row.tokens, rates).total
