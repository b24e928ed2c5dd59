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


def since(connection: sqlite3.Connection, since_ms: int, homes: Collection[int]) -> list[ReadingRow]:
    """Readings still held at or after an instant, of these homes, in the order of their time."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        "SELECT provider, limit_id, limit_name, window_minutes, used_percent, resets_at_ms, plan, credits, source, "  # noqa: S608
        f"time_ms, last_ms FROM limit_reading WHERE last_ms >= ? AND home_id IN ({numbers}) ORDER BY time_ms, last_ms",
        (since_ms,),
    )
    return [ReadingRow(*row) for row in rows]


def latest(connection: sqlite3.Connection, homes: Collection[int]) -> list[ReadingRow]:
    """The last reading of every window of every limit id, however old."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        "SELECT provider, limit_id, limit_name, window_minutes, used_percent, resets_at_ms, plan, credits, source, "  # noqa: S608
        f"time_ms, max(last_ms) FROM limit_reading WHERE home_id IN ({numbers}) "
        "GROUP BY provider, limit_id, window_minutes",
    )
    return [ReadingRow(*row) for row in rows]
