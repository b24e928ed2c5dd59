"""Writes what a file says about its session; of several files, the one that saw the session last has the word."""

from __future__ import annotations

import sqlite3

from tokendial.domain.records import EventRows, SessionFacts
from tokendial.store.new_rows import NewRows

_LATER = "excluded.last_seen_ms >= coalesce(session.last_seen_ms, 0)"


def _latest(column: str) -> str:
    """The value of whichever file saw the session last; a value is never replaced by nothing."""
    return (
        f"{column} = CASE WHEN excluded.{column} IS NOT NULL AND ({_LATER} OR session.{column} IS NULL) "
        f"THEN excluded.{column} ELSE session.{column} END"
    )


def _extreme(function: str, column: str) -> str:
    return f"{column} = coalesce({function}(session.{column}, excluded.{column}), session.{column}, excluded.{column})"


_COLUMNS = """
    provider, id, home_id, parent, root, kind, title, agent, cwd, branch, originator, client_version, model, effort,
    started_ms, last_seen_ms, context_used, context_window, compactions, first_event_ms, last_event_ms
"""
_LAST = "SELECT coalesce(max(num), 0) FROM session"
_FIND = "SELECT 1 FROM session WHERE provider = ? AND id = ?"
_NEW = f"""
INSERT INTO session (num, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - fixed text
_UPSERT = f"""
INSERT INTO session ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (provider, id) DO UPDATE SET
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
"""  # noqa: S608 - fixed text


class SessionRows:
    """Writes sessions during one commit."""

    def __init__(self, connection: sqlite3.Connection, provider: str) -> None:
        """Nothing is written yet."""
        self._connection = connection
        self._provider = provider
        self._new = NewRows(connection.execute(_LAST).fetchone()[0])
        self._known: set[str] = set()

    def keep(self, home_id: int, facts: SessionFacts, events: EventRows) -> int:
        """Insert or update a session and return its number. A new one is not in the ledger before `write`."""
        first, last = min(events.times, default=None), max(events.times, default=None)
        row = (
            self._provider, facts.id, home_id, facts.parent, facts.root, facts.kind, facts.title, facts.agent,
            facts.cwd, facts.branch, facts.originator, facts.client_version, facts.model, facts.effort,
            facts.started_ms, facts.last_seen_ms, facts.context_used, facts.context_window, facts.compactions, first,
            last,
        )  # fmt: skip
        if not self._is_known(facts.id):
            self._known.add(facts.id)
            return self._new.add(*row)
        self.write()
        return int(self._connection.execute(_UPSERT, row).fetchone()[0])

    def _is_known(self, session: str) -> bool:
        if session in self._known or self._new.was_empty:
            return session in self._known
        return self._connection.execute(_FIND, (self._provider, session)).fetchone() is not None

    def write(self) -> None:
        """Write the sessions that are new."""
        self._connection.executemany(_NEW, self._new.taken())
