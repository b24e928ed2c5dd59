"""Responses one by one."""

from __future__ import annotations

from tokendial.domain.money import usd_string
from tokendial.domain.pricing import cost_at
from tokendial.domain.records import EventFlag
from tokendial.errors import BadRequest
from tokendial.services.contract.dashboard import EventRow, EventsPage, EventsRequest
from tokendial.services.panels import slices
from tokendial.services.totals import Totals, tokens_of
from tokendial.services.view import View
from tokendial.store import events as stored
from tokendial.store.events import EventFilter

MAX_PAGE = 500


def page(view: View, request: EventsRequest) -> EventsPage:
    """A page of responses, newest first. Raises BadRequest for a page that makes no sense."""
    if request.offset < 0 or not 1 <= request.limit <= MAX_PAGE:
        raise BadRequest(f"A page has 1 to {MAX_PAGE} rows and begins at 0 or later.", field="limit")
    period = view.range(request)
    allowed = [number for number in view.allowed if request.model in (None, view.labels[number].model)]
    every = len(allowed) == len(view.labels)
    wanted = EventFilter(period.start_ms, period.end_ms, None if every else allowed, request.session)
    found = slices.cut(view, period, None).gathered
    known = found.groups if request.model is None else {request.model: found.groups.get(request.model, Totals())}
    total = sum(one.events for one in known.values())
    return EventsPage(
        total=stored.count(view.connection, wanted) if request.session is not None else total,
        offset=request.offset,
        rows=[_row(view, row) for row in stored.page(view.connection, wanted, request.offset, request.limit)],
        models=sorted(found.groups),
    )


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
