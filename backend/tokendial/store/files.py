"""What the ledger knows of the log files: how far each was read, and what was refused in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class FileRow(NamedTuple):
    """A log file as the ledger left it."""

    id: int
    home_id: int
    path: str
    size: int
    mtime_ns: int
    status: str
    cursor: int
    head_length: int
    head: bytes
    tail: bytes


class RefusedRow(NamedTuple):
    """Lines refused in a file for one reason."""

    path: str
    reason: str
    lines: int
    first_offset: int


class Glance(NamedTuple):
    """What tells whether a file has changed since it was read; the columns of `_SEEN`."""

    id: int
    path: str
    size: int
    mtime_ns: int
    status: str


UNREADABLE = "unreadable"
_COLUMNS = "id, home_id, path, size, mtime_ns, status, cursor, head_length, head, tail"
_SEEN = "id, path, size, mtime_ns, status"
_GLANCES = f"SELECT json_group_array(json_array({_SEEN})) FROM source_file NOT INDEXED WHERE home_id = ?"  # noqa: S608
_glances = msgspec.json.Decoder(list[Glance]).decode


def of_home(connection: sqlite3.Connection, home_id: int) -> dict[str, Glance]:
    """Every file of a home by path. Each scan asks, so it asks for little, and in the order of the table.

    In one text, which SQLite makes without Python: a folder can be listed meanwhile.
    """
    (text,) = connection.execute(_GLANCES, (home_id,)).fetchone()
    return {glance.path: glance for glance in _glances(text)}


def at_paths(connection: sqlite3.Connection, home_id: int, paths: Iterable[str]) -> dict[str, Glance]:
    """The files of a home that the ledger knows at these paths."""
    statement = f"SELECT {_SEEN} FROM source_file WHERE home_id = ? AND path = ?"  # noqa: S608 - fixed text
    found = (connection.execute(statement, (home_id, path)).fetchone() for path in paths)
    return {row[1]: Glance._make(row) for row in found if row is not None}


def whole(connection: sqlite3.Connection, file_id: int) -> FileRow:
    """All that is known of a file that the ledger knows."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM source_file WHERE id = ?", (file_id,)).fetchone()  # noqa: S608
    return FileRow._make(row)


def state_of(connection: sqlite3.Connection, file_id: int) -> bytes | None:
    """The parser state of a file; None where it is not kept."""
    row = connection.execute("SELECT state FROM file_state WHERE file_id = ?", (file_id,)).fetchone()
    return None if row is None else bytes(row[0])


def with_state(connection: sqlite3.Connection, home_id: int, before_ns: int) -> list[tuple[int, str]]:
    """The files of a home, with their paths, that were changed last before then and whose parser's state is kept."""
    return connection.execute(
        "SELECT f.id, f.path FROM file_state s JOIN source_file f ON f.id = s.file_id "
        "WHERE f.home_id = ? AND f.mtime_ns < ?",
        (home_id, before_ns),
    ).fetchall()


def forget_states(connection: sqlite3.Connection, file_ids: Iterable[int]) -> None:
    """Remove the parser states of files."""
    connection.executemany("DELETE FROM file_state WHERE file_id = ?", ((file_id,) for file_id in file_ids))


def refused(connection: sqlite3.Connection, limit: int = 500) -> list[RefusedRow]:
    """Refused lines by file and reason, most first, files that could not be read at all included."""
    rows = connection.execute(
        "SELECT f.path, r.reason, r.lines, r.first_offset FROM refused_line r JOIN source_file f ON f.id = r.file_id "
        "UNION ALL SELECT path, 'unreadable: ' || coalesce(problem, ''), 1, 0 FROM source_file "
        "WHERE status = 'unreadable' ORDER BY 3 DESC, 1, 2 LIMIT ?",
        (limit,),
    )
    return [RefusedRow(*row) for row in rows]


def refused_total(connection: sqlite3.Connection) -> int:
    """How many lines were refused in all files, and files that could not be read."""
    row = connection.execute(
        "SELECT (SELECT coalesce(sum(lines), 0) FROM refused_line) + "
        "(SELECT count(*) FROM source_file WHERE status = 'unreadable')"
    ).fetchone()
    return int(row[0])


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many files there are by status."""
    rows = connection.execute("SELECT status, count(*) FROM source_file GROUP BY status")
    return {row[0]: row[1] for row in rows}
