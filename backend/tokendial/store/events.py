"""Single responses and the sessions they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.tokens import TokenCounts

_SELECT = (
    "SELECT e.id, e.time_ms, s.id, s.title, e.label_id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, "
    "e.output, e.reasoning, e.flags FROM usage_event e JOIN session s ON s.num = e.session_num"
)


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


def count(connection: sqlite3.Connection, wanted: EventFilter) -> int:
    """How many counted responses fit."""
    where, values = _where(wanted)
    return int(connection.execute(f"SELECT count(*) FROM usage_event e {where}", values).fetchone()[0])  # noqa: S608


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
    if wanted.label_ids is None or wanted.session is not None:
        return _rows(connection, wanted, limit, beyond, order)
    found: list[EventRow] = []
    for start_ms in _quarters(connection, wanted, order):
        quarter = _narrowed(wanted, start_ms, start_ms + BUCKET_MS)
        found += _rows(connection, quarter, limit - len(found), beyond, order)
        if len(found) >= limit:
            break
    return found


def _rows(
    connection: sqlite3.Connection, wanted: EventFilter, limit: int, beyond: tuple[str, EventKey | None], order: str
) -> list[EventRow]:
    where, values = _where(wanted)
    sign, key = beyond
    if key is not None:
        where, values = f"{where} AND (e.time_ms, e.id) {sign} (?, ?)", [*values, *key]
    rows = connection.execute(f"{_SELECT} {where} ORDER BY e.time_ms {order}, e.id {order} LIMIT ?", [*values, limit])
    return [_event(row) for row in rows]


def _quarters(connection: sqlite3.Connection, wanted: EventFilter, order: str) -> Iterator[int]:
    """The quarters of an hour with responses of these label sets: of a rare model no other rows are read."""
    low, high = wanted.start_ms, wanted.end_ms
    rows = connection.execute(
        f"SELECT DISTINCT bucket FROM usage_rollup WHERE label_id IN ({_numbers(wanted.label_ids or ())}) "  # noqa: S608
        f"AND bucket BETWEEN ? AND ? ORDER BY bucket {order}",
        (0 if low is None else low // BUCKET_MS, 1 << 62 if high is None else high // BUCKET_MS),
    )
    return (row[0] * BUCKET_MS for row in rows)


def sessions_named(connection: sqlite3.Connection, identity: str) -> list[int]:
    """The numbers of the sessions of an id, one a provider."""
    return [int(row[0]) for row in connection.execute("SELECT num FROM session WHERE id = ?", (identity,))]


def each(connection: sqlite3.Connection, wanted: EventFilter) -> Iterator[EventRow]:
    """Every counted response that fits, oldest first, read as it is asked for."""
    where, values = _where(wanted)
    # The index on time gives this order, so nothing is sorted and nothing is held.
    return map(_event, connection.execute(f"{_SELECT} {where} ORDER BY e.time_ms, e.id", values))


def _numbers(numbers: Collection[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


def _event(row: Sequence[Any]) -> EventRow:
    return EventRow(row[0], row[1], row[2], row[3], row[4], TokenCounts(*row[5:11]), row[11])


def _where(wanted: EventFilter) -> tuple[str, list[int | str]]:
    conditions, values = ["e.status = 0"], list[int | str]()
    if wanted.start_ms is not None:
        conditions.append("e.time_ms >= ?")
        values.append(wanted.start_ms)
    if wanted.end_ms is not None:
        conditions.append("e.time_ms < ?")
        values.append(wanted.end_ms)
    if wanted.label_ids is not None:
        conditions.append(f"e.label_id IN ({_numbers(wanted.label_ids)})")
    if wanted.session is not None:
        conditions.append("e.session_num IN (SELECT num FROM session WHERE id = ?)")
        values.append(wanted.session)
    return f"WHERE {' AND '.join(conditions)}", values
