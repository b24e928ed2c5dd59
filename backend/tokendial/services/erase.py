"""Deletes everything that the program keeps: usage, prices, homes, settings, and every copy of them (C10).

The agents' folders are not touched, nor are backups and exports that lie where the user put them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from filelock import FileLock, Timeout

from tokendial.errors import BadRequest, CannotWrite, LedgerBusy
from tokendial.paths import LEDGER_NAME
from tokendial.services import backups, homes, spool
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger
from tokendial.store import copies, home_changes
from tokendial.store.database import Database
from tokendial.store.erasing import empty_log, sweep

ERASE_WORD = "delete"
_LEDGERS = "ledger*.sqlite3"  # that of the configured homes, and those of runs that named theirs
_LOCKS = (".lock", ".opening", ".writing")  # they hold nothing
_OWN = ("", "-wal", "-shm", *_LOCKS)
_WAIT_SECONDS = 60.0


def confirmed(text: str) -> None:
    """Whether it is meant: the word was typed. Raises BadRequest."""
    if text.strip().lower() != ERASE_WORD:
        raise BadRequest(f"Type “{ERASE_WORD}” to confirm.", field="confirmation")


def begin_again(ledger: Ledger, job: Job) -> int:
    """Empty an open ledger and delete every other file of ours; returns how many of these there were.

    Default homes stand in it as cleared: nothing is read before it is asked for. The caller sees to it that no scan
    runs. Raises LedgerBusy when another program uses a database for too long, CannotWrite naming what is left.
    """
    own = ledger.database.path
    job.say("Waiting for the reading of logs to stop")
    with ledger.exclusive(), ExitStack() as others:
        _lock(others, [path for path in ledgers(ledger.data_dir) if path != own])
        job.say("Emptying the database")
        _empty(ledger)
        job.say("Deleting copies")
        kept = {own.with_name(own.name + suffix) for suffix in _OWN}
        return _delete(path for path in files(ledger.data_dir) if path not in kept)


def erase_folder(data_dir: Path) -> int:
    """Delete every file of ours in a data folder that no program uses; returns how many there were.

    Raises LedgerBusy, CannotWrite as `begin_again` does.
    """
    with ExitStack() as held:
        _lock(held, ledgers(data_dir))
        count = _delete(path for path in files(data_dir) if path.suffix not in _LOCKS)
    _delete(files(data_dir))
    for folder in _folders(data_dir):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return count


def ledgers(data_dir: Path) -> list[Path]:
    """Every ledger of a data folder."""
    return sorted(data_dir.glob(_LEDGERS))


def files(data_dir: Path) -> list[Path]:
    """Every file that the program keeps in its data folder: ledgers and what belongs to them, copies, what waits."""
    stem, _, kind = LEDGER_NAME.partition(".")
    beside = {*data_dir.glob(f"{stem}*.{kind}*"), *data_dir.glob(".*.part")}
    below = {path for folder in _folders(data_dir) for path in folder.rglob("*")}
    return sorted(path for path in beside | below if path.is_file() or path.is_symlink())


def _folders(data_dir: Path) -> list[Path]:
    return [data_dir / backups.FOLDER, data_dir / backups.TRANSFER, spool.folder(data_dir)]


def _empty(ledger: Ledger) -> None:
    """Put a ledger that was just begun in its place; no page of the old one stays, in the file or in its log."""
    fresh = backups.transfer_folder(ledger.data_dir) / "empty.sqlite3"
    copies.discard(fresh)
    try:
        Database(fresh).close()
        copies.put_in_place(ledger.database, fresh, lambda _share: None)
    finally:
        copies.discard(fresh)
    empty_log(ledger.database)
    ledger.reload()
    if not ledger.named:
        homes.ensure_defaults(ledger.database)
    for home in ledger.homes():
        home_changes.clear(ledger.database, home.id, int(time.time() * 1000))
    sweep(ledger.database)


def _lock(stack: ExitStack, paths: list[Path]) -> None:
    for path in paths:
        try:
            stack.enter_context(FileLock(path.with_name(path.name + ".lock"), timeout=_WAIT_SECONDS))
        except Timeout as error:
            raise LedgerBusy("Another Tokendial is reading logs. Close it and try again.") from error


def _delete(paths: Iterator[Path] | list[Path]) -> int:
    count, left = 0, list[str]()
    for path in paths:
        try:
            path.unlink()
            count += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            left.append(f"{path.name} ({error.strerror or error})")
    if left:
        raise CannotWrite(f"These files could not be deleted: {', '.join(left)}.")
    return count
