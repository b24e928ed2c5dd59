"""The right to write: one connection at a time, of all threads and all processes.

SQLite has a lock of its own, but gives it up before it moves the write-ahead log into the file. Up to 3.51.2 a second
connection that writes in just that moment can damage the file (sqlite.org/wal.html, "The WAL-Reset Bug"); this right is
held until both are done.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tokendial.errors import LedgerBusy, LedgerReadOnly

WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.003
_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


class WriteTurn:
    """Who writes to one file. Another process may be any other program of ours that has it open."""

    def __init__(self, path: Path) -> None:
        """`path` is the database; the lock lies beside it."""
        self._path = path
        self._threads = threading.RLock()
        self._processes = FileLock(path.with_name(path.name + ".writing"), thread_local=False, mode=0o600)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Nobody else writes meanwhile; may be nested. Raises LedgerBusy after a minute, LedgerReadOnly."""
        with self._threads:
            try:
                self._processes.acquire(timeout=WAIT_SECONDS, poll_interval=_POLL_SECONDS)
            except Timeout as error:
                raise LedgerBusy("Another Tokendial has been writing to the database for a minute.") from error
            except OSError as error:
                raise LedgerReadOnly(
                    f"The data folder {self._path.parent} cannot be written ({error.strerror or error}). "
                    "Check its permissions, or use --data-dir.",
                    path=str(self._path.parent),
                ) from error
            try:
                yield
            finally:
                self._processes.release()


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is older than the fix: 3.51.3, or the same fix in the older series 3.44 and 3.50."""
    return version < _FIXED[-1] and not any(fix <= version < (*fix[:1], fix[1] + 1) for fix in _FIXED)


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move the write-ahead log into the file and begin it anew, as far as those who read now let it.

    All in it is committed already: whatever is in the way, the next one does it.
    """
    wait = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 250")
    with suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute(f"PRAGMA busy_timeout = {wait}")
