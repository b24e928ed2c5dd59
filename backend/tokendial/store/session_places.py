"""Sessions as a list sorts and searches them, before any of them is shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from tokendial.store.session_usage import used_within


class SessionPlace(NamedTuple):
    """A session in a list: what it is sorted by, and the texts that a search looks in ('' where none is asked for)."""

    num: int
    id: str
    value: int | str | None
    text: str
    folder: str


_LISTED = {
    "last_seen": "s.last_seen_ms",
    "started": "s.started_ms",
    "duration": "s.last_seen_ms - coalesce(s.started_ms, s.last_seen_ms)",
    "title": "s.title",
    "model": "s.model",
    "project": "s.cwd",
    "parent": "coalesce((SELECT nullif(p.title, '') FROM session p WHERE p.id = s.parent LIMIT 1), s.parent)",
}
_TEXT = " || ' ' || ".join(f"coalesce(s.{name}, '')" for name in ("id", "title", "cwd", "model", "agent", "branch"))


def places(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    homes: Collection[int],
    sort: str,
    *,
    searched: bool,
) -> list[SessionPlace]:
    """The sessions that `sessions.with_usage` would give, as a list needs them; a `sort` by usage has no value here."""
    where, values = used_within(start_ms, end_ms, homes)
    rows = connection.execute(
        f"SELECT s.num, s.id, {_LISTED.get(sort, 'NULL')}, {_TEXT if searched else repr('')}, coalesce(s.cwd, '') "  # noqa: S608
        f"FROM session s WHERE {where}",
        values,
    )
    return [SessionPlace(*row) for row in rows]
