"""Sessions, what they used, their files and their audit."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import NamedTuple

from tokendial.store.global_keys import COPIED, IN_SUMS, OTHER_FILE, REVIEW_MIRROR
from tokendial.store.session_usage import used_within

_COLUMNS = (
    "num, provider, id, home_id, parent, root, kind, title, agent, cwd, branch, originator, client_version, model, "
    "effort, started_ms, last_seen_ms, context_used, context_window, compactions"
)
_TOKENS = "input + cache_read + cache_write + cache_write_1h + output"
_HOME_OFF = -1
_STATUS_KINDS = {OTHER_FILE: "other_file", COPIED: "copied_from_parent", REVIEW_MIRROR: "review_mirror"}
_STATUS_KINDS[_HOME_OFF] = "home_off"


class SessionRow(NamedTuple):
    """A session as the ledger knows it. Times are UTC milliseconds."""

    num: int
    provider: str
    id: str
    home_id: int
    parent: str | None
    root: str | None
    kind: str
    title: str | None
    agent: str | None
    cwd: str | None
    branch: str | None
    originator: str | None
    client_version: str | None
    model: str | None
    effort: str | None
    started_ms: int | None
    last_seen_ms: int | None
    context_used: int | None
    context_window: int | None
    compactions: int


class AuditRow(NamedTuple):
    """A class of usage records of a file."""

    file_id: int
    kind: str
    records: int
    tokens: int


class SessionFile(NamedTuple):
    """A log file of a session."""

    id: int
    path: str
    status: str
    size: int
    cursor: int


def by_id(connection: sqlite3.Connection, session: str) -> SessionRow | None:
    """The session with this id."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM session WHERE id = ? LIMIT 1", (session,)).fetchone()  # noqa: S608
    return None if row is None else SessionRow(*row)


def matching(connection: sqlite3.Connection, prefix: str) -> list[SessionRow]:
    """Sessions whose id begins like this, at most ten."""
    pattern = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE id LIKE ? ESCAPE '\\' ORDER BY id LIMIT 10",  # noqa: S608
        (pattern,),
    )
    return [SessionRow(*row) for row in rows]


def seen_since(connection: sqlite3.Connection, since_ms: int, homes: Collection[int]) -> list[SessionRow]:
    """Sessions with a file in one of these homes, seen at or after an instant, latest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE last_seen_ms >= ? AND EXISTS (SELECT 1 FROM source_file f "  # noqa: S608
        f"WHERE f.session_num = num AND f.home_id IN ({_numbers(homes)})) ORDER BY last_seen_ms DESC, id LIMIT 200",
        (since_ms,),
    )
    return [SessionRow(*row) for row in rows]


def with_usage(
    connection: sqlite3.Connection, start_ms: int | None, end_ms: int | None, homes: Collection[int]
) -> list[SessionRow]:
    """Sessions that have a counted response of one of these homes in [start_ms, end_ms)."""
    where, values = used_within(start_ms, end_ms, homes)
    rows = connection.execute(f"SELECT {_COLUMNS} FROM session s WHERE {where}", values)  # noqa: S608
    return [SessionRow(*row) for row in rows]


def by_numbers(connection: sqlite3.Connection, numbers: Collection[int]) -> dict[int, SessionRow]:
    """Sessions by their number."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM session WHERE num IN ({_numbers(numbers)})")  # noqa: S608
    return {row[0]: SessionRow(*row) for row in rows}


class FolderSessions(NamedTuple):
    """How many sessions began in a folder, and when one of them was last seen."""

    sessions: int
    last_ms: int | None


def by_folder(
    connection: sqlite3.Connection, start_ms: int | None, end_ms: int | None, homes: Collection[int]
) -> dict[str, FolderSessions]:
    """The sessions that `with_usage` would give, by the folder that they began in; '' where none is known."""
    where, values = used_within(start_ms, end_ms, homes)
    rows = connection.execute(
        f"SELECT coalesce(cwd, ''), count(*), max(last_seen_ms) FROM session s WHERE {where} GROUP BY 1",  # noqa: S608
        values,
    )
    return {row[0]: FolderSessions(row[1], row[2]) for row in rows}


