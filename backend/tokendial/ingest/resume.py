"""Which files a parser can go on with: the state of those that have been quiet for a day is not kept.

It would be a tenth to a third of the ledger. Such a file is read from its start when it grows after all.
"""

from __future__ import annotations

import time

from tokendial.providers.base import LogSource
from tokendial.providers.folders import FoundFile
from tokendial.store import files
from tokendial.store.database import Database

QUIET_MS = 24 * 3600 * 1000


def is_quiet(logs: LogSource, found: FoundFile, now_ms: int) -> bool:
    """Whether a file is not likely to grow. The state of a document holds what is no longer in it, so it is kept."""
    return found.mtime_ns < _quiet_since_ns(now_ms) and not logs.is_document(found.path)


def forget_quiet(database: Database, logs: LogSource, home_id: int) -> None:
    """Remove the states of the files of a home that have become quiet by now. Raises LedgerError."""
    with database.reading() as connection:
        rows = files.with_state(connection, home_id, _quiet_since_ns(int(time.time() * 1000)))
    quiet = [file_id for file_id, path in rows if not logs.is_document(path)]
    if quiet:
        with database.writing() as connection:
            files.forget_states(connection, quiet)


def _quiet_since_ns(now_ms: int) -> int:
    return (now_ms - QUIET_MS) * 1_000_000
