"""Titles of sessions that come from beside the logs."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

_PROMPTS = 3


class PromptPlace(NamedTuple):
    """Where a prompt stands: a log, and bytes of its (decompressed) content."""

    path: str
    offset: int
    length: int


def differing(connection: sqlite3.Connection, provider: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Those of the titles, by session id, that known sessions do not have yet."""
    query = "SELECT 1 FROM session WHERE provider = ? AND id = ? AND title IS NOT ?"
    return {
        session: title
        for session, title in titles.items()
        if connection.execute(query, (provider, session, title)).fetchone() is not None
    }


def first_prompts(connection: sqlite3.Connection, provider: str, session: str) -> list[PromptPlace]:
    """The places of the first prompts of a session in logs that are there."""
    rows = connection.execute(
        "SELECT f.path, p.offset, p.length FROM session s JOIN prompt p ON p.session_num = s.num "
        "JOIN source_file f ON f.id = p.file_id WHERE s.provider = ? AND s.id = ? AND f.status = 'present' "
        "ORDER BY p.time_ms, p.file_id LIMIT ?",
        (provider, session, _PROMPTS),
    )
    return [PromptPlace(*row) for row in rows]
