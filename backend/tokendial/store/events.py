"""Single responses and the sessions they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

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


def page(connection: sqlite3.Connection, wanted: EventFilter, offset: int, limit: int) -> list[EventRow]:
    """A page of counted responses, newest first."""
    where, values = _where(wanted)
    rows = connection.execute(
        f"{_SELECT} {where} ORDER BY e.time_ms DESC, e.id DESC LIMIT ? OFFSET ?", [*values, limit, offset]
    )
    return [_event(row) for row in rows]


def each(connection: sqlite3.Connection, wanted: EventFilter) -> Iterator[EventRow]:
    """Every counted response that fits, oldest first, read as it is asked for."""
    where, values = _where(wanted)
    # The index on time gives this order, so nothing is sorted and nothing is held.
    return map(_event, connection.execute(f"{_SELECT} {where} ORDER BY e.time_ms, e.id", values))


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
        numbers = ",".join(str(int(number)) for number in wanted.label_ids)
        conditions.append(f"e.label_id IN ({numbers})")
    if wanted.session is not None:
        conditions.append("e.session_num IN (SELECT num FROM session WHERE id = ?)")
        values.append(wanted.session)
    return f"WHERE {' AND '.join(conditions)}", values
