"""Responses one by one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

import msgspec

from tokendial.domain.money import usd_string
from tokendial.domain.pricing import cost_at
from tokendial.domain.records import EventFlag
from tokendial.services import paging
from tokendial.services.contract.dashboard import EventRow, EventsPage, EventsRequest
from tokendial.services.paging import Place
from tokendial.services.panels import slices
from tokendial.services.totals import Totals, tokens_of
from tokendial.services.view import View
from tokendial.store import events as stored
from tokendial.store import session_usage
from tokendial.store.events import EventFilter, EventKey
from tokendial.store.past import removed_within


class _At(Place):
    """A page beside a response: when it was, its id, and how many responses it and those before it in time are."""

    time_ms: int
    id: int
    behind: int

    @property
    def key(self) -> EventKey:
        """The place in the order of time."""
        return EventKey(self.time_ms, self.id)


class _Cut(NamedTuple):
    """The rows of a page, and whether there are others before and after it."""

    rows: list[stored.EventRow]
    earlier: bool
    later: bool
    offset: int


def page(view: View, request: EventsRequest) -> EventsPage:
    """A page of responses, newest first. Raises BadRequest for a page that makes no sense."""
    paging.check_limit(request.limit)
    at = paging.place_of(request.at, _At)
    period = view.range(request)
    allowed = [number for number in view.allowed if request.model in (None, view.labels[number].model)]
    every = len(allowed) == len(view.labels)
    wanted = EventFilter(period.start_ms, period.end_ms, None if every else allowed, request.session)
    found = slices.cut(view, period, None).gathered
    known = found.groups if request.model is None else {request.model: found.groups.get(request.model, Totals())}
    total = sum(one.events for one in known.values()) if request.session is None else _of_session(view, wanted, allowed)
    numbers = None if request.session is None else stored.sessions_named(view.connection, request.session)
    removed = removed_within(view.connection, period.start_ms, period.end_ms, allowed, numbers)
    total -= removed.responses
    cut = _cut(view, wanted, request, at, total)
    behind = total - cut.offset
    return EventsPage(
        total=total,
        offset=cut.offset,
        rows=[_row(view, row) for row in cut.rows],
        previous=_beside("before", cut.rows[0], behind) if cut.earlier else None,
        next=_beside("after", cut.rows[-1], behind - len(cut.rows)) if cut.later else None,
        last=paging.LAST if cut.later else None,
        models=sorted(found.groups),
        removed=removed.responses,
        removed_before_ms=removed.before_ms,
    )


def _of_session(view: View, wanted: EventFilter, allowed: Collection[int]) -> int:
    numbers = stored.sessions_named(view.connection, wanted.session or "")
    found = session_usage.usage_of(view.connection, numbers, wanted.start_ms, wanted.end_ms, ())
    return sum(one.events for sums in found.values() for one in sums if one.label_id in allowed)


def _cut(view: View, wanted: EventFilter, request: EventsRequest, at: _At | None, total: int) -> _Cut:
    """One row more than asked for tells whether the list goes on; where nothing is left, the page is the last."""
    limit, connection = request.limit, view.connection
    if at is not None and at.direction == "before":
        rows = stored.oldest(connection, wanted, limit + 1, at.key)
        if len(rows) > limit:
            end = total - at.behind
            return _Cut(rows[1:], earlier=True, later=True, offset=max(1, end - limit))
        at = None
    if request.at == paging.LAST:
        rows = stored.oldest(connection, wanted, paging.last_length(total, limit))
        return _Cut(rows, earlier=len(rows) < total, later=False, offset=total - len(rows))
    rows = stored.newest(connection, wanted, limit + 1, None if at is None else at.key)
    if not rows and at is not None:
        return _cut(view, wanted, msgspec.structs.replace(request, at=paging.LAST), None, total)
    later = len(rows) > limit
    rows = rows[:limit]
    offset = 0 if at is None else max(1, total - (at.behind if later else len(rows)))
    return _Cut(rows, earlier=at is not None, later=later, offset=offset)


def _beside(direction: Literal["after", "before"], row: stored.EventRow, behind: int) -> str:
    return paging.written(_At(direction, row.time_ms, row.id, behind))


def _row(view: View, row: stored.EventRow) -> EventRow:
    label = view.labels[row.label_id]
    epoch = view.pricer.epoch_of(row.time_ms)
    rates = view.pricer.rates(row.label_id, epoch)
    return EventRow(
        id=row.id,
        time_ms=row.time_ms,
        provider=label.provider,
        session=row.session_id,
        session_title=row.title,
        project=label.project,
        model=label.model,
        model_assumed=bool(row.flags & EventFlag.MODEL_ASSUMED),
        effort=label.effort,
        tier=label.tier,
        originator=label.originator,
        tokens=tokens_of(row.tokens),
        cost_usd=None if rates is None else usd_string(cost_at(row.tokens, rates).total),
        long_context=view.pricer.is_long(row.label_id, epoch),
    )
