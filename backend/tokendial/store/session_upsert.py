"""Writes what a file says about its session; of several files, the one that saw the session last has the word."""

from __future__ import annotations

import sqlite3

from tokendial.domain.records import EventRows, SessionFacts

_LATER = "excluded.last_seen_ms >= coalesce(session.last_seen_ms, 0)"


def _latest(column: str) -> str:
    """The value of whichever file saw the session last; a value is never replaced by nothing."""
    return (
        f"{column} = CASE WHEN excluded.{column} IS NOT NULL AND ({_LATER} OR session.{column} IS NULL) "
        f"THEN excluded.{column} ELSE session.{column} END"
    )


def _extreme(function: str, column: str) -> str:
    return f"{column} = coalesce({function}(session.{column}, excluded.{column}), session.{column}, excluded.{column})"


_INSERT = """
INSERT INTO session (provider, id, home_id, parent, root, kind, title, agent, cwd, branch, originator, client_version,
    model, effort, started_ms, last_seen_ms, context_used, context_window, compactions, first_event_ms, last_event_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (provider, id) DO
"""
_INSERT_FRESH = f"{_INSERT} NOTHING"
_UPSERT = f"""
{_INSERT} UPDATE SET
    {
    ", ".join(
        _latest(name)
        for name in (
            "parent",
            "root",
            "kind",
            "title",
            "agent",
            "cwd",
            "branch",
            "originator",
            "client_version",
            "model",
            "effort",
            "context_used",
            "context_window",
        )
    )
},
    {_extreme("min", "started_ms")}, {_extreme("max", "last_seen_ms")}, {_extreme("max", "compactions")},
    {_extreme("min", "first_event_ms")}, {_extreme("max", "last_event_ms")}
RETURNING num
"""


def keep_session(
    connection: sqlite3.Connection, provider: str, home_id: int, facts: SessionFacts, events: EventRows
) -> int:
    """Insert or update a session and return its number."""
    first, last = min(events.times, default=None), max(events.times, default=None)
    row = (
        provider, facts.id, home_id, facts.parent, facts.root, facts.kind, facts.title, facts.agent, facts.cwd,
        facts.branch, facts.originator, facts.client_version, facts.model, facts.effort, facts.started_ms,
        facts.last_seen_ms, facts.context_used, facts.context_window, facts.compactions, first, last,
    )  # fmt: skip
    # Most are new when much is read, and then this takes a third of an upsert.
    fresh = connection.execute(_INSERT_FRESH, row)
    if fresh.rowcount and fresh.lastrowid:
        return fresh.lastrowid
    return int(connection.execute(_UPSERT, row).fetchone()[0])
