"""The few real files that are kept here: exact per file, with nothing but the repository at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.support.ledgers import assert_sound, ledger_of, rows, spent
from tests.support.masked import Expected, classes, per_file
from tests.support.parsing import parse

from tokendial.providers.codex import CODEX

FIXTURES = ROOT / "tests" / "fixtures" / "codex"
HOMES = ["family", "first-format", "nul-tail", "review"]
PARENT = "019f4efb-ae76-7e30-b44e-3fa464c16193"


@pytest.fixture(scope="module")
def expected() -> Expected:
    return Expected(FIXTURES / "expected.json")


def test_every_kept_home_is_expected(expected: Expected) -> None:
    assert expected.homes() == HOMES


@pytest.mark.parametrize("name", HOMES)
def test_every_file_gives_exactly_its_numbers(name: str, expected: Expected, tmp_path: Path) -> None:
    home = FIXTURES / name
    with ledger_of(tmp_path, home) as ledger:
        ledger.scan()
        assert per_file(ledger, home) == expected.files(name)
        assert_sound(ledger)


@pytest.mark.parametrize("name", HOMES)
def test_every_usage_line_is_classed_as_expected(name: str, expected: Expected) -> None:
    home = FIXTURES / name
    for found in CODEX.logs.find_files(home):
        path = Path(found.path)
        wanted = expected.classes(name, str(path.relative_to(home)))
        assert classes(parse(path.read_bytes(), path.name).audit, wanted) == wanted


def test_the_golden_family(tmp_path: Path) -> None:
    with ledger_of(tmp_path, FIXTURES / "family") as ledger:
        ledger.scan()
        inputs = sorted(used.input for used in spent(ledger).values())
        assert inputs == [1_409_060, 2_089_019, 2_120_760, 5_136_877]
        family = rows(ledger, "SELECT kind, parent, root FROM session ORDER BY started_ms")
        assert family == [("main", None, PARENT), *[("subagent", PARENT, PARENT)] * 3]


def test_the_nul_tail_is_refused_once_and_everything_before_it_kept() -> None:
    path = next(Path(found.path) for found in CODEX.logs.find_files(FIXTURES / "nul-tail"))
    data = path.read_bytes()
    assert data.rstrip(b"\n").endswith(b"\0" * 100)
    found = parse(data + b"\n", path.name)
    assert found.refused == {"nul_bytes": 1}
    assert len(found.events) == len(parse(data.replace(b"\0", b""), path.name).events)
