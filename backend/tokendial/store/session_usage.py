"""What sessions used: from their sums per UTC day, and from events where a range begins or ends within a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.tokens import TokenCounts
from tokendial.domain.zones import DAY_MS
from tokendial.store.usage import UsageSum

_NEVER, _ALWAYS = -(1 << 62), 1 << 62
_AT_ONCE = 500
_COUNTS = "input, cache_read, cache_write, cache_write_1h, output, reasoning"


class _Cut(NamedTuple):
    """[low, high) as whole UTC days [first, last) and what is left of a day at either end."""

    low: int
    high: int
    first: int
    last: int
    edges: list[tuple[int, int]]


def _cut(start_ms: int | None, end_ms: int | None) -> _Cut:
    low, high = _NEVER if start_ms is None else start_ms, _ALWAYS if end_ms is None else end_ms
    first, last = -(-low // DAY_MS), high // DAY_MS
    if first >= last:
        return _Cut(low, high, 0, 0, [(low, high)] if low < high else [])
    edges = [(low, first * DAY_MS), (last * DAY_MS, high)]
    return _Cut(low, high, first, last, [edge for edge in edges if edge[0] < edge[1]])


def _quarters(edge: tuple[int, int]) -> tuple[int, int]:
    """The quarters of an hour that begin within an edge; `_NEVER` and `_ALWAYS` stay far away."""
    return -(-edge[0] // BUCKET_MS), -(-edge[1] // BUCKET_MS)


def used_within(start_ms: int | None, end_ms: int | None, homes: Collection[int]) -> tuple[str, list[int]]:
    """A condition on `session s`: a response of one of these homes is counted in [start_ms, end_ms).

    A session may have files in several homes, so what counts is where its responses are counted.
    """
    cut = _cut(start_ms, end_ms)
    labels = f"label_id IN (SELECT id FROM label_set WHERE home_id IN ({','.join(str(int(home)) for home in homes)}))"  # noqa: S608
    of_days = f"EXISTS (SELECT 1 FROM session_usage u WHERE u.session_num = s.num AND {labels}"  # noqa: S608
    parts = [
        f"s.first_event_ms >= ? AND s.last_event_ms < ? AND {of_days})",
        f"{of_days} AND u.day >= ? AND u.day < ?)",
    ]
    values = [cut.low, cut.high, cut.first, cut.last]
    for edge in cut.edges:
        parts.append(
            "s.first_event_ms < ? AND s.last_event_ms >= ? AND EXISTS (SELECT 1 FROM usage_event e "  # noqa: S608
            f"WHERE e.session_num = s.num AND e.time_ms >= ? AND e.time_ms < ? AND e.status = 0 AND e.{labels})"
        )
        values += [edge[1], edge[0], *edge]
        parts.append(
            "s.first_event_ms < ? AND s.last_event_ms >= ? AND EXISTS (SELECT 1 FROM past_usage p "  # noqa: S608
            f"WHERE p.session_num = s.num AND p.bucket >= ? AND p.bucket < ? AND p.status = 0 AND p.{labels})"
        )
        values += [edge[1], edge[0], *_quarters(edge)]
    anyhow = " OR ".join(f"({part})" for part in parts)
    return f"s.first_event_ms < ? AND s.last_event_ms >= ? AND ({anyhow})", [cut.high, cut.low, *values]


def usage_of(
    connection: sqlite3.Connection,
    numbers: Sequence[int],
    start_ms: int | None,
    end_ms: int | None,
    epochs: Sequence[int],
) -> dict[int, list[UsageSum]]:
    """What these sessions used in [start_ms, end_ms), by session, price epoch and label set.

    `epochs` are the instants that cut the price epochs, UTC midnights.
    """
    steps = " ".join(f"WHEN day < {int(at) // DAY_MS} THEN {place}" for place, at in enumerate(epochs))
    epoch = f"CASE {steps} ELSE {len(epochs)} END" if epochs else "0"
    sums = ", ".join(f"sum({count})" for count in _COUNTS.split(", "))
    found: dict[int, list[UsageSum]] = {number: [] for number in numbers}
    for at in range(0, len(numbers), _AT_ONCE):
        chosen = ",".join(str(int(number)) for number in numbers[at : at + _AT_ONCE])
        source, values = _source(f"IN ({chosen})", start_ms, end_ms)
        rows = connection.execute(
            f"SELECT session_num, {epoch} AS epoch, label_id, {sums}, sum(events) FROM ({source}) GROUP BY 1, 2, 3",  # noqa: S608
            values,
        )
        for row in rows:
            found[row[0]].append(UsageSum(0, row[1], row[2], TokenCounts(*row[3:9]), row[9]))
    return found


def usage_of_all(connection: sqlite3.Connection, start_ms: int | None, end_ms: int | None) -> Iterator[tuple[int, ...]]:
    """The same of every session, as (its number, UTC day, label set, the six counts of TokenCounts, responses)."""
    source, values = _source("IS NOT NULL", start_ms, end_ms)
    return iter(connection.execute(source, values))


def _source(chosen: str, start_ms: int | None, end_ms: int | None) -> tuple[str, list[int]]:
    """The rows of a range: whole days from the sums, what is left at either edge from the events."""
    cut = _cut(start_ms, end_ms)
    parts = [
        f"SELECT session_num, day, label_id, {_COUNTS}, events FROM session_usage "  # noqa: S608 - numbers, fixed text
        f"WHERE session_num {chosen} AND day >= ? AND day < ?"
    ]
    values = [cut.first, cut.last]
    for edge in cut.edges:
        parts.append(
            f"SELECT session_num, time_ms / {DAY_MS}, label_id, {_COUNTS}, 1 FROM usage_event WHERE session_num IN "  # noqa: S608
            f"(SELECT num FROM session WHERE num {chosen} AND first_event_ms < ? AND last_event_ms >= ?) "
            "AND time_ms >= ? AND time_ms < ? AND status = 0"
        )
        values += [edge[1], edge[0], *edge]
        parts.append(
            f"SELECT session_num, bucket / {DAY_MS // BUCKET_MS}, label_id, {_COUNTS}, events FROM past_usage "  # noqa: S608
            f"WHERE session_num IN (SELECT num FROM session WHERE num {chosen} AND first_event_ms < ? "
            "AND last_event_ms >= ?) AND bucket >= ? AND bucket < ? AND status = 0"
        )
        values += [edge[1], edge[0], *_quarters(edge)]
    return " UNION ALL ".join(parts), values
