"""Who owns a response that several files hold: each is counted once, whatever order the files were read in.

Threads that were forked, spawned or copied from one another are a family. Within a family the content key of a response
is unique (R6b): of its copies the oldest thread's is counted. Within one thread it does not matter which file holds it.

Homes that are switched off decide among themselves: what they hold takes nothing from the homes that are read.

Where the log itself names a response, its key holds over all files (GLOBAL_KEY): see global_keys.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from tokendial.domain.records import REQUEST_BITS, EventFlag, SessionFacts
from tokendial.store import global_keys, links
from tokendial.store.global_keys import COPIED, COUNTED, OTHER_FILE, REQUESTS, REVIEW_MIRROR, EventCopy, PastCopy
from tokendial.store.links import REVIEW_KIND, chunks, indexed, value_rows
from tokendial.store.past import copies_of, shared_with, was_at_work
from tokendial.store.rollup import RollupChange

_MIRROR_MS = 5_000  # R7


def relate(connection: sqlite3.Connection, provider: str, facts: SessionFacts) -> bool:
    """Join the families of a session and its relatives; whether they were not one family yet."""
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
        return False
    connection.executemany(
        "INSERT OR IGNORE INTO thread_family (provider, thread, family) VALUES (?, ?, ?)",
        [(provider, thread, family) for thread in {*threads, *names}],
    )
    connection.executemany(
        "UPDATE thread_family SET family = ? WHERE provider = ? AND family = ?",
        [(family, provider, name) for name in names if name != family],
    )
    return True


def shared_in_family(connection: sqlite3.Connection, provider: str, threads: Iterable[str]) -> set[int]:
    """The keys that several sessions of the families of these threads hold."""
    found: set[int] = set()
    for family in links.families_of(connection, provider, threads):
        shared = connection.execute(
            "SELECT e.key FROM thread_family t JOIN session s ON s.provider = t.provider AND s.id = t.thread "
            "JOIN usage_event e ON e.session_num = s.num WHERE t.provider = ? AND t.family = ? "
            "GROUP BY e.key HAVING count(DISTINCT e.session_num) > 1 "
            "OR EXISTS (SELECT 1 FROM past_key p WHERE p.key = e.key)",
            (provider, family),
        )
        found.update(row[0] for row in shared)
    return found


def settle(connection: sqlite3.Connection, keys: Iterable[int], rollup: RollupChange) -> None:
    """Decide anew who owns these keys, and move the roll-up accordingly."""
    asked = set(keys)
    if not asked:
        return
    changes: list[tuple[int, int]] = []
    for row, status in _decisions(connection, asked):
        if status == row.status:
            continue
        changes.append((status, row.id))
        if row.status == COUNTED:
            rollup.add(row.session_num, row.time_ms, row.label_id, row.parts, -1)
        elif status == COUNTED:
            rollup.add(row.session_num, row.time_ms, row.label_id, row.parts, 1)
    connection.executemany("UPDATE usage_event SET status = ? WHERE id = ?", changes)


def _decisions(connection: sqlite3.Connection, keys: set[int]) -> Iterator[tuple[EventCopy, int]]:
    """Each row of these keys and what becomes of it; homes that are switched off decide among themselves."""
    named = _named_by_the_log(connection, keys)
    own = keys - named
    for rows, past in _by_key(connection, sorted((own | _before_in_file(connection, own)) - named)):
        for pool, removed in _pools(rows, past):
            yield from _decide(connection, pool, removed)
    for rows, past in _by_message(connection, named):
        for pool, removed in _pools(rows, past):
            yield from global_keys.decide(pool, removed)


_Copies = tuple[list[EventCopy], list[PastCopy]]


def _pools(rows: Sequence[EventCopy], past: Sequence[PastCopy]) -> Iterator[_Copies]:
    for active in (1, 0):
        if pool := [row for row in rows if row.active == active]:
            yield pool, [one for one in past if one.active == active]


def shared_keys(connection: sqlite3.Connection, home_id: int) -> set[int]:
    """The keys of responses that this home and another one hold."""
    found = connection.execute(
        "SELECT DISTINCT e.key FROM source_file f "  # noqa: S608 - fixed text
        "JOIN usage_event e ON e.session_num = f.session_num AND e.file_id = f.id "
        f"JOIN usage_event o ON o.key = e.key AND {indexed('o')} "
        "JOIN source_file g ON g.id = o.file_id AND g.home_id <> f.home_id WHERE f.home_id = ?",
        (home_id,),
    )
    return {row[0] for row in found} | global_keys.shared_with(connection, home_id) | shared_with(connection, home_id)


def _before_in_file(connection: sqlite3.Connection, keys: set[int]) -> set[int]:
    """The keys of first responses right before these: a match after them is the evidence they need."""
    files: set[tuple[int, int]] = set()
    for chosen in chunks(sorted(keys)):
        files.update(
            connection.execute(
                f"SELECT DISTINCT session_num, file_id FROM usage_event e WHERE key IN ({chosen}) AND {indexed('e')}"  # noqa: S608
            )
        )
    found: set[int] = set()
    for file in files:
        before, fresh = 0, False
        # A session's rows lie together; one look at a file is much less than one for each of its responses.
        for key, flags in connection.execute(
            "SELECT key, flags FROM usage_event WHERE session_num = ? AND file_id = ? ORDER BY offset", file
        ):
            if fresh and key in keys:
                found.add(before)
            before, fresh = key, bool(flags & EventFlag.FRESH_COUNTER)
    return found


def _named_by_the_log(connection: sqlite3.Connection, keys: set[int]) -> set[int]:
    """Those of the keys that hold over all files."""
    return {
        row[0]
        for chosen in chunks(sorted(keys))
        for row in connection.execute(
            f"SELECT key FROM usage_event e WHERE key IN ({chosen}) AND (flags & ?) <> 0 AND {indexed('e')}",  # noqa: S608
            (int(EventFlag.GLOBAL_KEY),),
        )
    }


def _by_key(connection: sqlite3.Connection, keys: Sequence[int]) -> Iterator[_Copies]:
    """The rows of each key, oldest thread first; a row that is alone and counted has nothing to decide."""
    for chosen in chunks(keys):
        rows = _copies(connection, "usage_event e", f"e.key IN ({chosen})")
        yield from _open(rows, copies_of(connection, "past_key p", f"p.key IN ({chosen})"), 0)


def _by_message(connection: sqlite3.Connection, keys: set[int]) -> Iterator[_Copies]:
    """The same of each message that a key is of."""
    within = f"BETWEEN m.column1 AND m.column1 | {REQUESTS}"
    for chosen in value_rows(sorted({key & ~REQUESTS for key in keys})):
        rows = _copies(connection, f"(VALUES {chosen}) m CROSS JOIN usage_event e", f"e.key {within}")
        past = copies_of(connection, f"(VALUES {chosen}) m CROSS JOIN past_key p", f"p.key {within}")
        yield from _open(rows, past, REQUEST_BITS)


def _open(rows: Iterable[EventCopy], past: Iterable[PastCopy], shift: int) -> Iterator[_Copies]:
    """Rows and removed ones by key, its last `shift` bits left out, where there is something to decide."""
    found: dict[int, list[EventCopy]] = {}
    removed: dict[int, list[PastCopy]] = {}
    for row in rows:
        found.setdefault(row.key >> shift, []).append(row)
    for one in past:
        removed.setdefault(one.key >> shift, []).append(one)
    for key, alike in found.items():
        if _is_open(alike, gone := removed.get(key, [])):
            yield alike, gone


def _is_open(rows: Sequence[EventCopy], past: Sequence[PastCopy]) -> bool:
    return len(rows) > 1 or rows[0].status != COUNTED or bool(past)


def _copies(connection: sqlite3.Connection, source: str, condition: str) -> list[EventCopy]:
    """The rows of `usage_event e` that fit, oldest thread first."""
    rows = connection.execute(
        "SELECT e.id, e.key, e.time_ms, e.label_id, e.input, e.cache_read, e.cache_write, e.cache_write_1h, "  # noqa: S608
        "e.output, e.reasoning, e.flags, e.offset, e.status, e.file_id, f.path, s.num, s.id, s.kind, "
        "coalesce(s.started_ms, 0), coalesce(t.family, s.id), h.active "
        f"FROM {source} JOIN source_file f ON f.id = e.file_id JOIN home h ON h.id = f.home_id "
        "JOIN session s ON s.num = e.session_num "
        "LEFT JOIN thread_family t ON t.provider = s.provider AND t.thread = s.id "
        f"WHERE {condition} AND {indexed('e')}"
    ).fetchall()
    copies = [EventCopy(row[0], row[1], row[2], row[3], tuple(row[4:10]), *row[10:21]) for row in rows]
    return sorted(copies, key=lambda row: (row.born_ms, row.session, row.path))


def _decide(
    connection: sqlite3.Connection, rows: Sequence[EventCopy], past: Sequence[PastCopy]
) -> list[tuple[EventCopy, int]]:
    """The status of each row of one key. Rows come oldest thread first; what was decided about removed ones stays."""
    decided: list[tuple[EventCopy, int]] = []
    reviews = [row for row in rows if row.kind == REVIEW_KIND]
    owners: dict[str, list[EventCopy | PastCopy]] = {}
    for one in past:
        if one.status == COUNTED:
            owners.setdefault(one.family, []).append(one)
    before = {one.session_num: one for one in past}
    in_session: set[int] = set()
    for row in rows:
        in_family = owners.setdefault(row.family, [])
        if (known := before.get(row.session_num)) is not None:
            status = known.status_of(row)
        elif _is_mirror(row, reviews) or _is_past_mirror(connection, row, past):
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
    if not row.flags & EventFlag.IN_REVIEW or row.kind == REVIEW_KIND:
        return False
    return any(abs(review.time_ms - row.time_ms) <= _MIRROR_MS for review in reviews)


def _is_past_mirror(connection: sqlite3.Connection, row: EventCopy, past: Sequence[PastCopy]) -> bool:
    """R7 where the details of the other one were removed: its session was at work at that time."""
    if row.kind == REVIEW_KIND:
        others = [one for one in past if one.in_review and one.status == COUNTED]
    else:
        others = [one for one in past if one.kind == REVIEW_KIND and row.flags & EventFlag.IN_REVIEW]
    return any(was_at_work(connection, one, row.time_ms - _MIRROR_MS, row.time_ms + _MIRROR_MS) for one in others)


def _is_copy(connection: sqlite3.Connection, row: EventCopy, owner: EventCopy | PastCopy) -> bool:
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
            "SELECT 1 FROM usage_event e JOIN source_file f ON f.id = e.file_id JOIN home h ON h.id = f.home_id "  # noqa: S608
            f"WHERE e.key = ? AND {indexed('e')} AND e.session_num = ? AND h.active = ? UNION ALL "
            "SELECT 1 FROM past_key p JOIN source_file f ON f.id = p.file_id JOIN home h ON h.id = f.home_id "
            "WHERE p.key = ? AND p.session_num = ? AND h.active = ? LIMIT 1",
            2 * (following[0], owner.session_num, owner.active),
        ).fetchone()
        is not None
    )
