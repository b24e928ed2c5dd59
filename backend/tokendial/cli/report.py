"""`tokendial report`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import click
import msgspec

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import json_text, money, printable, safe, table
from tokendial.domain.zones import zone_named
from tokendial.errors import BadRequest, CannotWrite
from tokendial.ingest.scanner import ScanReport
from tokendial.providers import PROVIDERS
from tokendial.services.ledger import Ledger
from tokendial.services.report import By, Figures, Report, Row, period_of, report
from tokendial.services.textfile import written
from tokendial.services.zone import system_zone

Format = Literal["table", "json", "csv", "html"]
_COLUMNS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens", "events",
)  # fmt: skip


class Wanted(msgspec.Struct, kw_only=True):
    """What was asked for, as it was typed."""

    by: str
    since: str | None
    until: str | None
    tz: str | None
    provider: str | None
    style: Format
    private: bool


def print_report(options: Options, wanted: Wanted, output: Path | None, *, replace: bool) -> None:
    """Print the report, or write it to a file that is there as a whole or not at all.

    Raises BadRequest for a day, zone or provider that makes no sense, CannotWrite for a file that exists already.
    """
    zone = zone_named(wanted.tz) if wanted.tz else None
    if wanted.provider is not None and wanted.provider not in {known.descriptor.id for known in PROVIDERS}:
        names = ", ".join(known.descriptor.id for known in PROVIDERS)
        raise BadRequest(f"There is no provider {wanted.provider!r}; there is {names}.", field="provider")
    if output is not None and output.exists() and not replace:
        raise CannotWrite(f"{output} exists already; --force replaces it.", path=str(output))
    with open_ledger(options) as (ledger, scan):
        text = _html(ledger, wanted, zone) if wanted.style == "html" else _answer(ledger, wanted, zone, scan)
    if output is None:
        click.echo(printable(text), nl=False)
        return
    with written(output) as file:
        file.write(text)
    click.echo(f"tokendial: {safe(str(output))} written.", err=True)


def _html(ledger: Ledger, wanted: Wanted, zone: ZoneInfo | None) -> str:
    from tokendial.services import printed  # noqa: PLC0415 - the other formats do without

    with ledger.view(provider=wanted.provider, zone=zone or system_zone()) as view:
        period = period_of(view, wanted.since, wanted.until)
        return printed.page(view, period, provider=wanted.provider, private=wanted.private)


def _answer(ledger: Ledger, wanted: Wanted, zone: ZoneInfo | None, scan: ScanReport) -> str:
    by = msgspec.convert(wanted.by, By)
    answer = report(ledger, by, scan, since=wanted.since, until=wanted.until, zone=zone, provider=wanted.provider)
    if wanted.style == "json":
        return json_text(answer) + "\n"
    return _csv(answer) if wanted.style == "csv" else _table(answer) + "\n"


def _csv(answer: Report) -> str:
    from tokendial.services.csvtext import write_csv  # noqa: PLC0415 - the other formats do without

    out = io.StringIO()
    rows = (
        [row.key, *(getattr(row, column) for column in _COLUMNS), row.cost_usd, " ".join(row.unpriced_models)]
        for row in answer.rows
    )
    write_csv(out, [answer.by, *_COLUMNS, "cost_usd", "unpriced_models"], rows)
    return out.getvalue()


def _table(answer: Report) -> str:
    if not answer.rows:
        return "No usage found. Name a home with its option (see --help), or look at `tokendial doctor`."
    headers = [
        answer.by.capitalize(),
        "Tokens",
        "Input",
        "Cached",
        "Written",
        "Output",
        "Reasoning",
        "Responses",
        "Cost",
    ]
    rows = [_cells(safe(row.key), row) for row in answer.rows]
    text = table(headers, rows, _cells("Total", answer.totals))
    if answer.totals.unpriced_models:
        text += f"\nWithout a price: {safe(', '.join(answer.totals.unpriced_models))}"
    if answer.scan.refused:
        text += f"\n{answer.scan.refused} lines were refused; `tokendial doctor` says why."
    return text


def _cells(name: str, row: Row | Figures) -> list[str]:
    written = row.cache_write_tokens + row.cache_write_1h_tokens
    counts = (
        row.total_tokens, row.input_tokens, row.cache_read_tokens, written, row.output_tokens, row.reasoning_tokens,
        row.events,
    )  # fmt: skip
    return [name, *(f"{count:,}" for count in counts), money(row.cost_usd)]
