"""Sessions that were active just now, with the pressure on their context."""

from __future__ import annotations

from tokendial.services.contract.dashboard import ActiveSession, ActiveSessions
from tokendial.services.panels.slices import Slices
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
            ActiveSession(
                id=row.id,
                provider=row.provider,
                title=row.title,
                project=row.cwd,
                model=row.model,
                effort=row.effort,
                started_at_ms=row.started_ms or row.last_seen_ms or 0,
                last_seen_ms=row.last_seen_ms or 0,
                context_used=row.context_used,
                context_window=row.context_window,
                parent_id=row.parent,
                agent=row.agent,
            )
            for row in rows
            if row.last_seen_ms is not None and row.last_seen_ms <= view.now_ms + MINUTE_MS
        ],
        average_context_tokens=total.tokens.total / total.events if total.events else None,
        average_context_percent=100 * total.window_tokens / total.window_capacity if total.window_capacity else None,
        samples=total.events,
    )
