"""Whether the ledger is sound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tokendial.store.rollup import differences


def rollup_differences(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Where roll-up and events disagree; none in a sound ledger."""
    return differences(connection)


def integrity(connection: sqlite3.Connection) -> str:
    """`ok`, or what SQLite finds wrong."""
    return str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])


def sqlite_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def file_bytes(path: Path) -> int:
    """The size of the database with its write-ahead log."""
    total = 0
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            total += part.stat().st_size
    return total
