"""Sessions that were active just now, with the pressure on their context."""

from __future__ import annotations

from tokendial.services.contract.dashboard import ActiveSessions
from tokendial.services.panels.slices import Slices
from tokendial.services.sessions import facts
from tokendial.services.view import View
from tokendial.store import sessions

MINUTE_MS = 60_000


def active_sessions(view: View, slices: Slices, minutes: int) -> ActiveSessions:
    """Sessions seen within the active minutes, latest first; the averages are over the whole range."""
    since = view.now_ms - minutes * MINUTE_MS
    rows = sessions.seen_since(view.connection, since, view.home_ids)
    total = slices.total
    return ActiveSessions(
        minutes=minutes,
        sessions=[
            facts(row) for row in rows if row.last_seen_ms is not None and row.last_seen_ms <= view.now_ms + MINUTE_MS
        ],
        average_context_tokens=total.tokens.total / total.events if total.events else None,
        average_context_percent=100 * total.window_tokens / total.window_capacity if total.window_capacity else None,
        samples=total.events,
    )
