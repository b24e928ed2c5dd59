"""Opens the SQLite file: pragmas, migrations, and what to do with a file that is damaged, newer or not ours.

One process at a time writes (see lock.py); any number of connections read, each in a transaction of its own (WAL).
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue

from peewee import SqliteDatabase

from tokendial.errors import LedgerDamaged, LedgerError, LedgerReadOnly, LedgerTooNew
from tokendial.store.migrations import MIGRATIONS, SCHEMA_VERSION

Connection = sqlite3.Connection
DatabaseError = sqlite3.Error
APPLICATION_ID = 0x544B444C  # "TKDL"
_IDLE_READERS = 4
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "normal",
    "foreign_keys": 0,
    "cache_size": -32_000,
    "temp_store": "memory",
    "busy_timeout": 10_000,
    "journal_size_limit": 64 << 20,
    "wal_autocheckpoint": 8_000,
}


class Database:
    """The ledger's file: one connection that writes, a few that read."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and bring its schema up to date.

        Raises LedgerTooNew (left untouched), LedgerDamaged, LedgerReadOnly or LedgerError.
        """
        self.path = path
        self._readers: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._closed = False
        # There is one writing connection: without this, a setting saved during a scan would join its transaction.
        self._turn = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerReadOnly(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
        _refuse_foreign(path)
        _own(path)
        self.writer = SqliteDatabase(str(path), timeout=10, check_same_thread=False, thread_safe=False)
        try:
            self.writer.connect()
            _check(self.writer)  # before any pragma that writes: what is not ours stays as it is
            for name, value in _PRAGMAS.items():
                self.writer.pragma(name, value)
            _migrate(self.writer, path)
        except (LedgerTooNew, LedgerDamaged):
            self.writer.close()
            raise
        except Exception as error:
            self.writer.close()
            raise _explain(error, path) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection in a read transaction: everything read through it is of one moment."""
        connection = self._take_reader()
        try:
            connection.execute("BEGIN")
            yield connection
        except sqlite3.DatabaseError as error:
            raise _explain(error, self.path) from error
        finally:
            connection.rollback()
            self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writing connection in a `BEGIN IMMEDIATE` transaction, one thread at a time; an error rolls all back."""
        try:
            with self._turn, self.writer.atomic("IMMEDIATE"):
                yield self.writer.connection()
        except Exception as error:
            if isinstance(error.__cause__ or error, sqlite3.Error) or type(error).__module__ == "peewee":
                raise _explain(error, self.path) from error
            raise

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The writing connection outside of any transaction; no other thread of this program writes meanwhile."""
        try:
            with self._turn:
                yield self.writer.connection()
        except sqlite3.DatabaseError as error:
            raise _explain(error, self.path) from error

    def forget_readers(self) -> None:
        """Close the idle reading connections: the next look opens the file anew."""
        while True:
            try:
                self._readers.get_nowait().close()
            except Empty:
                return

    def close(self) -> None:
        """Close every connection; the file is checkpointed by SQLite."""
        self._closed = True
        self.forget_readers()
        self.writer.close()

    def _take_reader(self) -> sqlite3.Connection:
        try:
            return self._readers.get_nowait()
        except Empty:
            connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=10)
            connection.execute("PRAGMA query_only = 1")
            connection.execute("PRAGMA cache_size = -32000")
            connection.execute("PRAGMA temp_store = memory")
            return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed or self._readers.qsize() >= _IDLE_READERS:
            connection.close()
        else:
            self._readers.put(connection)


def open_or_recover(path: Path) -> tuple[Database, str | None]:
    """Open the ledger; a damaged one is moved aside, never deleted, and a fresh one is begun.

    Returns the database and a notice for the user, or None. Raises what Database raises, but LedgerDamaged.
    """
    try:
        return Database(path), None
    except LedgerDamaged as error:
        aside = _unused(path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"))
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        return Database(path), (
            f"The database was damaged ({error.message}). It was moved to {aside.name} and is rebuilt from the logs; "
            "usage whose logs are gone, settings and price rules of the old file are in that copy."
        )


def _unused(path: Path) -> Path:
    """This name, or one with a number after it: nothing is overwritten."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def _refuse_foreign(path: Path) -> None:
    """An existing file of no bytes is a ledger that was lost, not a new one (S6)."""
    if path.exists() and path.stat().st_size == 0:
        raise LedgerDamaged("the file is empty")


def _own(path: Path) -> None:
    """Begin a file that only its owner may read, whatever the folder: SQLite gives its log the same mode (W6)."""
    with suppress(OSError):  # SQLite says what is wrong
        path.touch(mode=0o600)


def _check(database: SqliteDatabase) -> None:
    application = database.execute_sql("PRAGMA application_id").fetchone()[0]
    version = database.execute_sql("PRAGMA user_version").fetchone()[0]
    tables = database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise LedgerDamaged("it is another program's file")
    if version > SCHEMA_VERSION:
        raise LedgerTooNew(
            f"The database was written by a newer Tokendial (schema {version}, this one knows {SCHEMA_VERSION}). "
            "Update Tokendial, or start it with another --data-dir. The file was not touched.",
            found=version,
            known=SCHEMA_VERSION,
        )
    problem = database.execute_sql("PRAGMA quick_check(1)").fetchone()[0] if _was_crashed(database) else "ok"
    if problem != "ok":
        raise LedgerDamaged(str(problem))


def _was_crashed(database: SqliteDatabase) -> bool:
    """Whether the file is small enough to check at every start; larger ones are checked by `doctor`."""
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    return int(pages) < 20_000


def _migrate(database: SqliteDatabase, path: Path) -> None:
    version = int(database.execute_sql("PRAGMA user_version").fetchone()[0])
    if 0 < version < SCHEMA_VERSION:
        _back_up(database, path.with_name(f"{path.name}.before-{MIGRATIONS[version].name}"))
    for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
        with database.atomic("IMMEDIATE"):
            if int(database.execute_sql("PRAGMA user_version").fetchone()[0]) >= number:
                continue  # another process was faster
            if number == 1:
                database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                database.execute_sql("CREATE TABLE migration (name TEXT PRIMARY KEY, applied_ms INTEGER NOT NULL)")
            for statement in migration.statements:
                database.execute_sql(statement)
            applied_ms = int(time.time() * 1000)
            database.execute_sql("INSERT INTO migration VALUES (?, ?)", (migration.name, applied_ms))
            if number == 1:
                database.execute_sql("INSERT INTO setting VALUES ('machine_id', ?)", (secrets.token_hex(8),))
            database.execute_sql(f"PRAGMA user_version = {number}")


def _back_up(database: SqliteDatabase, target: Path) -> None:
    _own(target)
    destination = sqlite3.connect(target)
    try:
        database.connection().backup(destination)
    finally:
        destination.close()


def _explain(error: Exception, path: Path) -> LedgerError:
    """A database error as one of ours, in words."""
    text = str(error).lower()
    if "malformed" in text or "not a database" in text or "disk image" in text:
        return LedgerDamaged(str(error))
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return LedgerReadOnly(
            f"The database {path} cannot be written. Check the folder's permissions, or use --data-dir."
        )
    if "full" in text:
        return LedgerError(f"The disk that holds {path} is full. Nothing was lost; free some space and refresh.")
    if "locked" in text or "busy" in text:
        return LedgerError(f"The database {path} is in use by another program.")
    return LedgerError(f"The database {path} cannot be used: {error}.")
