"""The table of what was proved counts passed tests only, and is written between its marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.proofs import BEGIN, END, rewrite

pytest_plugins = ["pytester"]

_SUITE = """
import pytest
def test_one(proved, size):
    proved("R1", "kills", size(3, 30))
def test_two(proved):
    proved("R1", "kills", 4)
    proved("C10", "erasures", 1)
    proved("C2", "files", 1200)
def test_fails(proved):
    proved("S1", "cuts", 9)
    assert False
"""
_ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("arguments", "kills"), [((), 7), (("--long",), 34), (("-n", "2"), 7)])
def test_counts_of_passed_tests_are_added_up(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], kills: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    pytester.makeconftest('pytest_plugins = ["tests.support.proofs"]')
    pytester.makepyfile(_SUITE)
    result = pytester.runpytest_subprocess(*arguments)
    table = [line for line in result.outlines if line.startswith("|")][2:]
    assert table == [f"| R1 | 2 | {kills} kills |", "| C2 | 1 | 1,200 files |", "| C10 | 1 | 1 erasures |"]


def test_a_file_is_rewritten_between_its_marks_only(tmp_path: Path) -> None:
    target = tmp_path / "SECURITY.md"
    target.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    rewrite(target, ["| new |"])
    assert target.read_text(encoding="utf-8") == f"before\n{BEGIN}\n| new |\n{END}\nafter\n"
    target.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        rewrite(target, [])
