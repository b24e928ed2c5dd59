"""Which files a parser can go on with: the state of those that have been quiet for a day is not kept.

It would be a tenth to a third of the ledger. Such a file is read from its start when it grows after all.
"""

from __future__ import annotations

import time

from tokendial.ingest.quiet import quiet_since_ns
from tokendial.providers.base import LogSource
from tokendial.store import files
from tokendial.store.database import Database


def forget_quiet(database: Database, logs: LogSource, home_id: int) -> None:
    """Remove the states of the files of a home that have become quiet by now. Raises LedgerError."""
    with database.reading() as connection:
        rows = files.with_state(connection, home_id, quiet_since_ns(int(time.time() * 1000)))
    quiet = [file_id for file_id, path in rows if not logs.is_document(path)]
    if quiet:
        with database.writing() as connection:
            files.forget_states(connection, quiet)
