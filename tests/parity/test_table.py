"""The table of `tests/parity_codex_tracker.md`: every row is there once, and each has tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tests.parity.reference import SURVEY, rows

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "parity_codex_tracker.md"
COUNTS = {"1.": 127, "6.": 33, "9.": 15, "W": 66}


def _table() -> list[tuple[str, list[str]]]:
    """The rows with the tests that they name."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| row |", "| --- |")):
            name, _, tests = (cell.strip() for cell in line.strip("|").split(" | "))
            found.append((name, re.findall(r"`([^`]+)`", tests)))
    return found


ROWS = _table()


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


@pytest.mark.parametrize(("name", "tests"), ROWS, ids=[name for name, _ in ROWS])
def test_row(name: str, tests: list[str]) -> None:
    assert tests, f"{name} is open: no test covers it yet"
    absent = missing(tests)
    assert not absent, f"{name} names tests that do not exist: {', '.join(absent)}"


def test_each_row_is_there_once() -> None:
    names = [name for name, _ in ROWS]
    assert len(names) == len(set(names))
    assert {start: sum(name.startswith(start) for name in names) for start in COUNTS} == COUNTS
    assert [name for name in names if name[0] == "W"] == [f"W{number}" for number in range(1, 67)]


@pytest.mark.skipif(not SURVEY.is_file(), reason=f"the survey is not at {SURVEY}")
def test_the_rows_are_those_of_the_survey() -> None:
    assert [name for name, _ in ROWS] == rows(SURVEY.read_text(encoding="utf-8"))


def test_the_check_can_fail() -> None:
    good = "parity/test_table.py::test_row"
    for wrong in ("parity/test_table.py::test_nobody", "parity/nowhere.py::test_row", "parity/test_table.py", ""):
        assert missing([good, wrong]) == [wrong]
    assert missing(["src/lib/format.test.ts::formatTokens"]) == []
    assert missing(["src/lib/format.test.ts::formatTok"]) != []
