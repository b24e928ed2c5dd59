"""The homes: folders of providers that are read."""

from __future__ import annotations

import sqlite3
import time
from typing import NamedTuple

from tokendial.store.database import Database


class HomeRow(NamedTuple):
    """A home as it is kept."""

    id: int
    provider: str
    path: str
    label: str
    active: bool
    last_seen_ms: int | None
    files: int


def all_homes(connection: sqlite3.Connection) -> list[HomeRow]:
    """Every home in the order they were added."""
    rows = connection.execute(
        "SELECT id, provider, path, label, active, last_seen_ms, "
        "(SELECT count(*) FROM source_file f WHERE f.home_id = home.id AND f.status <> 'gone') FROM home ORDER BY id"
    )
    return [HomeRow(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6]) for row in rows]


def add(database: Database, provider: str, path: str, label: str = "") -> int:
    """Add a home, or find it by its path; returns its id."""
    now_ms = int(time.time() * 1000)
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO home (provider, path, label, added_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (provider, path) DO UPDATE SET active = 1",
            (provider, path, label, now_ms),
        )
        row = connection.execute("SELECT id FROM home WHERE provider = ? AND path = ?", (provider, path)).fetchone()
    return int(row[0])


def update(database: Database, home_id: int, *, label: str | None, active: bool | None) -> bool:
    """Change what is given; False when there is no such home."""
    with database.writing() as connection:
        return (
            connection.execute(
                "UPDATE home SET label = coalesce(?, label), active = coalesce(?, active) WHERE id = ?",
                (label, None if active is None else int(active), home_id),
            ).rowcount
            > 0
        )


def seen(database: Database, home_id: int, now_ms: int) -> None:
    """Note that a home was read just now."""
    with database.writing() as connection:
        connection.execute("UPDATE home SET last_seen_ms = ? WHERE id = ?", (now_ms, home_id))
