"""Stands between the program and SQLite: hears every statement, of every connection, before it runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

Values = Sequence[Any] | Iterable[Sequence[Any]]
Heard = Callable[[sqlite3.Connection, str], None]


@contextmanager
def heard(hear: Heard) -> Iterator[None]:
    """`hear` is told each statement of the connections that are made meanwhile; what it raises, the statement raises.

    That a transaction ends is told as COMMIT or ROLLBACK, whichever way it is asked for.
    """

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *values: Values) -> sqlite3.Cursor:
            hear(self.connection, sql)
            return super().execute(sql, *values)

        def executemany(self, sql: str, *values: Values) -> sqlite3.Cursor:
            hear(self.connection, sql)
            return super().executemany(sql, *values)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: type[sqlite3.Cursor] = Cursor) -> sqlite3.Cursor:
            return super().cursor(factory)

        def execute(self, sql: str, *values: Values) -> sqlite3.Cursor:
            return self.cursor().execute(sql, *values)

        def executemany(self, sql: str, *values: Values) -> sqlite3.Cursor:
            return self.cursor().executemany(sql, *values)

        def commit(self) -> None:
            hear(self, "COMMIT")
            super().commit()

        def rollback(self) -> None:
            hear(self, "ROLLBACK")
            super().rollback()

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *names, **options: connect(*names, factory=Connection, **options))
        yield


def file_behind(connection: sqlite3.Connection) -> str:
    """The path of a connection's file."""
    return str(sqlite3.Connection.execute(connection, "PRAGMA database_list", ()).fetchone()[2])
