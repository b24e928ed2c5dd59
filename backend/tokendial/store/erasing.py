"""Takes content out of the ledger so that nothing of it stays behind: no free page, no write-ahead log."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tokendial.errors import LedgerBusy
from tokendial.store import settings
from tokendial.store.database import Database

WAIT_SECONDS = 30.0
_SHORT_SECONDS = 2.0
_PAUSE_SECONDS = 0.05
_DUE = "sweep_due"


@contextmanager
def erasing(database: Database) -> Iterator[sqlite3.Connection]:
    """A transaction, or a part of one, that takes content out; `sweep` takes it out of the file."""
    with database.writing() as connection:
        yield connection
        settings.put(connection, _DUE, "1")


def sweep(database: Database) -> None:
    """Rewrite the file when content was taken out: `secure_delete` leaves what a split of a page left in its gap.

    While others read for long it is left to the next time, at the latest to the next start. Raises LedgerError.
    """
    with database.reading() as connection:
        if settings.read(connection, _DUE) is None:
            return
    with suppress(LedgerBusy):
        with database.alone() as connection, _set(connection, "temp_store", 1):  # a file: all of it passes through
            connection.execute("VACUUM")
        empty_log(database, _SHORT_SECONDS)
        settings.remove(database, _DUE)


def empty_log(database: Database, seconds: float = WAIT_SECONDS) -> None:
    """Bring the write-ahead log into the file and cut it to nothing. Raises LedgerBusy where others read for long."""
    deadline = time.monotonic() + seconds
    while True:
        with database.alone() as connection, _set(connection, "busy_timeout", 0):
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        if time.monotonic() >= deadline:
            raise LedgerBusy("Another program is reading the database. Close it and try again.")
        time.sleep(_PAUSE_SECONDS)  # who writes in this program has a turn meanwhile


@contextmanager
def _set(connection: sqlite3.Connection, pragma: str, value: int) -> Iterator[None]:
    """A pragma has this value meanwhile."""
    (before,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    connection.execute(f"PRAGMA {pragma} = {value}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA {pragma} = {int(before)}")
