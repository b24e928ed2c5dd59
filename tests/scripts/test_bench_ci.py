"""The small form of the benchmark: what it calls a regression, and that it measures for real."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import _bench_ci
from _bench import Setup
from _bench_ci import PlainReader, regressions
from _ccusage import COMMAND

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"cold": {COMMAND: 2.0, _bench_ci.PLAIN: 1.0}}


def setup_at(work: Path) -> Setup:
    """Without ccusage."""
    return Setup(work, 1, [], {**os.environ, "PYTHONPATH": str(ROOT / "backend")})


@pytest.mark.parametrize(
    ("now", "bad"),
    [
        ({COMMAND: 2.5, _bench_ci.PLAIN: 9.0}, False),
        ({COMMAND: 2.51, _bench_ci.PLAIN: 1.0}, True),
        ({_bench_ci.PLAIN: 1.25}, False),
        ({_bench_ci.PLAIN: 1.26}, True),
    ],
)
def test_a_quarter_more_is_a_regression(now: dict[str, float], bad: bool) -> None:
    assert bool(regressions({"cold": now}, KEPT)) is bad


def test_a_measure_without_a_kept_ratio_fails() -> None:
    assert "no ratio" in regressions({"new": {_bench_ci.PLAIN: 1.0}}, KEPT)["new"]


@pytest.mark.parametrize(("values", "code"), [([1.0], 0), ([2.0, 1.0], 0), ([2.0, 2.0], 1)])
def test_only_what_is_worse_twice_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: list[float], code: int
) -> None:
    left = list(values)
    ways: dict[str, Callable[[], dict[str, float]]] = {"cold": lambda: {_bench_ci.PLAIN: left.pop(0)}}
    monkeypatch.setattr(_bench_ci, "measures", lambda _: ways)
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps(KEPT), encoding="utf-8")
    assert _bench_ci.judge(setup_at(tmp_path), baseline=baseline) == code
    assert left == []


def test_it_measures_and_keeps_ratios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = setup_at(tmp_path)
    made = [("codex", setup.corpus(300_000)), ("claude", setup.corpus(300_000, provider="claude"))]
    monkeypatch.setattr(_bench_ci, "homes", lambda _: made)
    baseline = tmp_path / "baseline.json"
    assert _bench_ci.judge(setup, accept=True, baseline=baseline) == 0
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    assert list(kept) == ["first reading, codex", "known, codex", "first reading, claude", "known, claude"]
    assert all(ratio[_bench_ci.PLAIN] > 0 for ratio in kept.values())


@pytest.mark.parametrize("provider", ["codex", "claude"])
def test_the_plain_reader_finds_usage(tmp_path: Path, provider: str) -> None:
    setup = setup_at(tmp_path)
    home = setup.corpus(300_000, provider=provider)
    said = PlainReader(setup.environment).cold(home, tmp_path).output
    # Repeated lines are counted as often as they stand there, so it finds at least what there is.
    assert int(said) >= home.expected["totals"]["output_tokens"]


def test_the_kept_ratios_are_those_of_the_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = json.loads(_bench_ci.BASELINE.read_text(encoding="utf-8"))
    monkeypatch.setattr(Setup, "corpus", lambda *_, **__: None)
    assert list(kept) == list(_bench_ci.measures(setup_at(tmp_path)))
    assert all(set(ratios) == {COMMAND, _bench_ci.PLAIN} for ratios in kept.values())
