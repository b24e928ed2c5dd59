"""The homes: folders of providers that are read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from typing import NamedTuple

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.tokens import TokenCounts
from tokendial.store import home_changes
from tokendial.store.database import Database
from tokendial.store.links import indexed
from tokendial.store.past import STATUS
from tokendial.store.usage import UsageSum

_PARTS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")
# Counted responses of a home that no other holds; of those without details all, less what another home holds of them.
_ONLY_HERE = f"""
SELECT e.time_ms, e.label_id, {", ".join(f"e.{part}" for part in _PARTS)}, 1 AS events FROM source_file f
JOIN usage_event e ON e.session_num = f.session_num AND e.file_id = f.id AND e.status = 0
WHERE f.home_id = :home AND NOT EXISTS (SELECT 1 FROM usage_event o JOIN source_file g ON g.id = o.file_id
    WHERE o.key = e.key AND {indexed("o")} AND g.home_id <> f.home_id)
UNION ALL
SELECT p.bucket * {BUCKET_MS}, p.label_id, {", ".join(f"p.{part}" for part in _PARTS)}, p.events
FROM past_usage p JOIN source_file f ON f.id = p.file_id WHERE f.home_id = :home AND p.status = 0
UNION ALL
SELECT e.time_ms, e.label_id, {", ".join(f"-e.{part}" for part in _PARTS)}, -1 FROM usage_event e WHERE e.id IN (
    SELECT min(o.id) FROM past_key p JOIN source_file f ON f.id = p.file_id
    JOIN usage_event o ON o.key = p.key AND {indexed("o")}
    JOIN source_file g ON g.id = o.file_id AND g.home_id <> f.home_id
    WHERE f.home_id = :home AND p.facts & {STATUS} = 0 GROUP BY p.key)
"""  # noqa: S608 - fixed text


class HomeRow(NamedTuple):
    """A home as it is kept. `cleared_ms`: when its data was taken out; it is not read until asked for (W35)."""

    id: int
    provider: str
    path: str
    label: str
    active: bool
    last_seen_ms: int | None
    cleared_ms: int | None
    files: int


class HomeFacts(NamedTuple):
    """What the ledger holds of a home: the bytes of its log files, how many are gone, its first and last event."""

    bytes: int = 0
    gone: int = 0
    first_ms: int | None = None
    last_ms: int | None = None


class HomeTroubles(NamedTuple):
    """Of a home's present files: how many could not be read, lines that were refused, and responses counted."""

    unreadable: int = 0
    refused: int = 0
    counted: int = 0


def all_homes(connection: sqlite3.Connection) -> list[HomeRow]:
    """Every home in the order they were added."""
    rows = connection.execute(
        "SELECT id, provider, path, label, active, last_seen_ms, cleared_ms, "
        "(SELECT count(*) FROM source_file f WHERE f.home_id = home.id AND f.status <> 'gone') FROM home ORDER BY id"
    )
    return [HomeRow(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6], row[7]) for row in rows]


def switches(connection: sqlite3.Connection) -> list[tuple[int, str, bool]]:
    """Every home's id and provider, and whether it is on: what every look at the ledger asks for."""
    rows = connection.execute("SELECT id, provider, active FROM home ORDER BY id")
    return [(row[0], row[1], bool(row[2])) for row in rows]


def facts(connection: sqlite3.Connection) -> dict[int, HomeFacts]:
    """What was found in each home that has files, by its id."""
    rows = connection.execute(
        "SELECT f.home_id, sum(CASE WHEN f.status = 'gone' THEN 0 ELSE max(f.size, 0) END), "
        "sum(f.status = 'gone'), min(s.first_event_ms), max(s.last_event_ms) "
        "FROM source_file f LEFT JOIN session s ON s.num = f.session_num GROUP BY f.home_id"
    )
    return {row[0]: HomeFacts(*row[1:]) for row in rows}


def troubles(connection: sqlite3.Connection) -> dict[int, HomeTroubles]:
    """What went wrong in each home that has files, by its id."""
    rows = connection.execute(
        "SELECT f.home_id, sum(f.status = 'unreadable'), coalesce(sum(r.lines), 0), coalesce(sum(a.records), 0) "
        "FROM source_file f LEFT JOIN (SELECT file_id, sum(lines) AS lines FROM refused_line GROUP BY file_id) r "
        "ON r.file_id = f.id LEFT JOIN (SELECT file_id, sum(records) AS records FROM audit WHERE kind = 'counted' "
        "GROUP BY file_id) a ON a.file_id = f.id WHERE f.status <> 'gone' GROUP BY f.home_id"
    )
    return {row[0]: HomeTroubles(*row[1:]) for row in rows}


def add(database: Database, provider: str, path: str, label: str = "") -> int:
    """Add a home, or find it by its path and switch it on; returns its id."""
    now_ms = int(time.time() * 1000)
    with database.writing() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO home (provider, path, label, added_ms) VALUES (?, ?, ?, ?)",
            (provider, path, label, now_ms),
        )
        row = connection.execute("SELECT id FROM home WHERE provider = ? AND path = ?", (provider, path)).fetchone()
        home_changes.switch(connection, row[0], active=True)
    return int(row[0])


def update(database: Database, home_id: int, *, label: str | None, active: bool | None) -> bool:
    """Change what is given; False when there is no such home."""
    with database.writing() as connection:
        found = connection.execute("UPDATE home SET label = coalesce(?, label) WHERE id = ?", (label, home_id)).rowcount
        if active is not None:
            home_changes.switch(connection, home_id, active=active)
    return found > 0


def seen(database: Database, home_id: int, now_ms: int) -> None:
    """Note that a home was read just now."""
    with database.writing() as connection:
        connection.execute("UPDATE home SET last_seen_ms = ? WHERE id = ?", (now_ms, home_id))


def only_here(connection: sqlite3.Connection, home_id: int, epochs: Sequence[int]) -> list[UsageSum]:
    """The counted usage that no other home holds, by price epoch (see `sessions.usage_of`) and label set."""
    steps = " ".join(f"WHEN e.time_ms < {int(at)} THEN {place}" for place, at in enumerate(epochs))
    epoch = f"CASE {steps} ELSE {len(epochs)} END" if epochs else "0"
    rows = connection.execute(
        f"SELECT {epoch} AS epoch, e.label_id, sum(e.input), sum(e.cache_read), sum(e.cache_write), "  # noqa: S608
        f"sum(e.cache_write_1h), sum(e.output), sum(e.reasoning), sum(e.events) FROM ({_ONLY_HERE}) e "
        "GROUP BY epoch, e.label_id",
        {"home": home_id},
    )
    return [UsageSum(0, row[0], row[1], TokenCounts(*row[2:8]), row[8]) for row in rows]


def sessions_only_here(connection: sqlite3.Connection, home_id: int) -> int:
    """How many sessions have files in this home and in no other."""
    row = connection.execute(
        "SELECT count(DISTINCT session_num) FROM source_file f WHERE home_id = ? AND session_num IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM source_file g WHERE g.session_num = f.session_num AND g.home_id <> f.home_id)",
        (home_id,),
    ).fetchone()
    return int(row[0])
