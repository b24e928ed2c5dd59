"""`tokendial compact`."""

from __future__ import annotations

import sys

import click

from tokendial.cli.options import Options
from tokendial.cli.render import safe
from tokendial.services.backups import compact
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger


def print_compact(options: Options) -> None:
    """Rewrite the database without unused room and print what that saved. Raises CannotWrite, LedgerError."""
    ledger = Ledger(options.data_dir, options.homes)
    try:
        if ledger.notice:
            click.echo(f"tokendial: {safe(ledger.notice)}", err=True)
        saved = compact(ledger, Job(JobStatus(id=1, kind="compact", state="running"), _show))
        size = ledger.database.path.stat().st_size
    finally:
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
        ledger.close()
    click.echo(f"{saved:,} bytes saved; the database has {size:,} bytes." if saved else "There was nothing to save.")


def _show(status: JobStatus) -> None:
    if sys.stderr.isatty():
        share = "" if status.progress is None else f" {status.progress:.0%}"
        click.echo(f"\r\x1b[K{status.text}{share}", nl=False, err=True)
