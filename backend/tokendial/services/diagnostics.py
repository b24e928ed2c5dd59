"""Facts for a bug report: counts, versions, refused lines. No prompt, no secret."""

from __future__ import annotations

import platform
import sys

from tokendial import __version__
from tokendial.services import audit
from tokendial.services.contract.diagnostics import Diagnostics, RefusedLine
from tokendial.services.contract.system import ScanStatus
from tokendial.services.ledger import Ledger
from tokendial.store import files, health, sessions, usage

_SAFE_SQLITE = (3, 51, 3)


def diagnose(ledger: Ledger, scan: ScanStatus, window: str) -> Diagnostics:
    """Look at everything, also whether roll-up and events agree and whether the file is sound."""
    with ledger.database.reading() as connection:
        by_status = files.counts(connection)
        rows = files.refused(connection)
        return Diagnostics(
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
            rollup_ok=not health.rollup_differences(connection),
            integrity_ok=health.integrity(connection) == "ok",
        )


def sqlite3_version() -> str:
    """The version of the SQLite library in use."""
    return health.sqlite_version()


def _warning() -> str | None:
    version = tuple(int(part) for part in sqlite3_version().split("."))
    if version >= _SAFE_SQLITE:
        return None
    return (
        "This SQLite can damage a database that several programs write at once (fixed in 3.51.3); "
        "Tokendial lets one write at a time."
    )
