"""Opens the SQLite file: pragmas, migrations, and what to do with a file that is damaged, newer or not ours.

One connection at a time writes and checkpoints, of all processes (turns.py); any number read, each in a transaction of
its own (WAL), and can do nothing else.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, Full, LifoQueue

from peewee import SqliteDatabase

from tokendial.errors import LedgerDamaged, LedgerError, LedgerReadOnly, LedgerTooNew
from tokendial.store import early_check
from tokendial.store.faults import distrust, explain, read_only, suspect, trust
from tokendial.store.migrations import MIGRATIONS, SCHEMA_VERSION
from tokendial.store.network import refuse_network
from tokendial.store.turns import WriteTurn, checkpoint

Connection = sqlite3.Connection
DatabaseError = sqlite3.Error
APPLICATION_ID = 0x544B444C  # "TKDL"
IDLE_READERS = 4
_LONG_LOG_BYTES = 40 << 20
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
        self._readers: LifoQueue[sqlite3.Connection] = LifoQueue(IDLE_READERS)
        self._closed = False
        self._turn = WriteTurn(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerReadOnly(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
        refuse_network(path.parent)
        _begin(path)
        self.writer = SqliteDatabase(str(path), timeout=10, check_same_thread=False, thread_safe=False)
        try:
            self.writer.connect()
            _check(self.writer, path)  # before any pragma that writes: what is not ours stays as it is
            for name, value in _PRAGMAS.items():
                self.writer.pragma(name, value)
            if _version(self.writer) < SCHEMA_VERSION:
                with self._turn.taken():
                    _back_up(self.writer, path)
                    _migrate(self.writer)
        except (LedgerTooNew, LedgerDamaged):
            self.writer.close()
            raise
        except Exception as error:
            self.writer.close()
            raise explain(error, path) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection in a read transaction: everything read through it is of one moment."""
        try:
            connection = self._take_reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.rollback()
                self._give_back(connection)
        except sqlite3.DatabaseError as error:
            raise explain(error, self.path) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writing connection in a `BEGIN IMMEDIATE` transaction, when it is its turn; an error rolls all back.

        The write-ahead log goes into the file within the turn, too. Raises LedgerError.
        """
        try:
            with self._turn.taken():
                with self.writer.atomic("IMMEDIATE"):
                    yield self.writer.connection()
                if not self.writer.in_transaction():
                    self._shorten_log()
        except Exception as error:
            if isinstance(error.__cause__ or error, sqlite3.Error) or type(error).__module__ == "peewee":
                raise explain(error, self.path) from error
            raise

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The writing connection outside of any transaction; nobody else writes meanwhile. Raises LedgerError."""
        try:
            with self._turn.taken():
                yield self.writer.connection()
        except sqlite3.DatabaseError as error:
            raise explain(error, self.path) from error

    def settle_log(self) -> None:
        """Move what is in the write-ahead log into the file, beside those who read: closing has less to do then."""
        with suppress(LedgerError), self.alone() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def distrust(self) -> None:
        """The file is damaged: the next start looks at all of it, whatever its size."""
        distrust(self.path)

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

    def _shorten_log(self) -> None:
        """Readers that overlap keep SQLite from beginning its log anew; wait for those who read now, but not long."""
        log = self.path.with_name(self.path.name + "-wal")
        if not log.exists() or log.stat().st_size < _LONG_LOG_BYTES:
            return
        checkpoint(self.writer.connection())

    def _take_reader(self) -> sqlite3.Connection:
        try:
            return self._readers.get_nowait()
        except Empty:
            # Read-only for SQLite too: it neither writes nor checkpoints, not even as the last one to close.
            name = f"{self.path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(name, uri=True, check_same_thread=False, isolation_level=None, timeout=10)
            connection.execute("PRAGMA query_only = 1")
            connection.execute("PRAGMA cache_size = -32000")
            connection.execute("PRAGMA temp_store = memory")
            return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
            return
        try:
            self._readers.put_nowait(connection)
        except Full:
            connection.close()


