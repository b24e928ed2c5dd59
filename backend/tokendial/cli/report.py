"""`tokendial report`."""

from __future__ import annotations

import csv
import io
from typing import Literal

import click
import msgspec

from tokendial.cli.opening import open_ledger
from tokendial.cli.options import Options
from tokendial.cli.render import money, safe, table
from tokendial.domain.zones import zone_named
from tokendial.errors import BadRequest
from tokendial.providers import PROVIDERS
from tokendial.services.csvtext import csv_cell
from tokendial.services.report import By, Figures, Report, Row, report

Format = Literal["json", "csv", "table"]
_COLUMNS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens", "events",
)  # fmt: skip


def print_report(
    options: Options,
    by: str,
    since: str | None,
    until: str | None,
    tz: str | None,
    provider: str | None,
    style: Format,
) -> None:
    """Print the report. Raises BadRequest for a day, zone or provider that makes no sense."""
    zone = zone_named(tz) if tz else None
    if provider is not None and provider not in {known.descriptor.id for known in PROVIDERS}:
        names = ", ".join(known.descriptor.id for known in PROVIDERS)
        raise BadRequest(f"There is no provider {provider!r}; there is {names}.", field="provider")
    with open_ledger(options) as (ledger, scan):
        answer = report(ledger, msgspec.convert(by, By), scan, since=since, until=until, zone=zone, provider=provider)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())
    elif style == "csv":
        click.echo(_csv(answer), nl=False)
    else:
        click.echo(_table(answer))


def _csv(answer: Report) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([answer.by, *_COLUMNS, "cost_usd", "unpriced_models"])
    for row in answer.rows:
        counts = [getattr(row, column) for column in _COLUMNS]
        unpriced = csv_cell(" ".join(row.unpriced_models))
        writer.writerow([csv_cell(row.key), *counts, row.cost_usd, unpriced])
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
