"""Who owns a response that several files hold: each is counted once, whatever order the files were read in.

Threads that were forked, spawned or copied from one another are a family. Within a family the content key of a response
is unique (R6b): of its copies the oldest thread's is counted. Within one thread it does not matter which file holds it.

Where the log itself names a response, its key holds over all files (GLOBAL_KEY): see global_keys.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tokendial.domain.records import EventFlag, SessionFacts
from tokendial.store import global_keys
from tokendial.store.global_keys import COPIED, COUNTED, OTHER_FILE, REVIEW_MIRROR, EventCopy
from tokendial.store.rollup import RollupChange

_REVIEW_KIND = "review"
_MIRROR_MS = 5_000  # R7


def relate(connection: sqlite3.Connection, provider: str, facts: SessionFacts) -> set[int]:
    """Join the families of a session and its relatives; returns the keys that the joined family may share."""
    threads = [facts.id, *facts.relatives]
    marks = ",".join("?" * len(threads))
    known = dict(
        connection.execute(
            f"SELECT thread, family FROM thread_family WHERE provider = ? AND thread IN ({marks})",  # noqa: S608
            (provider, *threads),
        ).fetchall()
    )
    names = {known.get(thread, thread) for thread in threads}
    family = min(names)
    if len(names) == 1 and len(known) == len(threads):
        return set()
    connection.executemany(
        "INSERT OR IGNORE INTO thread_family (provider, thread, family) VALUES (?, ?, ?)",
        [(provider, thread, family) for thread in {*threads, *names}],
    )
    connection.executemany(
        "UPDATE thread_family SET family = ? WHERE provider = ? AND family = ?",
        [(family, provider, name) for name in names if name != family],
    )
    shared = connection.execute(
        "SELECT e.key FROM thread_family t JOIN session s ON s.provider = t.provider AND s.id = t.thread "
        "JOIN usage_event e ON e.session_num = s.num WHERE t.provider = ? AND t.family = ? "
        "GROUP BY e.key HAVING count(DISTINCT e.session_num) > 1",
        (provider, family),
    )
    return {row[0] for row in shared}


def settle(connection: sqlite3.Connection, keys: Iterable[int], rollup: RollupChange) -> None:
    """Decide anew who owns these keys, and move the roll-up accordingly."""
    pending = set(keys)
    pending |= _before_in_file(connection, pending)
    settled: set[int] = set()
    for key in pending:
        if key in settled:
            continue
        rows = _rows(connection, key, key)
        if rows and rows[0].flags & EventFlag.GLOBAL_KEY:
            rows = _rows(connection, *global_keys.message_keys(key))
            settled.update(row.key for row in rows)
            decided = global_keys.decide(rows)
        else:
            decided = _decide(connection, rows)
        for row, status in decided:
            if status == row.status:
                continue
            connection.execute("UPDATE usage_event SET status = ? WHERE id = ?", (status, row.id))
            if row.status == COUNTED:
                rollup.add(row.time_ms, row.label_id, row.parts, -1)
            elif status == COUNTED:
                rollup.add(row.time_ms, row.label_id, row.parts, 1)


def _before_in_file(connection: sqlite3.Connection, keys: set[int]) -> set[int]:
    """The keys of first responses right before these: a match after them is the evidence they need."""
    found: set[int] = set()
    for key in keys:
        rows = connection.execute(
            "SELECT p.key FROM usage_event e JOIN usage_event p ON p.session_num = e.session_num "
            "AND p.file_id = e.file_id AND p.offset = (SELECT max(offset) FROM usage_event b WHERE "
            "b.session_num = e.session_num AND b.file_id = e.file_id AND b.offset < e.offset) "
            "WHERE e.key = ? AND (p.flags & ?) <> 0",
            (key, int(EventFlag.FRESH_COUNTER)),
        )
        found.update(row[0] for row in rows)
    return found


def _rows(connection: sqlite3.Connection, first: int, last: int) -> list[EventCopy]:
    found = connection.execute(
        "SELECT e.id, e.key, e.time_ms, e.label_id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, e.output, "
        "e.reasoning, e.flags, e.offset, e.status, e.file_id, f.path, s.num, s.id, s.kind, coalesce(s.started_ms, 0), "
        "coalesce(t.family, s.id) FROM usage_event e JOIN source_file f ON f.id = e.file_id "
        "JOIN session s ON s.num = e.session_num "
        "LEFT JOIN thread_family t ON t.provider = s.provider AND t.thread = s.id WHERE e.key BETWEEN ? AND ?",
        (first, last),
    )
    rows = [EventCopy(row[0], row[1], row[2], row[3], tuple(row[4:10]), *row[10:20]) for row in found]
    return sorted(rows, key=lambda row: (row.born_ms, row.session, row.path))


def _decide(connection: sqlite3.Connection, rows: Sequence[EventCopy]) -> list[tuple[EventCopy, int]]:
    """The status of each row of one key. Rows come oldest thread first."""
    decided: list[tuple[EventCopy, int]] = []
    reviews = [row for row in rows if row.kind == _REVIEW_KIND]
    owners: dict[str, list[EventCopy]] = {}
    in_session: set[int] = set()
    for row in rows:
        in_family = owners.setdefault(row.family, [])
        if _is_mirror(row, reviews):
            status = REVIEW_MIRROR
        elif row.session_num in in_session:
            status = OTHER_FILE
        elif any(_is_copy(connection, row, owner) for owner in in_family):
            status = COPIED
        else:
            status = COUNTED
            in_family.append(row)
            in_session.add(row.session_num)
        decided.append((row, status))
    return decided


def _is_mirror(row: EventCopy, reviews: Sequence[EventCopy]) -> bool:
    """R7: up to 0.77 a review's responses were written into its parent's file as well."""
    if not row.flags & EventFlag.IN_REVIEW or row.kind == _REVIEW_KIND:
        return False
    return any(abs(review.time_ms - row.time_ms) <= _MIRROR_MS for review in reviews)


def _is_copy(connection: sqlite3.Connection, row: EventCopy, owner: EventCopy) -> bool:
    """R6b: the key proves a copy, but a counter's first response needs the next one to match as well."""
    if not row.flags & EventFlag.FRESH_COUNTER:
        return True
    following = connection.execute(
        "SELECT key FROM usage_event WHERE session_num = ? AND file_id = ? AND offset > ? ORDER BY offset LIMIT 1",
        (row.session_num, row.file_id, row.offset),
    ).fetchone()
    if following is None:
        return False
    return (
        connection.execute(
            "SELECT 1 FROM usage_event WHERE key = ? AND session_num = ? LIMIT 1", (following[0], owner.session_num)
        ).fetchone()
        is not None
    )
