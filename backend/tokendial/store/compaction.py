"""Rewrites the ledger's file without unused room, and says how far that is."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tokendial.store.copies import Progress, checks_of, stoppable, wal_of
from tokendial.store.database import Database
from tokendial.store.turns import checkpoint

_OPCODES_PER_ENTRY = 5  # what SQLite does for an entry of a table or an index
_GATHERED = 0.3  # the share of the time that gathering them takes
_WATCH_SECONDS = 0.1


def compact(database: Database, progress: Progress) -> None:
    """Rewrite the file without the room that deleted rows left.

    `progress` hears about the share that is done, in part from another thread; it may raise to stop before the new
    content is put in place. Readers go on; who writes waits. Raises LedgerError, for a full disk too, and leaves all as
    it was.
    """
    with database.alone(), closing(sqlite3.connect(database.path, isolation_level=None, timeout=60)) as connection:
        connection.execute("PRAGMA temp_store = file")  # the whole ledger passes through it
        checkpoint(connection)  # what the log grows by from here on is the new content
        steps, bytes_left = _compact_work(connection)
        done = itertools.count(1)
        with (
            stoppable(connection, lambda: progress(_GATHERED * min(1.0, next(done) / steps))),
            _growing(wal_of(database.path), bytes_left, lambda share: progress(_GATHERED + (1 - _GATHERED) * share)),
        ):
            connection.execute("VACUUM")
        database.forget_readers()
        checkpoint(connection)


def _compact_work(connection: sqlite3.Connection) -> tuple[int, int]:
    """About how many checks come while the rows are gathered, and how many bytes are put back after that."""
    entries = 0
    for name, others, without_rowid in connection.execute(
        "SELECT t.name, (SELECT count(*) FROM sqlite_master i WHERE i.tbl_name = t.name AND i.type = 'index'), "
        "t.sql LIKE '%WITHOUT ROWID%' FROM sqlite_master t WHERE t.type = 'table'"
    ).fetchall():
        rows = int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - our own names
        entries += rows * (1 + int(others) - int(without_rowid))
    facts = ("page_count", "freelist_count", "page_size")
    pages, free, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in facts)
    return max(1, checks_of(entries * _OPCODES_PER_ENTRY)), max(1, (pages - free) * size)


@contextmanager
def _growing(path: Path, whole: int, tell: Progress) -> Iterator[None]:
    """Within it `tell` hears the share of `whole` bytes that a file has grown by, on a thread of its own."""
    begun, ended = _bytes_of(path), threading.Event()

    def watch() -> None:
        while not ended.wait(_WATCH_SECONDS):
            if (grown := _bytes_of(path) - begun) > 0:
                with suppress(Exception):  # too late to stop: the content is being put in place
                    tell(min(1.0, grown / whole))

    thread = threading.Thread(target=watch, name="compact-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _bytes_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