def _begin(path: Path) -> None:
    """A ledger that is not there is made aside and then takes its place: an empty file is a lost one (S6)."""
    if path.exists():
        if path.stat().st_size == 0:
            raise LedgerDamaged("the file is empty")
        if not os.access(path, os.R_OK | os.W_OK):
            raise read_only(
                path
            )  # SQLite would make a log with the same mode, which stays when the file's is put right
        return
    fresh = path.with_name(f"{path.name}.new")
    try:
        for name in (fresh.name, f"{fresh.name}-journal", f"{fresh.name}-wal", f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)  # of a start that was killed, or of a file that is gone
        _own(fresh)
        made = SqliteDatabase(str(fresh), pragmas={"synchronous": "off"})
        try:
            _migrate(made)
            made.pragma("journal_mode", "wal")
        finally:
            made.close()
        to_disk(fresh)
        fresh.replace(path)
    except OSError:
        raise
    except Exception as error:
        raise explain(error, path) from error


def _own(path: Path) -> None:
    """Begin a file that only its owner may read, whatever the folder: SQLite gives its log the same mode (W6)."""
    with suppress(OSError):  # SQLite says what is wrong
        path.touch(mode=0o600)


def to_disk(path: Path) -> None:
    """Return when the system has a file on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _check(database: SqliteDatabase, path: Path) -> None:
    is_checked = early_check.passed(path)
    application = database.execute_sql("PRAGMA application_id").fetchone()[0]
    version = _version(database)
    tables = database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID or not tables:
        raise LedgerDamaged("it is another program's file" if tables else "there is nothing in it")
    if version > SCHEMA_VERSION:
        raise LedgerTooNew(
            f"The database was written by a newer Tokendial (schema {version}, this one knows {SCHEMA_VERSION}). "
            "Update Tokendial, or start it with another --data-dir. The file was not touched.",
            found=version,
            known=SCHEMA_VERSION,
        )
    distrusted = suspect(path).exists()
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    if distrusted or (pages < early_check.QUICKLY_CHECKED_PAGES and not is_checked):
        how = "integrity_check" if distrusted else "quick_check"
        problem = str(database.execute_sql(f"PRAGMA {how}(1)").fetchone()[0])
        if distrusted:
            trust(path)
        if problem != "ok":
            raise LedgerDamaged(problem)


def _version(database: SqliteDatabase) -> int:
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])


def _migrate(database: SqliteDatabase) -> None:
    """Run the steps that are missing, each in a transaction with the record of it (S7)."""
    for number, migration in enumerate(MIGRATIONS, start=1):
        with database.atomic("IMMEDIATE"):
            if _version(database) >= number:
                continue
            if number == 1:
                database.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                database.execute_sql("CREATE TABLE migration (name TEXT PRIMARY KEY, applied_ms INTEGER NOT NULL)")
            for statement in migration.statements:
                database.execute_sql(statement)
            applied_ms = int(time.time() * 1000)
            database.execute_sql("INSERT INTO migration VALUES (?, ?)", (migration.name, applied_ms))
            if number == 1:
                database.execute_sql("INSERT INTO setting VALUES ('machine_id', ?)", (os.urandom(8).hex(),))
            database.execute_sql(f"PRAGMA user_version = {number}")


def _back_up(database: SqliteDatabase, path: Path) -> None:
    """Keep the ledger as it is before its next step, in a file that is whole or not there."""
    version = _version(database)
    if version >= SCHEMA_VERSION:
        return  # another process was faster
    part = path.with_name(f"{path.name}.before.part")
    part.unlink(missing_ok=True)
    _own(part)
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = off")  # it counts only when it is whole and on the disk
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode = delete")
    to_disk(part)
    part.replace(path.with_name(f"{path.name}.before-{MIGRATIONS[version].name}"))
