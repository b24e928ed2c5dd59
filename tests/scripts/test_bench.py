"""The parts of the benchmark that decide what a figure means."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import _bench
import bench
from _ccusage import Ccusage
from _measure import BenchError, run

TOTALS = dict.fromkeys(_bench.CHECKED, 5)


def test_a_wrong_report_is_no_result() -> None:
    expected = {"totals": TOTALS}
    _bench.check(json.dumps({"totals": {**TOTALS, "reasoning_tokens": 9}}), expected)
    with pytest.raises(BenchError, match=r"'events': \(6, 5\)"):
        _bench.check(json.dumps({"totals": {**TOTALS, "events": 6}}), expected)


def test_table_shows_both_programs() -> None:
    rows = bench.table(
        [_bench.Result("cold", "ms", 10.0, 40.0, 0.25, "note"), _bench.Result("alone", "MB", 3.0)]
    ).splitlines()
    assert rows[0].split() == ["Tokendial", "ccusage", "ratio"]
    assert rows[1].split() == ["cold", "10.0", "ms", "40.0", "ms", "0.25", "note"]
    assert rows[2].split() == ["alone", "3.0", "MB"]


def test_all_are_measured_in_turn(tmp_path: Path) -> None:
    order = tmp_path / "order"
    programs = {name: tmp_path / name for name in ("command", "native")}
    for name, program in programs.items():
        program.write_text(f"#!/bin/sh\necho {name} >> {order}\n", encoding="utf-8")
        program.chmod(0o755)

    def ours() -> float:
        with order.open("a", encoding="utf-8") as file:
            file.write("ours\n")
        return 0.004

    ccusage = Ccusage(programs["command"], programs["native"], os.environ["PATH"])
    mine, command, native = _bench.alternately(_bench.Setup(tmp_path, 3, ccusage, dict(os.environ)), tmp_path, ours)
    assert order.read_text(encoding="utf-8").split() == ["ours", "command", "native"] * 3
    assert mine == 4.0
    assert command is not None and native is not None
    assert _bench.against("cold", mine, 8.0, "").ratio == 0.5
    assert _bench.alternately(_bench.Setup(tmp_path, 1, None, {}), tmp_path, ours) == (4.0, None, None)


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
