"""Where prompts stand in the logs, and the sessions they were asked in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby, islice
from typing import Any, NamedTuple

from tokendial.domain.records import BUCKET_MS


class PromptPlace(NamedTuple):
    """A record of a log that holds a prompt."""

    file_id: int
    provider: str
    home: str
    path: str
    offset: int
    length: int


class PromptKey(NamedTuple):
    """What a prompt is known by: however many files of a family hold it, it was asked once."""

    time_ms: int
    provider: str
    family: str


class PromptRow(NamedTuple):
    """A prompt, under the oldest session of its family that holds it. `places` are all its copies, that one first."""

    key: PromptKey
    session_num: int
    session_id: str
    title: str | None
    project: str | None
    places: list[PromptPlace]


class PromptFilter(NamedTuple):
    """Which prompts: [start_ms, end_ms), in files of these homes, of a session, in a folder or below it."""

    homes: Collection[int]
    start_ms: int | None = None
    end_ms: int | None = None
    session: str | None = None
    project: str | None = None
    after: PromptKey | None = None
    at: tuple[int, int, int] | None = None


_FAMILY = "coalesce(t.family, s.id)"
# Where the first response was given that followed: a session may move.
_PROJECT = (
    "coalesce((SELECT nullif(l.project, '') FROM ("  # noqa: S608 - a fixed number
    "SELECT * FROM (SELECT e.time_ms AS at, e.label_id FROM usage_event e "
    "WHERE e.session_num = p.session_num AND e.time_ms >= p.time_ms ORDER BY e.time_ms LIMIT 1) UNION ALL "
    f"SELECT * FROM (SELECT u.bucket * {BUCKET_MS}, u.label_id FROM past_usage u "
    f"WHERE u.session_num = p.session_num AND u.bucket >= p.time_ms / {BUCKET_MS} ORDER BY u.bucket LIMIT 1)) n "
    "JOIN label_set l ON l.id = n.label_id ORDER BY n.at LIMIT 1), s.cwd)"
)
# Cross joins keep the prompts outermost, in the order of an index, so that a page reads only its own rows.
_SELECT = (
    f"SELECT p.time_ms, s.provider, {_FAMILY}, s.num, s.id, s.title, {_PROJECT}, p.file_id, h.provider, h.path, "  # noqa: S608
    "f.path, p.offset, p.length FROM prompt p CROSS JOIN source_file f ON f.id = p.file_id "
    "CROSS JOIN home h ON h.id = f.home_id CROSS JOIN session s ON s.num = p.session_num "
    "LEFT JOIN thread_family t ON t.provider = s.provider AND t.thread = s.id"
)
_ORDER = f"p.time_ms DESC, s.provider DESC, {_FAMILY} DESC, coalesce(s.started_ms, 0), s.id, f.path, p.offset"
# In the threads of sub-agents and reviews no person asks.
_PEOPLE = "s.kind IN ('main', 'fork')"


def page(connection: sqlite3.Connection, wanted: PromptFilter, limit: int) -> list[PromptRow]:
    """The first prompts that fit, newest first."""
    where, values = _where(wanted)
    rows = connection.execute(f"{_SELECT} WHERE {where} ORDER BY {_ORDER}", values)
    return list(islice(_grouped(rows), limit))


def end_of_turn(connection: sqlite3.Connection, session_num: int, time_ms: int) -> int | None:
    """When the next prompt of a session was asked."""
    row = connection.execute(
        "SELECT min(time_ms) FROM prompt WHERE session_num = ? AND time_ms > ?", (session_num, time_ms)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _grouped(rows: Iterator[Any]) -> Iterator[PromptRow]:
    for key, copies in groupby(rows, lambda row: PromptKey(*row[:3])):
        held = list(copies)
        first = held[0]
        yield PromptRow(key, first[3], first[4], first[5], first[6], [PromptPlace(*row[7:13]) for row in held])


def _where(wanted: PromptFilter) -> tuple[str, list[int | str]]:
    homes = ",".join(str(int(home)) for home in wanted.homes)
    conditions, values = [f"f.home_id IN ({homes})", _PEOPLE], list[int | str]()
    for condition, value in (("p.time_ms >= ?", wanted.start_ms), ("p.time_ms < ?", wanted.end_ms)):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if wanted.session is not None:
        conditions.append("p.session_num IN (SELECT num FROM session WHERE id = ?)")
        values.append(wanted.session)
    if wanted.after is not None:
        conditions.append(f"p.time_ms <= ? AND (p.time_ms, s.provider, {_FAMILY}) < (?, ?, ?)")
        values += [wanted.after.time_ms, *wanted.after]
    if wanted.at is not None:
        conditions.append(
            f"p.time_ms = ? AND {_FAMILY} IN (SELECT coalesce(u.family, o.id) FROM prompt q JOIN session o "  # noqa: S608
            "ON o.num = q.session_num LEFT JOIN thread_family u ON u.provider = o.provider AND u.thread = o.id "
            "WHERE q.time_ms = ? AND q.file_id = ? AND q.offset = ?)"
        )
        values += [wanted.at[0], *wanted.at]
    if wanted.project is not None:
        folder = wanted.project.rstrip("/\\") or wanted.project
        conditions.append(f"ifnull({_PROJECT}, '') IN (?) OR substr({_PROJECT}, 1, ?) IN (?, ?)")
        values += [folder, len(folder) + 1, f"{folder}/", f"{folder}\\"]
    return " AND ".join(f"({each})" for each in conditions), values
