"""Instants that other programs write as text."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_ms(text: str | None) -> int | None:
    """An RFC 3339 instant as UTC milliseconds; one without a zone is UTC. None for what is none."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return round(found.timestamp() * 1000)
