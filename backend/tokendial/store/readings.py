"""Observations of limits.

Those of a log belong to its file and go with it. Those that an agent told its status line stand in no log: their
`file_id` is the id of their home, negative, and they go with the home.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from tokendial.domain.limits import Reading, succession
from tokendial.domain.records import ReadingRecord

WINDOWS = 10
STATUS_LINE = "statusline"


class ReadingHome(NamedTuple):
    """Whose readings they are, and where they come from."""

    id: int
    provider: str
    source: str


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


def observe(
    connection: sqlite3.Connection, home: ReadingHome, readings: Iterable[ReadingRecord], *, current: bool = False
) -> int | None:
    """Keep readings that stand in no log, in the order of their time, within the running transaction.

    The same again only lives longer. Of an age that nobody knows, what is older than the one before is left out
    (`domain.limits.succession`); `current` ones tell of the present moment, also where less is used than before.
    Returns the time of the earliest that changed something; None where nothing changed.
    """
    lowest: int | None = None
    for one in readings:
        series = _series(connection, home, one)
        row = connection.execute(
            "SELECT time_ms, last_ms, used_percent, resets_at_ms FROM limit_reading "
            "WHERE file_id = ? AND series_id = ? ORDER BY last_ms DESC LIMIT 1",
            (-home.id, series),
        ).fetchone()
        last = None if row is None else Reading(*row)
        reading = Reading(one.time_ms, one.last_ms, one.used_percent, one.resets_at_ms)
        said = succession(last, reading)
        if current and said == "old":
            said = "new"
        if said == "new":
            connection.execute(
                "INSERT OR REPLACE INTO limit_reading (file_id, series_id, time_ms, last_ms, used_percent, "
                "resets_at_ms) VALUES (?, ?, ?, ?, ?, ?)",
                (-home.id, series, one.time_ms, one.last_ms, one.used_percent, one.resets_at_ms),
            )
        elif said == "held" and last is not None and one.last_ms > last.last_ms:
            connection.execute(
                "UPDATE limit_reading SET last_ms = ? WHERE file_id = ? AND series_id = ? AND time_ms = ?",
                (one.last_ms, -home.id, series, last.time_ms),
            )
        else:
            continue
        lowest = one.time_ms if lowest is None else min(lowest, one.time_ms)
    return lowest


def _series(connection: sqlite3.Connection, home: ReadingHome, one: ReadingRecord) -> int:
    row = connection.execute(
        "INSERT INTO limit_series (home_id, provider, limit_id, limit_name, window_minutes, plan, credits, source) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET source = source RETURNING id",
        (
            home.id, home.provider, one.limit_id, one.limit_name or "", one.window_minutes, one.plan or "",
            one.credits or "", home.source,
        ),
    ).fetchone()  # fmt: skip
    return int(row[0])


def forget(connection: sqlite3.Connection, home_id: int) -> None:
    """Take out the readings of a home that stand in no log."""
    connection.execute("DELETE FROM limit_reading WHERE file_id = ?", (-home_id,))


def last_of(connection: sqlite3.Connection, source: str) -> dict[str, int]:
    """When a source told of a limit last, by provider (UTC milliseconds)."""
    rows = connection.execute(
        "SELECT s.provider, max(r.last_ms) FROM limit_series s JOIN limit_reading r ON r.series_id = s.id "
        "WHERE s.source = ? GROUP BY 1",
        (source,),
    )
    return {row[0]: row[1] for row in rows}
