"""The list of sessions: searched, sorted and cut into pages over all that the ledger knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Literal

from tokendial.services import paging
from tokendial.services.contract.sessions import SessionSort, SessionsPage, SessionsRequest
from tokendial.services.paging import Place
from tokendial.services.session_sums import SessionSum, sums_of_all
from tokendial.services.sessions import row_of, usage
from tokendial.services.view import View
from tokendial.store import sessions as stored
from tokendial.store.session_places import SessionPlace, places

_BY_USAGE: dict[SessionSort, Callable[[SessionSum], int]] = {
    "tokens": lambda used: used.tokens,
    "cost": lambda used: used.cost,
    "events": lambda used: used.events,
}
_BY_TEXT: dict[SessionSort, Callable[[str], str]] = {
    "title": str.casefold,
    "model": str,
    "project": lambda folder: _last_part(folder).casefold(),
    "parent": str.casefold,
}
_Key = int | str | None
_Keyed = tuple[_Key, SessionPlace]


class _At(Place):
    """A page beside a session: what it was sorted by, its id, its number."""

    value: _Key
    id: str
    num: int


def page(view: View, request: SessionsRequest, folders: Collection[str] | None = None) -> SessionsPage:
    """A page of sessions with usage in the range; `folders` are those of the project that is asked for.

    Raises BadRequest for a page that makes no sense.
    """
    paging.check_limit(request.limit)
    at = paging.place_of(request.at, _At)
    period = view.range(request)
    words = request.search.lower().split()
    found = places(view.connection, period.start_ms, period.end_ms, view.home_ids, request.sort, searched=bool(words))
    if folders is not None:
        found = [one for one in found if one.folder in folders]
    found = [one for one in found if all(word in one.text.lower() for word in words)]
    keys = _keys(view, request, found, period.start_ms, period.end_ms)
    ordered = _ordered(keys, descending=request.descending)
    begin, end = _window(ordered, request, at)
    numbers = [one.num for _, one in ordered[begin:end]]
    rows = stored.by_numbers(view.connection, numbers)
    shown = [rows[number] for number in numbers]
    totals = usage(view, shown, period.start_ms, period.end_ms)
    parents = {one: stored.by_id(view.connection, one) for one in {row.parent for row in shown if row.parent}}
    return SessionsPage(
        total=len(found),
        offset=begin,
        rows=[row_of(row, totals[row.num], parents.get(row.parent or "")) for row in shown],
        previous=_beside("before", ordered[begin]) if begin > 0 else None,
        next=_beside("after", ordered[end - 1]) if end < len(ordered) else None,
        last=paging.LAST if end < len(ordered) else None,
    )


def _keys(
    view: View, request: SessionsRequest, found: Sequence[SessionPlace], start_ms: int | None, end_ms: int | None
) -> list[_Keyed]:
    """Each session with what it is sorted by; None where it has none."""
    of_usage, of_text = _BY_USAGE.get(request.sort), _BY_TEXT.get(request.sort)
    if of_usage is not None:
        sums, nothing = sums_of_all(view, start_ms, end_ms), SessionSum()
        return [(of_usage(sums.get(one.num, nothing)), one) for one in found]
    if of_text is not None:
        return [(of_text(one.value) if isinstance(one.value, str) and one.value else None, one) for one in found]
    return [(one.value or 0, one) for one in found]


def _ordered(keyed: Sequence[_Keyed], *, descending: bool) -> list[_Keyed]:
    """By the key, equal ones by id, those without a key last."""
    known = sorted((one for one in keyed if one[0] is not None), key=_rank, reverse=descending)
    return known + sorted((one for one in keyed if one[0] is None), key=_rank)


def _rank(keyed: _Keyed) -> tuple[_Key, str, int]:
    key, one = keyed
    return key, one.id, one.num


def _window(ordered: Sequence[_Keyed], request: SessionsRequest, at: _At | None) -> tuple[int, int]:
    """Where the page begins and ends."""
    total, limit = len(ordered), request.limit
    if request.at == paging.LAST:
        return total - paging.last_length(total, limit), total
    begin = 0
    if at is not None:
        before = sum(_precedes(one, at, descending=request.descending) for one in ordered)
        begin = max(0, before - limit) if at.direction == "before" else before + _is_there(ordered, before, at)
        if begin >= total:  # what came after is gone
            begin = total - paging.last_length(total, limit)
    return begin, min(begin + limit, total)


def _precedes(keyed: _Keyed, at: _At, *, descending: bool) -> bool:
    mine, other = _rank(keyed), (at.value, at.id, at.num)
    if mine[0] is None or at.value is None:
        return mine[1:] < other[1:] if mine[0] == at.value else at.value is None
    if type(mine[0]) is not type(at.value):
        raise paging.no_such_page()  # of a list that was sorted by something else
    return mine > other if descending else mine < other


def _is_there(ordered: Sequence[_Keyed], place: int, at: _At) -> bool:
    """Whether the row that a page is after is still in its place."""
    return place < len(ordered) and _rank(ordered[place]) == (at.value, at.id, at.num)


def _beside(direction: Literal["after", "before"], keyed: _Keyed) -> str:
    return paging.written(_At(direction, *_rank(keyed)))


def _last_part(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]
