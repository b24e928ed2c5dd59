"""Sessions: the list, and one session with its family, files and audit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from tokendial.errors import BadRequest, NotFound
from tokendial.providers import provider
from tokendial.services import audit
from tokendial.services.contract.sessions import (
    SessionDetail,
    SessionFacts,
    SessionRequest,
    SessionRow,
    SessionsPage,
    SessionsRequest,
    SourceFile,
)
from tokendial.services.totals import Totals, total_of
from tokendial.services.view import View
from tokendial.store import sessions as stored
from tokendial.store.sessions import SessionRow as StoredSession

MAX_PAGE = 500
_WORD = re.compile(r"\w[\w.-]*", re.ASCII)
_SORTS: dict[str, Callable[[StoredSession, Totals], float]] = {
    "tokens": lambda _row, totals: totals.tokens.total,
    "cost": lambda _row, totals: totals.cost.total,
    "events": lambda _row, totals: totals.events,
    "started": lambda row, _totals: row.started_ms or 0,
    "last_seen": lambda row, _totals: row.last_seen_ms or 0,
}


def page(view: View, request: SessionsRequest) -> SessionsPage:
    """A page of sessions with usage in the range. Raises BadRequest for a page that makes no sense."""
    if request.offset < 0 or not 1 <= request.limit <= MAX_PAGE:
        raise BadRequest(f"A page has 1 to {MAX_PAGE} rows and begins at 0 or later.", field="limit")
    period = view.range(request)
    found = stored.with_usage(view.connection, period.start_ms, period.end_ms, view.home_ids)
    words = request.search.lower().split()
    found = [row for row in found if all(word in _haystack(row) for word in words)]
    by_usage = request.sort in ("tokens", "cost", "events")
    totals = usage(view, found, period.start_ms, period.end_ms) if by_usage else {}
    empty, key = Totals(), _SORTS[request.sort]
    found.sort(key=lambda row: (key(row, totals.get(row.num, empty)), row.id), reverse=request.descending)
    shown = found[request.offset : request.offset + request.limit]
    if not by_usage:
        totals = usage(view, shown, period.start_ms, period.end_ms)
    return SessionsPage(len(found), request.offset, [_row(row, totals[row.num]) for row in shown])


def detail(view: View, request: SessionRequest) -> SessionDetail:
    """One session, its usage over all time. Raises NotFound."""
    row = stored.by_id(view.connection, request.id)
    if row is None:
        raise NotFound("The ledger knows no session of this id.", id=request.id[:80])
    parent = stored.by_id(view.connection, row.parent) if row.parent else None
    children = stored.children(view.connection, row.id)
    family = [one for one in (row, parent, *children) if one is not None]
    totals = usage(view, family, None, None, everywhere=True)
    audits = stored.audit_of(view.connection, row.num)
    return SessionDetail(
        session=_row(row, totals[row.num]),
        branch=row.branch,
        cwd=row.cwd,
        client_version=row.client_version,
        prompts=stored.prompt_count(view.connection, row.num),
        compactions=row.compactions,
        resume_command=_resume_command(row),
        parent=None if parent is None else _row(parent, totals[parent.num]),
        children=[_row(child, totals[child.num]) for child in children],
        files=[
            SourceFile(
                path=file.path,
                state=file.status,
                size=file.size,
                read_to=file.cursor,
                audit=audit.lines(one for one in audits if one.file_id == file.id),
            )
            for file in stored.files_of(view.connection, row.num)
        ],
        audit=audit.lines(audits),
    )


def find(view: View, session: str) -> StoredSession:
    """The session of an id or of the beginning of one. Raises NotFound, or BadRequest where several begin like this."""
    exact = stored.by_id(view.connection, session)
    if exact is not None:
        return exact
    found = stored.matching(view.connection, session)
    if not found:
        raise NotFound(f"The ledger knows no session {session!r}.", id=session[:80])
    if len(found) > 1:
        raise BadRequest(f"Several sessions begin with {session!r}.", ids=[row.id for row in found])
    return found[0]


def usage(
    view: View,
    rows: Sequence[StoredSession],
    start_ms: int | None,
    end_ms: int | None,
    *,
    everywhere: bool = False,
) -> dict[int, Totals]:
    """What these sessions used in [start_ms, end_ms), by their number: within the filter, or in all their homes."""
    found = stored.usage_of(view.connection, [row.num for row in rows], start_ms, end_ms, view.epochs)
    allowed = view.labels.keys() if everywhere else view.allowed
    return {
        number: total_of((one for one in sums if one.label_id in allowed), view.labels, view.pricer)
        for number, sums in found.items()
    }


def _resume_command(row: StoredSession) -> str | None:
    """None for an id that a shell would not take as one word: ids are log text, and this is made to be pasted."""
    return provider(row.provider).logs.resume_command(row.id) if _WORD.fullmatch(row.id) else None


def _haystack(row: StoredSession) -> str:
    return " ".join(text for text in (row.id, row.title, row.cwd, row.model, row.agent, row.branch) if text).lower()


def facts(row: StoredSession) -> SessionFacts:
    """What a session is, as the contract has it."""
    return SessionFacts(
        id=row.id,
        provider=row.provider,
        title=row.title,
        project=row.cwd,
        model=row.model,
        effort=row.effort,
        agent=row.agent,
        parent_id=row.parent,
        started_at_ms=row.started_ms or row.last_seen_ms or 0,
        last_seen_ms=row.last_seen_ms or row.started_ms or 0,
        context_used=row.context_used,
        context_window=row.context_window,
    )


def _row(row: StoredSession, totals: Totals) -> SessionRow:
    return SessionRow(**msgspec.structs.asdict(facts(row)), originator=row.originator, usage=totals.usage())
