"""Single responses and the sessions they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.tokens import TokenCounts
from tokendial.domain.zones import DAY_MS
from tokendial.store.past import removed_before

_COLUMNS = (
    "e.id, e.time_ms, s.id, s.title, e.label_id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, e.output, "
    "e.reasoning, e.flags"
)
# Cross joins keep the sessions outermost: those that were going on then, each with its responses by time.
_SELECT = f"SELECT {_COLUMNS} FROM session s CROSS JOIN usage_event e ON e.session_num = s.num"  # noqa: S608


class EventRow(NamedTuple):
    """A counted response."""

    id: int
    time_ms: int
    session_id: str
    title: str | None
    label_id: int
    tokens: TokenCounts
    flags: int


class EventKey(NamedTuple):
    """The place of a response in the order of time."""

    time_ms: int
    id: int


class EventFilter(NamedTuple):
    """Which responses: [start_ms, end_ms), of these label sets (None: all), of this session."""

    start_ms: int | None = None
    end_ms: int | None = None
    label_ids: Collection[int] | None = None
    session: str | None = None


def newest(
    connection: sqlite3.Connection, wanted: EventFilter, limit: int, before: EventKey | None = None
) -> list[EventRow]:
    """The newest responses that fit, or the newest of those before a key; newest first."""
    if before is not None:
        wanted = _narrowed(wanted, None, before.time_ms + 1)
    return _page(connection, wanted, limit, ("<", before), "DESC")


def oldest(
    connection: sqlite3.Connection, wanted: EventFilter, limit: int, after: EventKey | None = None
) -> list[EventRow]:
    """The oldest responses that fit, or the oldest of those after a key; newest first."""
    if after is not None:
        wanted = _narrowed(wanted, after.time_ms, None)
    return _page(connection, wanted, limit, (">", after), "ASC")[::-1]


def _narrowed(wanted: EventFilter, start_ms: int | None, end_ms: int | None) -> EventFilter:
    """Within [start_ms, end_ms) as well: of two bounds SQLite would take the first to search by, not the closer one."""
    starts = [one for one in (wanted.start_ms, start_ms) if one is not None]
    ends = [one for one in (wanted.end_ms, end_ms) if one is not None]
    return wanted._replace(start_ms=max(starts, default=None), end_ms=min(ends, default=None))


def _page(
    connection: sqlite3.Connection, wanted: EventFilter, limit: int, beyond: tuple[str, EventKey | None], order: str
) -> list[EventRow]:
    if wanted.session is not None:
        return list(_rows(connection, wanted, beyond, order, limit))
    found: list[EventRow] = []
    for bounds in _times(connection, wanted, BUCKET_MS, order):
        quarter = _narrowed(wanted, *bounds)
        found += _rows(connection, quarter, beyond, order, limit - len(found))
        if len(found) >= limit:
            break
    return found


def _rows(
    connection: sqlite3.Connection,
    wanted: EventFilter,
    beyond: tuple[str, EventKey | None],
    order: str,
    limit: int = -1,
) -> Iterator[EventRow]:
    where, values = _where(wanted)
    sign, key = beyond
    if key is not None:
        where, values = f"{where} AND (e.time_ms, e.id) {sign} (?, ?)", [*values, *key]
    rows = connection.execute(f"{_SELECT} {where} ORDER BY e.time_ms {order}, e.id {order} LIMIT ?", [*values, limit])
    return map(_event, rows)


def _times(
    connection: sqlite3.Connection, wanted: EventFilter, step_ms: int, order: str
) -> Iterator[tuple[int | None, int]]:
    """The steps [start, end) that have responses of these label sets: of a rare model no other rows are read.

    All time whose details were removed is one step: few responses are left there.
    """
    before = removed_before(connection)
    early = before is not None and (wanted.start_ms is None or wanted.start_ms < before)
    if before is not None and early and order == "ASC":
        yield None, before
    low, high = wanted.start_ms, wanted.end_ms
    if early:
        low = before
    labels = "" if wanted.label_ids is None else f"AND label_id IN ({_numbers(wanted.label_ids)})"
    rows = connection.execute(
        f"SELECT DISTINCT bucket / {step_ms // BUCKET_MS} FROM usage_rollup WHERE bucket BETWEEN ? AND ? {labels} "  # noqa: S608
        f"ORDER BY bucket {order}",
        (0 if low is None else low // BUCKET_MS, 1 << 62 if high is None else high // BUCKET_MS),
    )
    for (step,) in rows:
        start_ms = step * step_ms
        yield max(start_ms, before) if before is not None and early else start_ms, start_ms + step_ms
    if before is not None and early and order == "DESC":
        yield None, before


def sessions_named(connection: sqlite3.Connection, identity: str) -> list[int]:
    """The numbers of the sessions of an id, one a provider."""
    return [int(row[0]) for row in connection.execute("SELECT num FROM session WHERE id = ?", (identity,))]


def each(connection: sqlite3.Connection, wanted: EventFilter) -> Iterator[EventRow]:
    """Every counted response that fits, oldest first, read a day at a time as it is asked for."""
    for bounds in _times(connection, wanted, DAY_MS, "ASC"):
        yield from _rows(connection, _narrowed(wanted, *bounds), (">", None), "ASC")


def _numbers(numbers: Collection[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


def _event(row: Sequence[Any]) -> EventRow:
    return EventRow(row[0], row[1], row[2], row[3], row[4], TokenCounts(*row[5:11]), row[11])


def _where(wanted: EventFilter) -> tuple[str, list[int | str]]:
    conditions, values = ["e.status = 0"], list[int | str]()
    if wanted.start_ms is not None:
        conditions.append("s.last_event_ms >= ? AND e.time_ms >= ?")
        values += [wanted.start_ms, wanted.start_ms]
    if wanted.end_ms is not None:
        conditions.append("s.first_event_ms < ? AND e.time_ms < ?")
        values += [wanted.end_ms, wanted.end_ms]
    if wanted.label_ids is not None:
        conditions.append(f"e.label_id IN ({_numbers(wanted.label_ids)})")
    if wanted.session is not None:
        conditions.append("s.id = ?")
        values.append(wanted.session)
    return f"WHERE {' AND '.join(conditions)}", values
