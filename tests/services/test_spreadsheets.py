"""C3: the CSV files of exports and reports, opened by a real spreadsheet: no formula, numbers are numbers, texts stay.

Every trigger stands in every column that a log can fill. The files are opened as a spreadsheet may: with commas, with
what LibreOffice suggests (commas, semicolons and tabs), and where lists are separated by something else.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.run import run
from tests.services.support import UTC, rule
from tests.services.test_export import job
from tests.support.ledgers import ledger_of
from tests.support.proofs import Proved
from tests.support.rollout import Rollout, usage
from tests.support.spreadsheets import LATER, TRIGGERS, Cell, meant, office, opened

from tokendial.services.contract.exports import ExportRequest
from tokendial.services.export import export
from tokendial.services.export_rows import TOKENS

START_MS = 1_783_735_200_000
DAY_MS = 86_400_000
TEXTS = (*TRIGGERS, *LATER)
NUMBERS = {*TOKENS, "responses", "events", "cost_usd", "unpriced_tokens"}
FILLED = {
    "events.csv": ("session_title", "project", "model", "effort", "tier", "originator", "unpriced_models"),
    "sessions.csv": ("title", "project", "model", "effort", "originator", "agent", "parent", "unpriced_models"),
    "days.csv": ("unpriced_models",),
    "by-model.csv": ("model", "unpriced_models"),
    "by-effort.csv": ("effort", "unpriced_models"),
    "by-project.csv": ("project", "unpriced_models"),
}
MODES = {"commas": ",", "as suggested": ",;\t", "semicolons": ";", "tabs": "\t"}


class Files(NamedTuple):
    """The files, as rows of their cells, and the folder that they are in."""

    folder: Path
    rows: dict[str, list[list[str]]]


def write(home: Path) -> None:
    titles = []
    for number, text in enumerate(TEXTS):
        log = Rollout(START_MS + number * DAY_MS, number).meta(
            cwd=text, originator=text, agent_nickname=text, parent_thread_id=text,
            source={"subagent": {"thread_spawn": {"parent_thread_id": text, "agent_nickname": text}}},
        )  # fmt: skip
        log.turn(text, text, cwd=text).settings(model=text, service_tier=text, reasoning_effort=text)
        log.prompt("please").count(usage(number)).write(home)
        titles.append(json.dumps({"id": log.thread, "thread_name": text, "updated_at": "2026-01-01T00:00:00Z"}))
    # Two models in one cell, and one that costs something.
    more = Rollout(START_MS, 99).meta(cwd="/w/plain").turn("gpt-5.5", "high").prompt("please").count(usage(990))
    more.write(home)
    (home / "session_index.jsonl").write_text("\n".join(titles) + "\n")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    office()
    folder = tmp_path_factory.mktemp("spreadsheets")
    home = folder / "codex"
    write(home)
    with ledger_of(folder / "data", home) as ledger:
        ledger.scan()
        ledger.prices.save([rule("gpt-5.5", "2.5", "10")])
        for what in ("events", "sessions", "days"):
            with ledger.view(zone=UTC) as view:
                request = ExportRequest(range="alltime", what=what, format="csv")
                export(view, request, folder / f"{what}.csv", job())
    for by in ("model", "effort", "project"):
        target = folder / f"by-{by}.csv"
        done = run("report", "--by", by, "--csv", "-o", target, "--data-dir", folder / "data", "--codex-home", home)
        assert done.code == 0, done.err
    yield Files(folder, {name: read(folder / name) for name in FILLED})


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def seen(text: str) -> str:
    """A text as a cell shows it: its line ends are one kind, and what is no character of a page is not there."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def test_c3_every_text_is_in_every_column_that_logs_fill(files: Files) -> None:
    for name, columns in FILLED.items():
        head, *rows = files.rows[name]
        for column in columns:
            found = {meant(row[head.index(column)]) for row in rows}
            wanted = {text.lower() for text in TEXTS} if column == "parent" else set(TEXTS)
            assert wanted - found == set(), (name, column)


@pytest.mark.parametrize("mode", MODES)
def test_c3_no_cell_is_a_formula_however_it_is_opened(files: Files, mode: str, proved: Proved) -> None:
    cells = opened([files.folder / name for name in FILLED], files.folder, MODES[mode])
    found = {name: [cell for row in rows for cell in row if cell.formula] for name, rows in cells.items()}
    assert found == {name: [] for name in FILLED}
    assert sum(len(row) for rows in cells.values() for row in rows) > len(TEXTS) * len(FILLED)
    proved("C3", "texts x columns without a formula", len(TEXTS) * sum(map(len, FILLED.values())))


@pytest.mark.parametrize("mode", ["commas", "as suggested"])
def test_c3_numbers_are_numbers_and_texts_stay(files: Files, mode: str, proved: Proved) -> None:
    compared = 0
    for name, rows in opened([files.folder / name for name in FILLED], files.folder, MODES[mode]).items():
        head, *wanted = files.rows[name]
        assert [cell.text for cell in rows[0]] == head
        assert len(rows) == len(wanted) + 1
        for cells, exact in zip(rows[1:], wanted, strict=True):
            padded = [*cells, *[Cell("", "", None)] * (len(head) - len(cells))]
            for column, cell, text in zip(head, padded, exact, strict=True):
                if column in NUMBERS and text:
                    assert cell.kind == "float", (name, column, cell)
                elif column == "day":
                    assert (cell.kind, cell.text) == ("date", text)
                elif text in ("true", "false"):
                    assert (cell.kind, cell.text) == ("boolean", text.upper())
                elif text:
                    assert (cell.kind, cell.text) == ("string", seen(text)), (name, column)
                compared += 1
    proved("C3", "cells compared", compared)


def test_c3_what_is_not_made_harmless_would_be_a_formula(tmp_path: Path) -> None:
    """So the triggers are some."""
    office()
    for number, text in enumerate(("=1+1", "x;=1+1", "x\t=1+1", "x\n=1+1")):
        (tmp_path / f"{number}.csv").write_text(f"a,{text},b\n")
    cells = opened(sorted(tmp_path.glob("*.csv")), tmp_path, ",;\t")
    formulas = [sum(cell.formula is not None for row in rows for cell in row) for rows in cells.values()]
    assert formulas == [1, 1, 1, 1]
