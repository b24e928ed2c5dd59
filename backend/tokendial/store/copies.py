"""Copies of a whole ledger: made while it is written to, checked before they are trusted, put in its place at once.

Never by copying the file itself: only SQLite knows which pages of file and write-ahead log belong together.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tokendial.errors import CannotWrite, InvalidFile, LedgerError
from tokendial.store.database import APPLICATION_ID, Database, to_disk
from tokendial.store.faults import for_want_of_room
from tokendial.store.migrations import SCHEMA_VERSION
from tokendial.store.turns import checkpoint

PAGES_PER_STEP = 1_000
_OPCODES_PER_CHECK = 200_000
_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
Progress = Callable[[float], None]


def copy_ledger(database: Database, target: Path, progress: Progress) -> None:
    """Write the ledger as it is at this moment to a file, and check the copy; others go on writing meanwhile.

    The file appears under its name only when it is whole; one that is there is replaced. `progress` hears the share
    that is done and may raise to stop. Raises CannotWrite, LedgerError.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with database.reading() as source:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # holds this moment until the last step
            try:
                _copy(source, part, lambda share: progress(0.8 * share))
            except sqlite3.DatabaseError as error:
                if "malformed" in str(error):
                    raise  # that is the ledger's own fault
                raise CannotWrite(f"{target} cannot be written: {_words(error, target)}.", path=str(target)) from error
        if (problem := _integrity(part, progress)) != "ok":
            raise LedgerError(f"The copy is not sound: {problem}. The database itself may be damaged; see Diagnostics.")
        to_disk(part)
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise CannotWrite(f"{target} cannot be written: {_words(error, target)}.", path=str(target)) from error
    finally:
        discard(part)


def stage(path: Path, folder: Path, database: Database, progress: Progress) -> Path:
    """A checked copy, in a folder of ours, of a file that may take this ledger's place; the file is only read.

    An older schema is migrated in the copy. Raises InvalidFile with what is wrong, CannotWrite for want of room.
    """
    peek(path)
    staged = folder / "restore.sqlite3"
    discard(staged)
    try:
        with closing(_open_to_read(path)) as source:
            _copy(source, staged, lambda share: progress(0.7 * share))
        peek(staged, path.name)  # once more: what lay in a log beside it is in its place now
        if (problem := _integrity(staged, progress)) != "ok":
            raise InvalidFile(f"{path.name} is damaged ({problem}). Nothing was changed.")
        Database(staged).close()
        _same_form(staged, database, path.name)
    except sqlite3.DatabaseError as error:
        if not any(sign in str(error) for sign in ("malformed", "not a database", "file is encrypted")):
            raise CannotWrite(
                f"{path.name} could not be checked: {_words(error, staged)}. Nothing was changed."
            ) from error
        raise InvalidFile(f"{path.name} is damaged ({error}). Nothing was changed.") from error
    except LedgerError as error:
        raise InvalidFile(f"{path.name} cannot be used: {error.message.rstrip('.')}. Nothing was changed.") from error
    return staged


def put_in_place(database: Database, staged: Path, progress: Progress) -> None:
    """Give the open ledger the content of a staged copy, in one transaction: an error or a kill leaves the old one.

    Who reads sees the old content to the end of the read, then the new one. Raises LedgerError.
    """
    with closing(sqlite3.connect(staged, isolation_level=None)) as source, database.alone() as writer:
        progress(0.0)
        source.backup(writer, pages=PAGES_PER_STEP, progress=_steps(progress))
        checkpoint(writer)
        database.forget_readers()


def peek(path: Path, name: str | None = None) -> None:
    """Look at the first bytes of a file. Raises InvalidFile unless it is a ledger that this version knows."""
    name = name or path.name
    try:
        if path.is_dir():
            raise InvalidFile(f"{name} is a folder, not a backup file.")
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise InvalidFile(f"{name} cannot be read: {_words(error, path)}.") from error
    if not head:
        raise InvalidFile(f"{name} is empty. Nothing was changed.")
    if len(head) < _HEADER_BYTES or not head.startswith(_MAGIC):
        raise InvalidFile(f"{name} is not a backup of Tokendial. Nothing was changed.")
    if not wal_of(path).exists():
        _check_header(head, size, name)


