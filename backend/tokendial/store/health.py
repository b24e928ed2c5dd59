"""Whether the ledger is sound."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tokendial.store.copies import stoppable
from tokendial.store.rollup import differences


def rollup_differences(connection: sqlite3.Connection) -> list[tuple[int, ...]]:
    """Where roll-ups and events disagree; none in a sound ledger."""
    return differences(connection)


def integrity(connection: sqlite3.Connection) -> str:
    """`ok`, or what SQLite finds wrong."""
    return str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])


def sqlite_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def check(connection: sqlite3.Connection, ask: Callable[[], None]) -> tuple[bool, bool]:
    """Whether roll-up and events agree, and whether the file is sound; `ask` is called meanwhile and may raise."""
    with stoppable(connection, ask):
        return not rollup_differences(connection), integrity(connection) == "ok"


def table_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )

    def count(name: str) -> int:
        return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - our own names

    return {name: count(name) for (name,) in names.fetchall()}


def unused_bytes(connection: sqlite3.Connection) -> int:
    """What compacting would give back at least: pages of the file that hold nothing."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
    return int(pages) * int(size)


def file_bytes(path: Path) -> int:
    """The size of the database with its write-ahead log."""
    total = 0
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            total += part.stat().st_size
    return total
