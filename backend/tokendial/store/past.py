"""What stays of responses whose details were removed: sums per session and quarter of an hour, and their keys.

The sums make every figure what it was; the keys see to it that none counts again, in whatever file it turns up: what
was decided about a response stays decided. So a provider must not change what its keys are made of.

A response that several homes hold keeps its details: it moves to the other home when one is switched off or taken out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from typing import NamedTuple

from tokendial.domain.records import BUCKET_MS, EventFlag
from tokendial.store import settings
from tokendial.store.global_keys import COUNTED, IN_SUMS, REQUESTS, PastCopy
from tokendial.store.links import indexed
from tokendial.store.rollup import RollupChange

_FROM = "details_from_ms"
_SESSIONS_AT_ONCE = 500
_GLOBAL, _SIDE_CHAIN, _IN_REVIEW = int(EventFlag.GLOBAL_KEY), int(EventFlag.SIDE_CHAIN), int(EventFlag.IN_REVIEW)
# The facts of a key: what was decided in its low three bits, then two flags; nothing to say takes no room.
STATUS, _REVIEW_SHIFT = 0b111, 2
_SUMS = "input, cache_read, cache_write, cache_write_1h, output, reasoning"
_ADDED = ", ".join(f"{count} = {count} + excluded.{count}" for count in [*_SUMS.split(", "), "events"])
# The keys that a row's message may have, or its own.
_FIRST = f"iif(e.flags & {_GLOBAL}, e.key & ~{REQUESTS}, e.key)"
_LAST = f"iif(e.flags & {_GLOBAL}, e.key | {REQUESTS}, e.key)"
# Responses before an instant, except those that another home holds too and copies of one that keeps its details.
_REMOVABLE = f"""
FROM usage_event e JOIN source_file f ON f.id = e.file_id
WHERE e.session_num IN (SELECT num FROM session WHERE first_event_ms < :before AND num BETWEEN :first AND :last)
    AND e.time_ms < :before
    AND NOT EXISTS (SELECT 1 FROM usage_event o JOIN source_file g ON g.id = o.file_id
        WHERE o.key BETWEEN {_FIRST} AND {_LAST} AND {indexed("o")} AND o.id <> e.id
        AND (g.home_id <> f.home_id OR (o.status = 0 AND o.time_ms >= :before)))
    AND NOT EXISTS (SELECT 1 FROM past_key p JOIN source_file g ON g.id = p.file_id
        WHERE p.key BETWEEN {_FIRST} AND {_LAST} AND g.home_id <> f.home_id)