def _check_header(head: bytes, size: int, name: str) -> None:
    version, application, page_size, pages = (_number(head, at, length) for at, length in _FIELDS)
    if application != APPLICATION_ID or version == 0:
        raise InvalidFile(f"{name} is a database of another program. Nothing was changed.")
    if version > SCHEMA_VERSION:
        raise InvalidFile(
            f"{name} was written by a newer Tokendial (schema {version}, this one knows {SCHEMA_VERSION}). "
            "Update Tokendial first. Nothing was changed.",
            found=version,
            known=SCHEMA_VERSION,
        )
    whole = pages * (65_536 if page_size == 1 else page_size)
    if size < whole:
        raise InvalidFile(f"{name} is cut short: {size:,} of {whole:,} bytes are there. Nothing was changed.")


# Where the header has (user_version, application_id, page size, pages): place and length, high byte first.
_FIELDS = ((60, 4), (68, 4), (16, 2), (28, 4))


def _number(head: bytes, at: int, length: int) -> int:
    return int.from_bytes(head[at : at + length], "big")


@contextmanager
def stoppable(connection: sqlite3.Connection, check: Callable[[], None]) -> Iterator[None]:
    """Within it a long statement calls `check` now and then; what that raises ends the statement and is raised."""
    raised: list[BaseException] = []

    def ask() -> int:
        try:
            check()
        except BaseException as error:  # raised below, on the other side of SQLite
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(ask, _OPCODES_PER_CHECK)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def checks_of(opcodes: int) -> int:
    """How often a statement of so many opcodes asks whether to stop."""
    return opcodes // _OPCODES_PER_CHECK


def discard(path: Path) -> None:
    """Remove a database of ours with what belongs to it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        _remove(path.with_name(path.name + suffix))


def _copy(source: sqlite3.Connection, target: Path, progress: Progress) -> None:
    """All pages into a new file of its own, without a write-ahead log beside it."""
    discard(target)
    target.touch(mode=0o600)  # it may lie in a folder that others can look into
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = off")  # it counts only when it is whole and on the disk
        progress(0.0)
        source.backup(copy, pages=PAGES_PER_STEP, progress=_steps(progress))
        copy.execute("PRAGMA journal_mode = delete")


def _steps(progress: Progress) -> Callable[[int, int, int], None]:
    def step(_status: int, left: int, pages: int) -> None:
        if left:  # after the last page all is committed: too late to stop
            progress(1 - left / pages)

    return step


def _integrity(path: Path, progress: Progress) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy, stoppable(copy, lambda: progress(0.8)):
        return str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])


def _open_to_read(path: Path) -> sqlite3.Connection:
    """A file of the user: nothing is written to it, and nothing beside it where no log lies there already."""
    mode = "mode=ro" if wal_of(path).exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None)


def _same_form(staged: Path, database: Database, name: str) -> None:
    """Tables, encoding and pages as the open ledger has them. Raises InvalidFile."""
    with database.reading() as mine, closing(sqlite3.connect(staged, isolation_level=None)) as other:
        if _form(mine) != _form(other):
            raise InvalidFile(f"{name} has not the tables of a Tokendial ledger. Nothing was changed.")


def _form(connection: sqlite3.Connection) -> tuple[object, ...]:
    tables = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    facts = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("encoding", "page_size")]
    return (sorted(tables.fetchall()), *facts)


def wal_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


def _remove(path: Path) -> None:
    """As far as the system lets us: why something failed is worth more than that it could not be cleared away."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _words(error: Exception, path: Path) -> str:
    """Why it failed with this file, in words of the system or of SQLite."""
    if for_want_of_room(error, path):
        return "the disk is full"
    text = (getattr(error, "strerror", None) or str(error)).lower()
    return "the folder is not there or may not be written to" if "unable to open" in text else text
