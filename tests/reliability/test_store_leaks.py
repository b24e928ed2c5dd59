"""S12: opening, scanning and closing leaves nothing behind in the process."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from tests.support.ledgers import content, ledger_of
from tests.support.processes import start
from tests.support.proofs import Proved, Size
from tests.support.rollout import session

LINES_AN_HOUR = 50 * 3600


def test_s12_opening_and_closing_leaks_no_descriptor_and_no_thread(home: Path, data: Path, proved: Proved) -> None:
    descriptors, times = Path("/proc/self/fd"), 200
    if not descriptors.is_dir():
        pytest.skip("needs /proc")
    for number in range(4):
        session(30, number=number, first=number * 100).write(home)
    before = len(list(descriptors.iterdir())), threading.active_count()
    for _ in range(times):
        with ledger_of(data, home) as ledger:
            ledger.scan()
            content(ledger)
    assert len(list(descriptors.iterdir())) <= before[0] + 2
    assert threading.active_count() <= before[1] + 2
    proved("S12", "opened and closed", times)


def test_s12_looking_again_and_again_leaks_nothing(home: Path, data: Path, size: Size, proved: Proved) -> None:
    """The long size is a day's work without its pauses: eight hours of fifty lines and four scans a second.

    What SQLite keeps of the ledger's pages in memory grows with the ledger up to a limit, which eight hours reach.
    """
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    scans, lines = size(1_000, 120_000), size(1, 12)
    process = start("reconcile_often", data, scans, lines, home)
    said, errors = process.communicate(timeout=7200)
    assert process.returncode == 0, errors
    times, (descriptors, threads, memory, length), after = json.loads(said)
    assert after[0] <= descriptors + 2
    assert after[1] <= threads + 2
    hours = scans * lines / LINES_AN_HOUR
    pages = after[3] - length if hours < 1 else 0
    assert (after[2] - memory) * 1024 <= pages + max(1, hours) * (1 << 20)
    proved("S12", "reconciles", times)
