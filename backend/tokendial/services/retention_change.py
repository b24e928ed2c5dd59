"""Changes for how long details are kept, with a copy of the database from before the first of them go."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tokendial.services import backups, retention
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger
from tokendial.store import copies, health


class Changed(NamedTuple):
    """How many responses lost their details, and the copy that still has them."""

    removed: int
    copy: Path | None


def change(ledger: Ledger, months: int | None, now_ms: int, job: Job) -> Changed:
    """Keep details for so many months, or for ever, from now on: all of it, or nothing.

    The caller sees to it that no scan runs. Raises CannotWrite for want of room, LedgerError.
    """
    zone = ledger.settings.zone
    job.say("Waiting for the reading of logs to stop")
    with ledger.exclusive():
        with ledger.database.reading() as connection:
            found = retention.preview(connection, months, now_ms, zone).responses
        copy = _kept(ledger, job) if found else None
        removed = 0
        try:
            job.say("Removing details", 0.5 if copy else 0.0)
            with ledger.database.writing() as connection:
                removed = retention.apply(connection, months, now_ms, zone, job.part(0.5, 1.0))
        finally:
            if copy is not None and not removed:
                copy.unlink(missing_ok=True)
    return Changed(removed, copy if removed else None)


def _kept(ledger: Ledger, job: Job) -> Path:
    backups.need_room(ledger.data_dir, 2 * health.file_bytes(ledger.database.path))  # the copy, and the log meanwhile
    copy = backups.place_to_keep(ledger.data_dir / backups.FOLDER, "before-removal")
    job.say("Keeping a copy of the database", 0.0)
    copies.copy_ledger(ledger.database, copy, job.part(0.0, 0.5))
    return copy
