"""Writes responses, sessions or daily totals to a file, read in one transaction and held in no list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from tokendial.domain.money import PICO_PER_USD, usd_string
from tokendial.domain.zones import local_day
from tokendial.services.contract.common import ResolvedRange
from tokendial.services.contract.exports import ExportKind, ExportRequest
from tokendial.services.csvtext import write_csv
from tokendial.services.export_rows import TOKENS, Row, Rows, Value, moment, rows_of, without_details
from tokendial.services.jobs import Job
from tokendial.services.textfile import written
from tokendial.services.view import View, resolved

SCHEMA = 1
_ROWS_PER_STEP = 500
_NOUNS: dict[ExportKind, tuple[str, str]] = {
    "events": ("response", "responses"),
    "sessions": ("session", "sessions"),
    "days": ("day", "days"),
}


class Sums:
    """The totals of the rows that went by."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.rows = 0
        self.tokens = dict.fromkeys(TOKENS, 0)
        self.pico = 0
        self.unpriced: set[str] = set()

    def passing(self, rows: Iterable[Row], total: int, job: Job) -> Iterator[Row]:
        """The rows, counted as they go by, with progress."""
        for row in rows:
            if self.rows % _ROWS_PER_STEP == 0:
                job.progress(self.rows / total if total else None)
            self.rows += 1
            for name in TOKENS:
                value = row[name]
                self.tokens[name] += value if isinstance(value, int) else 0
            cost, unpriced = row["cost_usd"], row["unpriced_models"]
            self.pico += _pico(cost) if isinstance(cost, str) else 0
            self.unpriced.update(unpriced if isinstance(unpriced, list) else ())
            yield row

    def totals(self) -> Row:
        """As the JSON file has them."""
        return {"rows": self.rows, **self.tokens, "cost_usd": usd_string(self.pico), "unpriced_models": self.names}

    @property
    def names(self) -> list[str]:
        """The models without a price."""
        return sorted(self.unpriced)


def _pico(usd: str) -> int:
    whole, _, part = usd.partition(".")
    return int(whole) * PICO_PER_USD + int(part)


def file_name(request: ExportRequest, view_range: ResolvedRange) -> str:
    """What an export is called unless its owner says otherwise."""
    days = f"{request.start}-to-{request.end}" if request.range == "custom" else view_range.name
    return f"tokendial-{request.what}-{days}.{request.format}"


def export(view: View, request: ExportRequest, target: Path, job: Job) -> str:
    """Write a file and return what it holds in a sentence. The file appears under its name only when it is whole.

    Raises CannotWrite; BadRequest for a range that makes no sense.
    """
    period = view.range(request)
    noun = _NOUNS[request.what]
    job.say(f"Writing {noun[1]}", 0.0)
    rows, sums = rows_of(view, period, request.what), Sums()
    passing = rows._replace(each=sums.passing(rows.each, rows.total, job))
    with written(target) as file:
        if request.format == "csv":
            write_csv(file, passing.columns, ([_cell(row[name]) for name in passing.columns] for row in passing.each))
        else:
            _write_json(file, passing, _head(view, request), sums)
    text = f"{sums.rows:,} {noun[sums.rows != 1]} written."
    if request.what == "events" and (removed := without_details(view, period)).before_ms is not None:
        day = local_day(removed.before_ms, view.zone).isoformat()
        text += f" Not in the file: {removed.responses:,} from before {day}, whose details were removed."
    if sums.unpriced:
        text += f" Without a price, and without a cost in the file: {', '.join(sums.names)}."
    return text


def _head(view: View, request: ExportRequest) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "what": request.what,
        "generated_at": moment(view.now_ms),
        "timezone": view.zone.key,
        "range": msgspec.to_builtins(resolved(view.range(request))),
        "provider": request.provider,
        "home": request.home,
    }


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, list) else value


def _write_json(file: TextIO, rows: Rows, head: dict[str, object], sums: Sums) -> None:
    """One object, its rows one to a line."""
    encode: Callable[[object], str] = lambda value: msgspec.json.encode(value).decode()  # noqa: E731
    file.write(encode(head)[:-1] + ',"rows":[')
    for number, row in enumerate(rows.each):
        file.write((",\n" if number else "\n") + encode({name: row[name] for name in rows.columns}))
    file.write('\n],"totals":' + encode(sums.totals()) + "}\n")
