"""S12: opening, scanning and closing leaves nothing behind in the process."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.support.ledgers import content, ledger_of
from tests.support.proofs import Proved
from tests.support.rollout import session


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
