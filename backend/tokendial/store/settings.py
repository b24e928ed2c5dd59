"""Small values by key: settings, the machine id, what was chosen last."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokendial.store.database import Database


def read(connection: sqlite3.Connection, key: str) -> str | None:
    """The value of a key, or None."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def write(database: Database, key: str, value: str) -> None:
    """Set a key."""
    with database.writing() as connection:
        put(connection, key, value)


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a key within the running transaction."""
    connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def remove(database: Database, key: str) -> None:
    """Forget a key; an unknown one is ignored."""
    with database.writing() as connection:
        connection.execute("DELETE FROM setting WHERE key = ?", (key,))
