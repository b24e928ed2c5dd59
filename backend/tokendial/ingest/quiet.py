"""Which files are not likely to grow any more."""

from __future__ import annotations

from tokendial.providers.base import LogSource
from tokendial.providers.folders import FoundFile

QUIET_MS = 24 * 3600 * 1000


def is_quiet(logs: LogSource, found: FoundFile, now_ms: int) -> bool:
    """Whether a file is not likely to grow. The state of a document holds what is no longer in it, so it is kept."""
    return found.mtime_ns < quiet_since_ns(now_ms) and not logs.is_document(found.path)


def quiet_since_ns(now_ms: int) -> int:
    """Files that were changed before are quiet."""
    return (now_ms - QUIET_MS) * 1_000_000