"""  # noqa: S608 - fixed text


class Removed(NamedTuple):
    """How many counted responses of a selection have no details, and the time before which they were removed."""

    responses: int = 0
    before_ms: int | None = None


def removed_before(connection: sqlite3.Connection) -> int | None:
    """The time before which details were removed; None where none were."""
    text = settings.read(connection, _FROM)
    return None if text is None else int(text)


def count_removable(connection: sqlite3.Connection, before_ms: int) -> int:
    """How many counted responses would lose their details."""
    values = {"before": before_ms, "first": 0, "last": 1 << 62}
    return int(connection.execute(f"SELECT count(*) {_REMOVABLE} AND e.status = 0", values).fetchone()[0])


def removed_within(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    label_ids: Collection[int] | None = None,
    sessions: Collection[int] | None = None,
) -> Removed:
    """The counted responses without details in [start_ms, end_ms), of these label sets and sessions (None: all)."""
    before = removed_before(connection)
    if before is None or (start_ms is not None and start_ms >= before):
        return Removed()
    bounds = (
        -1 << 62 if start_ms is None else -(-start_ms // BUCKET_MS),
        -(-min(end_ms or before, before) // BUCKET_MS),
    )
    chosen = "".join(
        f" AND {column} IN ({','.join(str(int(number)) for number in numbers)})"
        for column, numbers in (("label_id", label_ids), ("session_num", sessions))
        if numbers is not None
    )
    (found,) = connection.execute(
        f"SELECT coalesce(sum(events), 0) FROM past_usage WHERE bucket >= ? AND bucket < ? AND status = 0{chosen}",  # noqa: S608
        bounds,
    ).fetchone()
    return Removed(int(found), before if found else None)


def remove(connection: sqlite3.Connection, before_ms: int, progress: Callable[[float], None]) -> int:
    """Remove the details of responses before an instant, a multiple of BUCKET_MS; returns of how many counted ones.

    Within the caller's transaction; no sum changes. `progress` hears the share that is done and may raise.
    """
    (most,) = connection.execute("SELECT coalesce(max(num), 0) FROM session").fetchone()
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS removable (id INTEGER PRIMARY KEY)")
    removed = 0
    for first in range(0, most + 1, _SESSIONS_AT_ONCE):
        connection.execute("DELETE FROM removable")
        values = {"before": before_ms, "first": first, "last": first + _SESSIONS_AT_ONCE - 1}
        connection.execute(f"INSERT INTO removable SELECT e.id {_REMOVABLE}", values)
        removed += _move(connection)
        progress(min(1.0, (first + _SESSIONS_AT_ONCE) / (most + 1)))
    if removed:
        before_ms = max(before_ms, removed_before(connection) or 0)
        settings.put(connection, _FROM, str(before_ms))
    return removed


def _move(connection: sqlite3.Connection) -> int:
    """From single responses to their sums and keys."""
    chosen = "FROM usage_event WHERE id IN (SELECT id FROM removable)"
    (counted,) = connection.execute(f"SELECT coalesce(sum(status = 0), 0) {chosen}").fetchone()
    sums = ", ".join(f"sum({count})" for count in _SUMS.split(", "))
    connection.execute(
        f"INSERT INTO past_usage (session_num, bucket, label_id, file_id, status, {_SUMS}, events) "
        f"SELECT session_num, time_ms / {BUCKET_MS}, label_id, file_id, status, {sums}, count(*) {chosen} "
        f"AND status <> {IN_SUMS} GROUP BY 1, 2, 3, 4, 5 ON CONFLICT DO UPDATE SET {_ADDED}"
    )
    facts = f"status | ((flags & {_IN_REVIEW}) << {_REVIEW_SHIFT}) | (flags & {_SIDE_CHAIN})"
    connection.execute(
        f"INSERT OR IGNORE INTO past_key (key, session_num, file_id, facts) SELECT key, session_num, file_id, {facts} "
        f"{chosen} AND status <> {IN_SUMS} ORDER BY key, session_num, status, file_id"
    )
    connection.execute(f"DELETE {chosen}")
    return int(counted)


def copies_of(connection: sqlite3.Connection, source: str, condition: str) -> list[PastCopy]:
    """The removed ones of `past_key p` that fit, oldest thread first."""
    rows = connection.execute(
        "SELECT p.key, p.session_num, p.file_id, p.facts, s.kind, coalesce(t.family, s.id), h.active "  # noqa: S608
        f"FROM {source} JOIN source_file f ON f.id = p.file_id JOIN home h ON h.id = f.home_id "
        "JOIN session s ON s.num = p.session_num "
        f"LEFT JOIN thread_family t ON t.provider = s.provider AND t.thread = s.id WHERE {condition} "
        "ORDER BY coalesce(s.started_ms, 0), s.id"
    )
    return [
        PastCopy(
            row[0], row[1], row[2], row[3] & STATUS, bool(row[3] & _IN_REVIEW << _REVIEW_SHIFT),
            bool(row[3] & _SIDE_CHAIN), *row[4:7],
        )
        for row in rows
    ]  # fmt: skip


def was_at_work(connection: sqlite3.Connection, one: PastCopy, low_ms: int, high_ms: int) -> bool:
    """Whether the session of a removed response has others, or it, in the quarters of an hour of this time."""
    found = connection.execute(
        "SELECT 1 FROM past_usage WHERE session_num = ? AND bucket BETWEEN ? AND ? AND file_id = ? LIMIT 1",
        (one.session_num, low_ms // BUCKET_MS, high_ms // BUCKET_MS, one.file_id),
    )
    return found.fetchone() is not None


def are_any(connection: sqlite3.Connection) -> bool:
    """Whether details were ever removed."""
    return connection.execute("SELECT 1 FROM past_key LIMIT 1").fetchone() is not None


def settle_same(connection: sqlite3.Connection, first_id: int, rollup: RollupChange) -> None:
    """Files that are read again: what they held before is what it was, at once and without a look at each.

    `first_id` is that of the first new response; those that were taken for new ones are taken back.
    """
    same = "p.key = e.key AND p.session_num = e.session_num AND p.file_id = e.file_id AND e.id >= :first"
    sums = ", ".join(f"sum(e.{count})" for count in _SUMS.split(", "))
    # The new ones are the last rows: by an index, for the order of the groups, all would be read.
    for session, bucket, label, *counts in connection.execute(
        f"SELECT e.session_num, e.time_ms / {BUCKET_MS}, e.label_id, {sums}, count(*) FROM usage_event e NOT INDEXED "  # noqa: S608
        f"JOIN past_key p ON {same} GROUP BY 1, 2, 3",
        {"first": first_id},
    ):
        rollup.take_sums(session, bucket, label, counts)
    connection.execute(
        f"UPDATE usage_event AS e SET status = iif(p.facts & {STATUS}, p.facts & {STATUS}, {IN_SUMS}) "  # noqa: S608
        f"FROM past_key p WHERE {same}",
        {"first": first_id},
    )


def seen_again(connection: sqlite3.Connection, first_id: int) -> set[int]:
    """The keys of other new responses, from an id on, that were removed before, or whose message was."""
    found = connection.execute(
        "SELECT e.key FROM usage_event e WHERE e.id >= ? AND e.status = 0 "  # noqa: S608 - fixed text
        f"AND EXISTS (SELECT 1 FROM past_key p WHERE p.key BETWEEN {_FIRST} AND {_LAST})",
        (first_id,),
    )
    return {row[0] for row in found}


def shared_with(connection: sqlite3.Connection, home_id: int) -> set[int]:
    """The keys of responses of which one of two homes holds the details and the other no longer does."""
    found = connection.execute(
        f"SELECT e.key FROM past_key p JOIN source_file f ON f.id = p.file_id "  # noqa: S608 - fixed text
        f"JOIN usage_event e ON e.key BETWEEN p.key & ~{REQUESTS} AND p.key | {REQUESTS} AND {indexed('e')} "
        "JOIN source_file g ON g.id = e.file_id AND g.home_id <> f.home_id WHERE f.home_id = :home "
        f"AND (e.key = p.key OR e.flags & {_GLOBAL}) UNION "
        "SELECT e.key FROM source_file f "
        "JOIN usage_event e ON e.session_num = f.session_num AND e.file_id = f.id "
        f"JOIN past_key p ON p.key BETWEEN {_FIRST} AND {_LAST} "
        "JOIN source_file g ON g.id = p.file_id AND g.home_id <> f.home_id WHERE f.home_id = :home",
        {"home": home_id},
    )
    return {row[0] for row in found}


def forget_copies(connection: sqlite3.Connection, file_id: int) -> None:
    """A file is read again: what did not count in it comes anew."""
    connection.execute(
        "DELETE FROM past_usage WHERE file_id = ? AND status <> ? "
        "AND session_num = (SELECT session_num FROM source_file WHERE id = ?)",
        (file_id, COUNTED, file_id),
    )


def take_back(connection: sqlite3.Connection, home_id: int, rollup: RollupChange) -> set[int]:
    """Take what stayed of a home's responses out of the roll-up; returns the keys that others may own now."""
    files = "file_id IN (SELECT id FROM source_file WHERE home_id = ?)"
    for session, bucket, label, *counts in connection.execute(
        f"SELECT session_num, bucket, label_id, {_SUMS}, events FROM past_usage WHERE status = 0 AND {files}",  # noqa: S608
        (home_id,),
    ):
        rollup.take_sums(session, bucket, label, counts)
    keys = shared_with(connection, home_id)
    for table in ("past_usage", "past_key"):
        connection.execute(f"DELETE FROM {table} WHERE {files}", (home_id,))  # noqa: S608 - fixed names
    if connection.execute("SELECT 1 FROM past_usage LIMIT 1").fetchone() is None:
        connection.execute("DELETE FROM setting WHERE key = ?", (_FROM,))
    return keys
