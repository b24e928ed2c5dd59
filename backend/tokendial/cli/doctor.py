"""`tokendial doctor`."""

from __future__ import annotations

import sys

import click

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import json_text, safe
from tokendial.services.contract.diagnostics import Diagnostics
from tokendial.services.contract.providers import ProviderSource
from tokendial.services.diagnostics import check, diagnose
from tokendial.services.homes import why_not_read
from tokendial.services.sources import listed
from tokendial.services.status import scan_status
from tokendial.store.homes import HomeRow


def print_doctor(options: Options, as_json: bool) -> None:
    """Print facts for a bug report; exit with 1 where the ledger is not sound."""
    from tokendial.desktop.preflight import choose  # noqa: PLC0415 - looks for libraries

    with open_ledger(options) as (ledger, scan):
        choice = choose()
        window = choice.gui or f"not possible: {choice.reason}"
        facts = diagnose(ledger, scan_status(scan), window, check(ledger))
        read = ledger.read_homes()
        states = [_provider(source) for source in listed(ledger)]
        homes = [_home(home, None if home in read else why_not_read(home)) for home in ledger.homes()]
    if as_json:
        click.echo(json_text(facts))
    else:
        click.echo(_text(facts, [*states, "Homes:", *(homes or ["  none"])]))
    if not (facts.rollup_ok and facts.integrity_ok):
        sys.exit(1)


def _home(home: HomeRow, why_not: str | None) -> str:
    files = f"{home.files} files" if why_not is None else f"{home.files} files, {why_not}"
    return f"  {home.provider} {safe(home.path)} ({files})"


def _provider(source: ProviderSource) -> str:
    status = source.status
    where = "".join(f" {safe(place.path)} ({'there' if place.exists else 'not there'})" for place in status.places)
    looked = f" Looked in:{where}." if status.state == "waiting" and where else ""
    folder = f" {safe(status.folder)}" if status.folder else ""
    return f"{source.name}: {status.word.lower()}. {status.reason}{folder}{looked}"


def _text(facts: Diagnostics, places: list[str]) -> str:
    lines = [
        f"Tokendial {facts.version}, Python {facts.python}, SQLite {facts.sqlite}, {facts.platform}",
        f"Window: {facts.window}",
        f"Data: {safe(facts.data_dir)} ({facts.database_bytes:,} bytes)",
        f"Ledger: {facts.events:,} responses, {facts.sessions:,} sessions, {facts.files:,} files, "
        f"{facts.files_gone:,} gone",
        f"Roll-up equals events: {'yes' if facts.rollup_ok else 'NO'}.",
        f"Database: {'sound' if facts.integrity_ok else 'DAMAGED'}.",
        *places,
        f"Refused lines: {facts.refused_total:,}",
    ]
    lines += [
        f"  {row.count:,} x {safe(row.label)}: {safe(row.path)} at byte {row.first_offset:,}"
        for row in facts.refused[:20]
    ]
    if facts.sqlite_warning:
        lines.append(f"Note: {facts.sqlite_warning}")
    return "\n".join(lines)
