"""The list of sessions: searched, sorted and cut into pages over all that the ledger knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from tokendial.errors import BadRequest
from tokendial.services.contract.sessions import SessionSort, SessionsPage, SessionsRequest
from tokendial.services.sessions import row_of, usage
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store import sessions as stored
from tokendial.store.sessions import SessionRow as StoredSession

MAX_PAGE = 500
_Key = float | str | None
_KeyOf = Callable[[StoredSession, Totals], _Key]
_SORTS: dict[SessionSort, _KeyOf] = {
    "last_seen": lambda row, _totals: row.last_seen_ms or 0,
    "started": lambda row, _totals: row.started_ms or 0,
    "duration": lambda row, _totals: (row.last_seen_ms or 0) - (row.started_ms or row.last_seen_ms or 0),
    "tokens": lambda _row, totals: totals.tokens.total,
    "cost": lambda _row, totals: totals.cost.total,
    "events": lambda _row, totals: totals.events,
    "title": lambda row, _totals: row.title.casefold() if row.title else None,
    "model": lambda row, _totals: row.model,
    "project": lambda row, _totals: _last_part(row.cwd).casefold() if row.cwd else None,
}


def page(view: View, request: SessionsRequest, folders: Collection[str] | None = None) -> SessionsPage:
    """A page of sessions with usage in the range; `folders` are those of the project that is asked for.

    Raises BadRequest for a page that makes no sense.
    """
    if request.offset < 0 or not 1 <= request.limit <= MAX_PAGE:
        raise BadRequest(f"A page has 1 to {MAX_PAGE} rows and begins at 0 or later.", field="limit")
    period = view.range(request)
    found = stored.with_usage(view.connection, period.start_ms, period.end_ms, view.home_ids)
    if folders is not None:
        found = [row for row in found if (row.cwd or "") in folders]
    words = request.search.lower().split()
    found = [row for row in found if all(word in _haystack(row) for word in words)]
    by_usage = request.sort in ("tokens", "cost", "events")
    totals = usage(view, found, period.start_ms, period.end_ms) if by_usage else {}
    empty, key = Totals(), _by_parent(view) if request.sort == "parent" else _SORTS[request.sort]
    keyed = [(key(row, totals.get(row.num, empty)), row) for row in found]
    shown = _ordered(keyed, descending=request.descending)[request.offset : request.offset + request.limit]
    if not by_usage:
        totals = usage(view, shown, period.start_ms, period.end_ms)
    parents = {one: stored.by_id(view.connection, one) for one in {row.parent for row in shown if row.parent}}
    rows = [row_of(row, totals[row.num], parents.get(row.parent or "")) for row in shown]
    return SessionsPage(len(found), request.offset, rows)


def _ordered(keyed: Sequence[tuple[_Key, StoredSession]], *, descending: bool) -> list[StoredSession]:
    """By the key, equal ones by id, those without a key last."""
    known = sorted(((key, row.id, row.num, row) for key, row in keyed if key is not None), reverse=descending)
    return [row for *_, row in known] + sorted((row for key, row in keyed if key is None), key=lambda row: row.id)


def _by_parent(view: View) -> _KeyOf:
    titles = {row.id: row.title for row in stored.with_usage(view.connection, None, None, view.home_ids)}
    return lambda row, _totals: (titles.get(row.parent) or row.parent).casefold() if row.parent else None


def _last_part(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _haystack(row: StoredSession) -> str:
    return " ".join(text for text in (row.id, row.title, row.cwd, row.model, row.agent, row.branch) if text).lower()
