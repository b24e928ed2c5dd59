"""The parts of the benchmark that decide what a figure means."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import bench
from _measure import BenchError, run

TOTALS = dict.fromkeys(bench.CHECKED, 5)


def test_a_wrong_report_is_no_result() -> None:
    expected = {"totals": TOTALS}
    bench.check(json.dumps({"totals": {**TOTALS, "reasoning_tokens": 9}}), expected)
    with pytest.raises(BenchError, match=r"'events': \(6, 5\)"):
        bench.check(json.dumps({"totals": {**TOTALS, "events": 6}}), expected)


def test_table_shows_both_programs() -> None:
    rows = bench.table(
        [bench.Result("cold", "ms", 10.0, 40.0, 0.25, "note"), bench.Result("alone", "MB", 3.0)]
    ).splitlines()
    assert rows[0].split() == ["Tokendial", "ccusage", "ratio"]
    assert rows[1].split() == ["cold", "10.0", "ms", "40.0", "ms", "0.25", "note"]
    assert rows[2].split() == ["alone", "3.0", "MB"]


def test_both_are_measured_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def theirs(*_: object, **__: object) -> object:
        order.append("theirs")
        return run([sys.executable, "-c", ""], dict(os.environ))

    def ours() -> float:
        order.append("ours")
        return 0.004

    monkeypatch.setattr(bench, "run", theirs)
    setup = bench.Setup(tmp_path, 3, tmp_path / "ccusage", {})
    mine, other, ratio = bench.alternately(setup, tmp_path, ours)
    assert order == ["ours", "theirs"] * 3
    assert mine == 4.0
    assert other is not None
    assert ratio == pytest.approx(mine / other, abs=0.001)
    assert bench.alternately(bench.Setup(tmp_path, 1, None, {}), tmp_path, ours) == (4.0, None, None)


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