def count_with_usage(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    homes: Collection[int],
    unused_since_ms: int | None = None,
) -> dict[str, int]:
    """How many sessions `with_usage` would give, by provider; only those without usage between an instant and then."""
    where, values = used_within(start_ms, end_ms, homes)
    if unused_since_ms is not None:
        before, more = used_within(unused_since_ms, start_ms, homes)
        where, values = f"{where} AND NOT ({before})", values + more
    rows = connection.execute(f"SELECT provider, count(*) FROM session s WHERE {where} GROUP BY +provider", values)  # noqa: S608
    return dict(rows.fetchall())


def _numbers(numbers: Collection[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


def children(connection: sqlite3.Connection, session: str) -> list[SessionRow]:
    """The sub-agents and forks of a session, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE parent = ? ORDER BY started_ms, id LIMIT 500",  # noqa: S608
        (session,),
    )
    return [SessionRow(*row) for row in rows]


def files_of(connection: sqlite3.Connection, number: int) -> list[SessionFile]:
    """The log files of a session."""
    rows = connection.execute(
        "SELECT id, path, status, size, cursor FROM source_file WHERE session_num = ? ORDER BY path", (number,)
    )
    return [SessionFile(*row) for row in rows]


def audit_of(connection: sqlite3.Connection, number: int, homes: Collection[int]) -> list[AuditRow]:
    """Every class of usage records of a session's files.

    What other files own is taken out of `counted`, and so is what lies in none of these homes: those that are shown.
    """
    rows = [
        AuditRow(*row)
        for row in connection.execute(
            "SELECT a.file_id, a.kind, a.records, a.tokens FROM audit a JOIN source_file f ON f.id = a.file_id "
            "WHERE f.session_num = ? ORDER BY a.file_id, a.kind",
            (number,),
        )
    ]
    owned_elsewhere = connection.execute(
        f"SELECT e.file_id, CASE WHEN e.status IN (0, {IN_SUMS}) THEN {_HOME_OFF} ELSE e.status END AS reason, "  # noqa: S608
        "sum(e.events), sum(e.tokens) FROM ("
        f"SELECT file_id, status, 1 AS events, {_TOKENS} AS tokens FROM usage_event WHERE session_num = ? UNION ALL "
        f"SELECT file_id, status, events, {_TOKENS} FROM past_usage WHERE session_num = ?) e "
        "JOIN source_file f ON f.id = e.file_id "
        f"WHERE e.status NOT IN (0, {IN_SUMS}) OR (e.status = 0 AND f.home_id NOT IN ({_numbers(homes)})) "
        "GROUP BY e.file_id, reason",
        (number, number),
    ).fetchall()
    for file_id, status, records, tokens in owned_elsewhere:
        rows = [
            row._replace(records=row.records - records, tokens=row.tokens - tokens)
            if (row.file_id, row.kind) == (file_id, "counted")
            else row
            for row in rows
        ]
        rows.append(AuditRow(file_id, _STATUS_KINDS[status], records, tokens))
    return rows


def prompt_count(connection: sqlite3.Connection, number: int) -> int:
    """How many prompts a session has; one that two files hold is one."""
    row = connection.execute("SELECT count(DISTINCT time_ms) FROM prompt WHERE session_num = ?", (number,)).fetchone()
    return int(row[0])


def prompts_within(
    connection: sqlite3.Connection, windows: Sequence[tuple[int, int]], homes: Collection[int]
) -> list[int]:
    """How many prompts the files of these homes hold in each of [start_ms, end_ms); one that two files hold is one."""
    if not windows:
        return []
    rows = connection.execute(
        # By session, all windows at once: the index of its prompts has all that is asked for, in the order to group it.
        "SELECT p.time_ms FROM prompt p INDEXED BY prompt_session CROSS JOIN source_file f ON f.id = p.file_id "  # noqa: S608
        f"WHERE f.home_id IN ({_numbers(homes)}) AND p.session_num IN (SELECT num FROM session) "
        "AND p.time_ms >= ? AND p.time_ms < ? GROUP BY p.session_num, p.time_ms",
        (min(start for start, _ in windows), max(end for _, end in windows)),
    )
    times = sorted(time_ms for (time_ms,) in rows)
    return [bisect_left(times, end) - bisect_left(times, start) for start, end in windows]


def count(connection: sqlite3.Connection) -> int:
    """How many sessions the ledger knows."""
    return int(connection.execute("SELECT count(*) FROM session").fetchone()[0])
