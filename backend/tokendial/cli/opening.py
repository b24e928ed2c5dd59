"""Opens the ledger for a command and scans first, with a progress bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from tokendial.cli.options import Options
from tokendial.cli.render import safe
from tokendial.ingest.beside import beside
from tokendial.ingest.scanner import ScanReport
from tokendial.services.homes import why_not_read
from tokendial.services.ledger import Ledger

_SLOW_BYTES = 64 << 20


@contextmanager
def open_ledger(options: Options) -> Iterator[tuple[Ledger, ScanReport]]:
    """The ledger and what the scan before it did. What was wrong with homes goes to stderr."""
    ledger = Ledger(options.data_dir, options.homes)
    try:
        if ledger.notice:
            click.echo(f"tokendial: {safe(ledger.notice)}", err=True)
        read = ledger.read_homes()
        for home in ledger.homes():
            if home.active and home not in read:
                click.echo(f"tokendial: {safe(home.path)} is not read: {why_not_read(home)}", err=True)
        if not options.scan:
            ledger.take_over_readings()
        report = _scan(ledger) if options.scan else ScanReport()
        for problem in report.problems:
            click.echo(f"tokendial: {safe(problem)}", err=True)
        with _settling(ledger) if report.changed else nullcontext():
            yield ledger, report
    finally:
        ledger.close()


@contextmanager
def _settling(ledger: Ledger) -> Iterator[None]:
    """What was just written gets its place in the file while the answer is worked out."""
    ledger.prices.current()  # first: what new models cost is written, and only one writes at a time
    with beside(ledger.database.settle_log) as settled:
        yield
        settled()


def _scan(ledger: Ledger) -> ScanReport:
    if not sys.stderr.isatty():
        return ledger.scan()
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(
        "Reading logs", BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("scan", total=None, visible=False)

        def show(report: ScanReport) -> None:
            visible = report.bytes_to_read > _SLOW_BYTES
            bar.update(task, total=report.bytes_to_read or None, completed=report.bytes_read, visible=visible)

        return ledger.scan(show)
