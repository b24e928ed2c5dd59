"""The tables of parity: every row of a survey is there once, and each has tests that exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.parity.reference import CODEX_TRACKER, OPENTOKENMONITOR, Survey

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of parity, the survey that it answers, and how many rows begin how."""

    file: str
    survey: Survey
    counts: Mapping[str, int]
    weaknesses: Sequence[str]

    def rows(self) -> list[tuple[str, list[str]]]:
        """The rows with the tests that they name."""
        found = []
        for line in (ROOT / "tests" / self.file).read_text(encoding="utf-8").splitlines():
            if line.startswith("| ") and not line.startswith(("| row |", "| --- |")):
                name, _, tests = (cell.strip() for cell in line.strip("|").split(" | "))
                found.append((name, re.findall(r"`([^`]+)`", tests)))
        return found


TABLES = (
    Table(
        "parity_codex_tracker.md",
        CODEX_TRACKER,
        {"1.": 127, "6.": 33, "9.": 15, "W": 66},
        [f"W{number}" for number in range(1, 67)],
    ),
    Table(
        "parity_opentokenmonitor.md",
        OPENTOKENMONITOR,
        {"1.": 100, "9 ": 38, "9 (": 18, "W": 49},
        [f"W-{number:02}" for number in range(1, 50)],
    ),
)
ROWS = {table.file: table.rows() for table in TABLES}
EACH = [(file, name, tests) for file, rows in ROWS.items() for name, tests in rows]
BOTH = pytest.mark.parametrize("table", TABLES, ids=[table.file for table in TABLES])


@cache
def _names(file: Path) -> frozenset[str]:
    """The tests of a file: functions of Python; `it`, `test` and `describe` of TypeScript."""
    if not file.is_file():
        return frozenset()
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return frozenset(node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return frozenset(re.findall(r'\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*"([^"]+)"', text))


def missing(tests: list[str]) -> list[str]:
    """Of the tests of a row, those that do not exist."""
    absent = []
    for test in tests:
        place, _, name = test.partition("::")
        file = ROOT / ("frontend" if place.startswith("src/") else "tests") / place
        if not name or name not in _names(file):
            absent.append(test)
    return absent


@pytest.mark.parametrize(("file", "name", "tests"), EACH, ids=[f"{file[7:-3]}: {name}" for file, name, _ in EACH])
def test_row(file: str, name: str, tests: list[str]) -> None:
    assert tests, f"{name} of {file} is open: no test covers it yet"
    absent = missing(tests)
    assert not absent, f"{name} of {file} names tests that do not exist: {', '.join(absent)}"


@BOTH
def test_each_row_is_there_once(table: Table) -> None:
    names = [name for name, _ in ROWS[table.file]]
    assert len(names) == len(set(names))
    assert {start: sum(name.startswith(start) for name in names) for start in table.counts} == table.counts
    assert [name for name in names if name[0] == "W"] == table.weaknesses


@BOTH
def test_the_rows_are_those_of_the_survey(table: Table) -> None:
    if not table.survey.file.is_file():
        pytest.skip(f"the survey is not at {table.survey.file}")
    assert [name for name, _ in ROWS[table.file]] == table.survey.rows()


def test_the_check_can_fail() -> None:
    good = "parity/test_table.py::test_row"
    for wrong in ("parity/test_table.py::test_nobody", "parity/nowhere.py::test_row", "parity/test_table.py", ""):
        assert missing([good, wrong]) == [wrong]
    assert missing(["src/lib/format.test.ts::formatTokens"]) == []
    assert missing(["src/lib/format.test.ts::formatTok"]) != []
