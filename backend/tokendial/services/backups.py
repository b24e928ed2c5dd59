"""Backup, restore and compaction of a ledger that is in use."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokendial.errors import CannotWrite, NotFound
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger
from tokendial.store import compaction, copies, health

FOLDER = "backups"
TRANSFER = "transfer"
_SPARE_BYTES = 16 << 20


def file_name(at: float | None = None) -> str:
    """What a backup of now is called unless its owner says otherwise."""
    return f"tokendial-{time.strftime('%Y-%m-%d-%H%M%S', time.localtime(at))}.sqlite3"


def kept_copies(data_dir: Path) -> list[Path]:
    """What restores and removals of details have kept, newest first."""
    folder = data_dir / FOLDER
    found = [path for path in folder.glob("*.sqlite3") if path.is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)


def kept_copy(data_dir: Path, name: str) -> Path:
    """The kept copy of that name. Raises NotFound."""
    for path in kept_copies(data_dir):
        if path.name == name:
            return path
    raise NotFound("There is no such copy any more.", name=name[:80])


def back_up(ledger: Ledger, target: Path, job: Job) -> int:
    """Write the ledger as it is now to a file and check it; returns its size. Raises CannotWrite, LedgerError."""
    _refuse_own(ledger, target)
    need_room(target.parent, health.file_bytes(ledger.database.path))
    job.say("Copying the database", 0.0)
    copies.copy_ledger(ledger.database, target, job.progress)
    return target.stat().st_size


def restore(ledger: Ledger, source: Path, job: Job) -> Path:
    """Give the ledger the content of a backup; returns the file that keeps what it held before.

    The backup is checked first, and nothing changes unless all went well. Raises InvalidFile with what is wrong with
    it, CannotWrite for want of room, LedgerError. The caller sees to it that no scan runs.
    """
    copies.peek(source)
    need_room(ledger.data_dir, source.stat().st_size + health.file_bytes(ledger.database.path))
    job.say("Checking the backup", 0.0)
    with _folder(ledger) as folder:
        staged = copies.stage(source, folder, ledger.database, job.part(0.0, 0.4))
        job.say("Waiting for the reading of logs to stop", 0.4)
        with ledger.exclusive():
            kept = place_to_keep(ledger.data_dir / FOLDER, "before-restore")
            job.say("Keeping the present database", 0.4)
            copies.copy_ledger(ledger.database, kept, job.part(0.4, 0.7))
            try:
                job.say("Putting the backup in its place", 0.7)
                copies.put_in_place(ledger.database, staged, job.part(0.7, 1.0))
            except BaseException:
                kept.unlink(missing_ok=True)  # nothing was replaced
                raise
            ledger.reload()
    return kept


def place_to_keep(folder: Path, why: str) -> Path:
    """A name for a kept copy that nothing has; two may come in one second."""
    folder.mkdir(exist_ok=True)
    stem = f"{why}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.sqlite3" for number in itertools.count(1))
    return next(path for name in names if not (path := folder / name).exists())


def compact(ledger: Ledger, job: Job) -> int:
    """Rewrite the file without unused room; returns the bytes saved. Raises CannotWrite for want of room."""
    before = health.file_bytes(ledger.database.path)
    need_room(ledger.data_dir, before)
    need_room(_scratch_folder(), before)
    job.say("Waiting for the reading of logs to stop")
    with ledger.exclusive():
        job.say("Rewriting the database")
        compaction.compact(ledger.database, job.progress)
    return max(0, before - health.file_bytes(ledger.database.path))


def empty_transfer(data_dir: Path) -> None:
    """Remove what a killed program left of uploads and downloads."""
    shutil.rmtree(data_dir / TRANSFER, ignore_errors=True)


def _refuse_own(ledger: Ledger, target: Path) -> None:
    """A backup must not take the place of a file that the program itself uses."""
    own = ledger.database.path
    names = {own.name + suffix for suffix in ("", "-wal", "-shm", ".lock", ".opening", ".writing")}
    if target.name in names and target.parent.resolve() == own.parent.resolve():
        raise CannotWrite("This is the database itself. Choose another name or folder.", path=str(target))


def need_room(folder: Path, size: int) -> None:
    """Raises CannotWrite where the disk of a folder has not that much room, or the folder is not there."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise CannotWrite(
            f"The folder {folder} cannot be used: {error.strerror or error}.", path=str(folder)
        ) from error
    if free < size + _SPARE_BYTES:
        raise CannotWrite(
            f"The disk of {folder} has {free:,} bytes left and {size + _SPARE_BYTES:,} are needed.", path=str(folder)
        )


def _scratch_folder() -> Path:
    """About where SQLite puts its temporary files."""
    usual = Path("/var/tmp")  # noqa: S108 - only its free room is looked at
    return usual if usual.is_dir() else Path(tempfile.gettempdir())


@contextmanager
def _folder(ledger: Ledger) -> Iterator[Path]:
    """A folder of its own beside the ledger, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="restore-", dir=transfer_folder(ledger.data_dir)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def transfer_folder(data_dir: Path) -> Path:
    """Where files wait that come from or go to a browser; only its owner may look into it. Raises CannotWrite."""
    folder = data_dir / TRANSFER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"The folder {folder} cannot be made: {error.strerror or error}.") from error
    return folder
