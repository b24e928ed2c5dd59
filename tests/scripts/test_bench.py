"""The parts of the benchmark that decide what a figure means."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import _bench
import bench
from _bench import Home, Program, Setup
from _figures import Bar, Document, Part, Point, Samples, read, result, write
from _growth import rules
from _measure import BenchError, Run, run

TOTALS = dict.fromkeys(_bench.CHECKED, 5)
ROOT = Path(__file__).resolve().parents[2]


def setup_at(work: Path, *programs: Program, runs: int = 1) -> Setup:
    """What bench.py makes of its command line."""
    return Setup(work, runs, list(programs), {**os.environ, "PYTHONPATH": str(ROOT / "backend")})


class Watched:
    """A program that says where it was run."""

    name = "other"

    def __init__(self) -> None:
        self.works: list[Path] = []

    def cold(self, home: Home, work: Path, *, memory: bool = False) -> Run:
        assert work.is_dir()
        assert not list(work.iterdir())
        (work / "kept").write_text("x", encoding="utf-8")
        self.works.append(work)
        return Run(0.008, home.provider, 1 if memory else None)


def test_a_wrong_report_is_no_result() -> None:
    expected = {"totals": TOTALS}
    _bench.check(json.dumps({"totals": {**TOTALS, "reasoning_tokens": 9}}), expected)
    with pytest.raises(BenchError, match=r"'events': \(6, 5\)"):
        _bench.check(json.dumps({"totals": {**TOTALS, "events": 6}}), expected)


def test_samples_have_middle_extremes_and_the_late_ones() -> None:
    samples = Samples.of([float(value) for value in range(20, 0, -1)])
    assert (samples.median, samples.low, samples.high, samples.p95) == (10.5, 1.0, 20.0, 19.0)
    assert samples.runs[0] == 20.0
    assert Samples.of([3.0]).p95 == 3.0


@pytest.mark.parametrize(
    ("bar", "value", "met"),
    [
        (Bar(10.0), 10.0, True),
        (Bar(9.9), 10.0, False),
        (Bar(29.0, "p95"), 30.0, False),
        (Bar(0.5, "ratio", "other"), 0.5, True),
        (Bar(0.49, "ratio", "other"), 0.5, False),
        (Bar(0.5, "ratio", "one that was not run"), None, None),
    ],
)
def test_a_bar_judges_what_it_says(bar: Bar, value: float | None, met: bool | None) -> None:
    found = result("x", "ms", Samples.of([5, 10, 30]), {"other": Samples.of([20])}, bar=bar)
    assert (found.value, found.met) == (value, met)
    assert found.ratios == {"other": 0.5}


def test_all_are_measured_in_turn() -> None:
    order: list[str] = []

    def program(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    times = _bench.alternately(3, {"ours": lambda: program("ours", 0.004), "theirs": lambda: program("theirs", 0.008)})
    assert order == ["ours", "theirs"] * 3
    assert {name: samples.median for name, samples in times.items()} == {"ours": 4.0, "theirs": 8.0}


@pytest.mark.parametrize("provider", ["codex", "claude"])
def test_a_first_reading_is_checked_to_the_token(tmp_path: Path, provider: str) -> None:
    watched = Watched()
    setup = setup_at(tmp_path, watched)
    home = setup.corpus(300_000, provider=provider, files=2)
    assert setup.cold(home) > 0
    home.expected["totals"]["output_tokens"] += 1
    with pytest.raises(BenchError, match="output_tokens"):
        setup.cold(home)
    assert [ask() for ask in setup.theirs(home).values()] == [0.008]
    assert not watched.works[0].exists()
    assert [path.name for path in tmp_path.iterdir()] == [home.folder.name]
    assert f"--provider {provider} --size 0MB --days 90 --seed 1 --files 2: " in setup.recipes[home.folder.name]


def test_a_corpus_is_made_once(tmp_path: Path) -> None:
    setup = setup_at(tmp_path)
    home = setup.corpus(200_000)
    (home.folder / "kept").touch()
    assert setup.corpus(200_000) == home
    assert (home.folder / "kept").exists()


def test_growth_is_by_byte_and_by_file() -> None:
    small = Point(1000, 1000, 50_000, 1000.0, 40.0, 20.0, 100.0, 140.0)
    large = Point(10_000, 14_000, 500_000, 12_000.0, 560.0, 30.0, 200.0, 140.0)
    found = list(rules([Point(100, 100, 1, 1.0, 1.0, 1.0, 1.0, 1.0), small, large]))
    assert [(round(rule.ours.median, 2), rule.met) for rule in found] == [(1.2, False), (1.0, True), (1.5, True)]


def test_a_document_is_what_was_written(tmp_path: Path) -> None:
    found = result("cold", "ms", Samples.of([1, 2]), {"other": Samples.of([4])}, bar=Bar(1.0, "ratio", "other"))
    point = Point(1, 2, 3, 4.0, 5.0, 6.0, 7.0, 8.0)
    document = Document(
        {"cores": "2"}, {"Python": "3"}, {"a": "b"}, {"cold": Part("2026-01-01", "abc", [found], [point])}
    )
    write(tmp_path / "results.json", document)
    assert read(tmp_path / "results.json") == document
    (tmp_path / "results.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BenchError, match="cannot be read"):
        read(tmp_path / "results.json")


def test_a_part_that_is_not_run_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = result("cold", "ms", Samples.of([2]), bar=Bar(1.0))
    monkeypatch.setattr(bench, "parts", lambda *_: {"cold": lambda: iter([missed])})
    before = Document(
        {}, {"ccusage": "1"}, {"old": "recipe"}, {"start": Part("2026-01-01", "abc"), "cold": Part("2026-01-01", "abc")}
    )
    kept = tmp_path / "results.json"
    write(kept, before)
    words = ["bench.py", "--only", "cold", "--without", "ccusage", "agentsview", "--cores", "99"]
    monkeypatch.setattr(sys, "argv", [*words, "--work", str(tmp_path / "work"), "--json", str(kept)])
    assert bench.main() == 1
    after = read(kept)
    assert list(after.parts) == ["cold", "start"]
    assert after.parts["start"] == before.parts["start"]
    assert after.parts["cold"].results == [missed]
    assert after.versions["ccusage"] == "1"
    assert after.recipes == {"old": "recipe"}


def test_a_failed_program_is_an_error() -> None:
    with pytest.raises(BenchError, match="ended with 3: no"):
        run([sys.executable, "-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"], dict(os.environ))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the memory of other processes")
def test_memory_counts_the_children() -> None:
    child = "x = b'a' * 60_000_000; import time; time.sleep(0.2)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    done = run([sys.executable, "-c", parent], dict(os.environ), memory=True)
    assert done.peak_bytes is not None
    assert done.peak_bytes > 60_000_000
