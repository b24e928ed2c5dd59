"""Observations of limits."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

WINDOWS = 10


class ReadingRow(NamedTuple):
    """One observation, held until `last_ms`."""

    provider: str
    limit_id: str
    limit_name: str | None
    window_minutes: int
    used_percent: float
    resets_at_ms: int | None
    plan: str | None
    credits: str | None
    source: str
    time_ms: int
    last_ms: int


_COLUMNS = (
    "s.provider, s.limit_id, nullif(s.limit_name, ''), s.window_minutes, r.used_percent, r.resets_at_ms, "
    "nullif(s.plan, ''), nullif(s.credits, ''), s.source, r.time_ms"
)


_COLUMNS_THINNED = (
    "s.provider, s.limit_id, nullif(s.limit_name, ''), s.window_minutes, max(r.used_percent), r.resets_at_ms, "
    "nullif(s.plan, ''), nullif(s.credits, ''), s.source, min(r.time_ms), max(r.last_ms)"
)


def since(
    connection: sqlite3.Connection, since_ms: int, until_ms: int | None, now_ms: int, homes: Collection[int]
) -> list[ReadingRow]:
    """Readings last made in [since_ms, until_ms), of these homes, in the order of their time.

    Of a window's readings only those of its last WINDOWS lengths before `now_ms` are looked at, and the highest of each
    hundredth of its length stands for the others of the same reset.
    """
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        f"SELECT {_COLUMNS_THINNED} FROM limit_series s JOIN limit_reading r ON r.series_id = s.id "  # noqa: S608
        f"WHERE s.home_id IN ({numbers}) AND r.last_ms >= max(?, ? - s.window_minutes * 60000 * {WINDOWS}) "
        "AND r.last_ms < ? GROUP BY s.id, (r.resets_at_ms + 300000) / 600000, r.time_ms / (s.window_minutes * 600) "
        "ORDER BY min(r.time_ms)",
        (since_ms, now_ms, 1 << 62 if until_ms is None else until_ms),
    )
    return [ReadingRow(*row) for row in rows]


def latest(connection: sqlite3.Connection, homes: Collection[int]) -> list[ReadingRow]:
    """The last reading of every window of every limit id, however old."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        f"SELECT {_COLUMNS}, r.last_ms FROM limit_series s JOIN limit_reading r ON r.series_id = s.id AND r.last_ms = "  # noqa: S608
        f"(SELECT max(last_ms) FROM limit_reading l WHERE l.series_id = s.id) WHERE s.home_id IN ({numbers})",
    )
    found: dict[tuple[str, str, int], ReadingRow] = {}
    for row in map(ReadingRow._make, rows):
        known = found.get((row.provider, row.limit_id, row.window_minutes))
        if known is None or known.last_ms < row.last_ms:
            found[(row.provider, row.limit_id, row.window_minutes)] = row
    return list(found.values())
