"""Facts for a bug report: counts, versions, refused lines. No prompt, no secret."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tokendial import __version__
from tokendial.ingest.linenumbers import line_numbers
from tokendial.ingest.reader import Unreadable
from tokendial.services import audit
from tokendial.services.contract.diagnostics import Diagnostics, RefusedAt, RefusedLine, RefusedLines
from tokendial.services.contract.system import ScanStatus
from tokendial.services.diagnostic_report import report_text
from tokendial.services.ledger import Ledger
from tokendial.store import files, health, sessions, usage
from tokendial.store.files import RefusedRow
from tokendial.store.turns import has_wal_reset_bug

MAX_SEARCH_BYTES = 4 << 30
_QUICK_BYTES = 256 << 20  # for all files together, when nobody asked for one of them


class Checks(NamedTuple):
    """What a look at the whole ledger found."""

    rollup_ok: bool
    integrity_ok: bool
    checked_at_ms: int


def diagnose(ledger: Ledger, scan: ScanStatus, window: str, checks: Checks | None = None) -> Diagnostics:
    """What can be said at once; `checks` are those of `check`, where they were asked for."""
    with ledger.database.reading() as connection:
        by_status = files.counts(connection)
        rows = files.refused(connection)
        facts = Diagnostics(
            version=__version__,
            python=sys.version.split()[0],
            sqlite=sqlite3_version(),
            sqlite_warning=_warning(),
            platform=platform.platform(),
            window=window,
            data_dir=str(ledger.data_dir),
            database_bytes=health.file_bytes(ledger.database.path),
            events=usage.event_count(connection),
            sessions=sessions.count(connection),
            files=sum(count for status, count in by_status.items() if status != "gone"),
            files_gone=by_status.get("gone", 0),
            refused=[
                RefusedLine(row.path, row.reason, audit.reason_label(row.reason), row.lines, row.first_offset)
                for row in rows
            ],
            refused_total=files.refused_total(connection),
            last_scan=scan,
            rollup_ok=None if checks is None else checks.rollup_ok,
            integrity_ok=None if checks is None else checks.integrity_ok,
            checked_at_ms=None if checks is None else checks.checked_at_ms,
            report="",
        )
    facts.report = report_text(facts, ledger.homes())
    return facts


def check(ledger: Ledger, ask: Callable[[], None] = lambda: None) -> Checks:
    """Look at every event and every page: whether roll-up and events agree and whether the file is sound.

    `ask` is called meanwhile and may raise to stop. A file that is not sound is kept and rebuilt by the next start.
    """
    with ledger.database.reading() as connection:
        rollup_ok, integrity_ok = health.check(connection, ask)
    if not integrity_ok:
        ledger.database.distrust()
    return Checks(rollup_ok, integrity_ok, int(time.time() * 1000))


def refused_lines(ledger: Ledger, path: str | None) -> RefusedLines:
    """The line numbers of what was refused: in one file that the ledger knows, or in all that are quickly looked at."""
    with ledger.database.reading() as connection:
        rows = [row for row in files.refused(connection) if path in (None, row.path)]
    by_file: dict[str, list[RefusedRow]] = {}
    for row in rows:
        if not row.reason.startswith(files.UNREADABLE):
            by_file.setdefault(row.path, []).append(row)
    left, found = (_QUICK_BYTES if path is None else MAX_SEARCH_BYTES), list[RefusedAt]()
    for name, some in by_file.items():
        far = max(row.first_offset for row in some)
        if far > left:
            found += [RefusedAt(name, row.reason, None, None) for row in some]
            continue
        left -= far
        found += _located(name, some)
    return RefusedLines(found)


def _located(path: str, rows: list[RefusedRow]) -> list[RefusedAt]:
    try:
        numbers = line_numbers(Path(path), [row.first_offset for row in rows], MAX_SEARCH_BYTES)
    except Unreadable as error:
        return [RefusedAt(path, row.reason, None, f"cannot be read now: {error}") for row in rows]
    changed = "the file has changed since"
    places = ((row.reason, numbers[row.first_offset]) for row in rows)
    return [RefusedAt(path, reason, line, None if line else changed) for reason, line in places]


def sqlite3_version() -> str:
    """The version of the SQLite library in use."""
    return health.sqlite_version()


def _warning() -> str | None:
    if not has_wal_reset_bug(tuple(int(part) for part in sqlite3_version().split("."))):
        return None
    return (
        "This SQLite can damage a database that several programs write at once (fixed in 3.51.3); "
        "Tokendial lets only one write at a time."
    )
