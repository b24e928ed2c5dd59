"""Observations of limits."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple


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


def since(connection: sqlite3.Connection, since_ms: int, homes: Collection[int]) -> list[ReadingRow]:
    """Readings still held at or after an instant, of these homes, in the order of their time."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        f"SELECT {_COLUMNS}, r.last_ms FROM limit_series s JOIN limit_reading r ON r.series_id = s.id "  # noqa: S608
        f"WHERE s.home_id IN ({numbers}) AND r.last_ms >= ? ORDER BY r.time_ms, r.last_ms",
        (since_ms,),
    )
    return [ReadingRow(*row) for row in rows]


def latest(connection: sqlite3.Connection, homes: Collection[int]) -> list[ReadingRow]:
    """The last reading of every window of every limit id, however old."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        f"SELECT {_COLUMNS}, max(r.last_ms) FROM limit_series s JOIN limit_reading r ON r.series_id = s.id "  # noqa: S608
        f"WHERE s.home_id IN ({numbers}) GROUP BY s.provider, s.limit_id, s.window_minutes",
    )
    return [ReadingRow(*row) for row in rows]
