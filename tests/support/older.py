"""Ledgers as earlier versions of the program left them, and what stands in a ledger's file whatever its version."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.ledgers import connect

from tokendial.store.database import APPLICATION_ID
from tokendial.store.migrations import MIGRATIONS

Dump = Mapping[str, list[tuple[Any, ...]]]
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_RECORD = "CREATE TABLE migration (name TEXT PRIMARY KEY, applied_ms INTEGER NOT NULL)"

_FILE_NAME = "replace(path, rtrim(path, replace(path, '/', '')), '')"
_NO_LONGER_KEPT = {("source_file", "stem"): _FILE_NAME}  # what earlier versions kept there


def make_older(newest: Path, target: Path, version: int) -> None:
    """Write the content of a ledger as the version with so many steps of the schema would have kept it."""
    target.unlink(missing_ok=True)
    with closing(connect(target)) as connection:
        connection.execute("PRAGMA synchronous = off")
        _build(connection, version)
        connection.execute("ATTACH ? AS newest", (str(newest),))
        for table in _tables(connection):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(_NO_LONGER_KEPT.get((table, name), name) for name in columns)
            if table != "migration":
                connection.execute(f"DELETE FROM {table}")
                connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM newest.{table}")
        connection.execute("DETACH newest")
        connection.execute("PRAGMA journal_mode = wal")


def version_of(path: Path) -> int:
    """How many steps of the schema a ledger has: each of them wholly, and nothing of the next one."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection, closing(connect_new()) as wanted:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        _build(wanted, version)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute(_SCHEMA).fetchall() == wanted.execute(_SCHEMA).fetchall()
        names = [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY 1")]
        assert names == [step.name for step in MIGRATIONS[:version]]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return version


def dump(path: Path) -> Dump:
    """Every row of every table, but the times at which the schema grew."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in _tables(connection)
            if table != "migration"
        }


def connect_new() -> sqlite3.Connection:
    """An empty database that is nowhere."""
    return sqlite3.connect(":memory:", isolation_level=None)


def _build(connection: sqlite3.Connection, version: int) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    if version:
        connection.execute(_RECORD)
    for step in MIGRATIONS[:version]:
        for statement in step.statements:
            connection.execute(statement)
        connection.execute("INSERT INTO migration VALUES (?, 0)", (step.name,))
    connection.execute(f"PRAGMA user_version = {version}")


def _tables(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute(_TABLES)]
