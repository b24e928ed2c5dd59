"""A scan report as the page shows it."""

from __future__ import annotations

from typing import Literal

from tokendial.ingest.scanner import ScanReport
from tokendial.services.contract.system import ScanStatus

Watching = Literal["watching", "polling", "off"]


def scan_status(
    report: ScanReport,
    *,
    running: bool = False,
    first: bool = False,
    elapsed: float = 0.0,
    finished_at_ms: int | None = None,
    watching: Watching = "off",
    message: str | None = None,
) -> ScanStatus:
    """The status of a running or finished scan; `elapsed` are the seconds since a running one began."""
    left = None
    if running and 0 < report.bytes_read < report.bytes_to_read and elapsed > 0:
        left = elapsed * (report.bytes_to_read - report.bytes_read) / report.bytes_read
    return ScanStatus(
        running=running,
        first=first,
        files_total=report.files_to_read if running else report.files,
        files_done=report.files_read if running else report.files,
        files_read=report.files_read,
        bytes_total=report.bytes_to_read,
        bytes_done=report.bytes_read,
        events_added=report.events_added,
        refused=report.refused,
        seconds=elapsed if running else report.seconds,
        seconds_left=left,
        finished_at_ms=finished_at_ms,
        watching=watching,
        message=message,
    )
