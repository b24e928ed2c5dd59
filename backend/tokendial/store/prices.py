"""Price rules: the user's, and what the catalogue said about each model when it was first seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tokendial.store import settings

if TYPE_CHECKING:
    from tokendial.store.database import Database

_KEPT = "price_undo"


class StoredRule(NamedTuple):
    """A rule as it is kept: `body` is the encoded rule."""

    id: int
    provider: str
    pattern: str
    catalogue: str
    body: bytes


def rules(connection: sqlite3.Connection, source: str) -> list[StoredRule]:
    """Every rule of a source (`user` or `catalogue`) in the order they were written."""
    found = connection.execute(
        "SELECT id, provider, pattern, catalogue, body FROM price_rule WHERE source = ? ORDER BY id", (source,)
    )
    return [StoredRule(row[0], row[1], row[2], row[3], bytes(row[4])) for row in found]


def about(connection: sqlite3.Connection, models: Iterable[tuple[str, str]]) -> list[StoredRule]:
    """Every rule of the user, and the catalogue's of these (provider, model) pairs."""
    found = rules(connection, "user")
    for provider, model in models:
        rows = connection.execute(
            "SELECT id, provider, pattern, catalogue, body FROM price_rule "
            "WHERE source = 'catalogue' AND provider = ? AND pattern = ? ORDER BY id",
            (provider, model),
        )
        found += [StoredRule(row[0], row[1], row[2], row[3], bytes(row[4])) for row in rows]
    return found


def kept(connection: sqlite3.Connection) -> str | None:
    """What `replace_user_rules` was last told to keep."""
    return settings.read(connection, _KEPT)


def replace_user_rules(connection: sqlite3.Connection, bodies: Sequence[tuple[str, str, bytes]], keep: str) -> None:
    """Replace the user's rules by (provider, pattern, body) within the running transaction; `keep` is for `kept`."""
    connection.execute("DELETE FROM price_rule WHERE source = 'user'")
    connection.executemany(
        "INSERT INTO price_rule (source, provider, pattern, body) VALUES ('user', ?, ?, ?)", list(bodies)
    )
    settings.put(connection, _KEPT, keep)


def keep_catalogue(database: Database, catalogue: str, bodies: Mapping[tuple[str, str], Sequence[bytes]]) -> None:
    """Keep what a version of the catalogue says about models, by (provider, model); no rule at all is an empty body."""
    with database.writing() as connection:
        connection.executemany(
            "DELETE FROM price_rule WHERE source = 'catalogue' AND provider = ? AND pattern = ?", list(bodies)
        )
        connection.executemany(
            "INSERT INTO price_rule (source, provider, pattern, catalogue, body) VALUES ('catalogue', ?, ?, ?, ?)",
            [(*model, catalogue, body) for model, rules in bodies.items() for body in rules or [b""]],
        )
