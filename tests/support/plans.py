"""What is asked of SQLite, and how it means to answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tokendial.store.database import Connection, Database


@contextmanager
def traced(database: Database, asked: list[str]) -> Iterator[None]:
    """Within it every statement of every connection is noted."""
    take = database._take_reader

    def taken() -> sqlite3.Connection:
        connection = take()
        connection.set_trace_callback(asked.append)
        return connection

    database.forget_readers()
    database._take_reader = taken  # type: ignore[method-assign]  # the one place where every look begins
    database.writer.connection().set_trace_callback(asked.append)
    try:
        yield
    finally:
        database.writer.connection().set_trace_callback(None)
        database._take_reader = take  # type: ignore[method-assign]
        database.forget_readers()


def plan(connection: Connection, statement: str) -> list[str]:
    """The steps of an answer."""
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]


def scans(statement: str, steps: list[str], table: str) -> list[str]:
    """The steps that go through a whole table, or through a whole index of it, under whatever name."""
    names = {table, *re.findall(rf"\b{table} (?:AS )?([a-z])\b", statement)}
    return [step for step in steps if step.split()[0] == "SCAN" and step.split()[1] in names]
