"""S3, S4: the disk is full, or fails, at some call to the system in a work: before or after, never between."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from tests.support.failing_io import KILL, fail, needs_failing_io
from tests.support.ledgers import file_of, ledger_of, scan_once
from tests.support.proofs import Proved, Size
from tests.support.rollout import session, usage

from tokendial.store import copies

pytestmark = needs_failing_io
WORKS = ["ingest", "start", "back_up", "restore", "compact"]


@pytest.fixture
def begun(home: Path, data: Path) -> Path:
    """A data folder that is behind its logs, with a backup that is behind it; the log of SQLite is not empty."""
    first = session(20)
    first.write(home)
    scan_once(data, home)
    with ledger_of(data, home) as ledger:
        copies.copy_ledger(ledger.database, data / "saved.sqlite3", lambda _share: None)
    for number in range(1, 4):
        session(20, number=number, first=number * 100).write(home)
    ledger = ledger_of(data, home).__enter__()
    ledger.scan()
    path = file_of(data, home)
    parts = {part: part.read_bytes() for part in (path, path.with_name(path.name + "-wal"))}
    ledger.close()
    for part, content in parts.items():
        part.write_bytes(content)  # as a process leaves it that was killed
    first.count(usage(5000)).write(home)
    session(30, number=9, first=9000).write(home)
    return data


@pytest.mark.parametrize("work", WORKS)
def test_s3_a_full_disk_at_any_write_is_told_and_loses_nothing(
    work: str, home: Path, begun: Path, size: Size, proved: Proved
) -> None:
    """From that write on there is no room at all, until there is again."""
    outcome = fail(work, begun, home, error=errno.ENOSPC, points=size(14, 100_000), lasting=True)
    assert outcome.told > (0 if work == "start" else outcome.points // 2)
    assert all("full" in message for message in outcome.messages), outcome.messages
    proved("S3", "writes without room", outcome.points)


@pytest.mark.parametrize("work", WORKS)
def test_s4_a_disk_that_fails_at_any_call_leaves_before_or_after(
    work: str, home: Path, begun: Path, size: Size, proved: Proved
) -> None:
    outcome = fail(work, begun, home, error=errno.EIO, points=size(14, 100_000))
    assert outcome.told > 0
    for message in outcome.messages:
        assert "i/o error" in message.lower() or "input/output error" in message.lower(), message
    proved("S4", "failing calls to the system", outcome.points)


@pytest.mark.parametrize("work", WORKS)
def test_s4_a_kill_at_any_call_leaves_before_or_after(
    work: str, home: Path, begun: Path, size: Size, proved: Proved
) -> None:
    """The write that kills is torn: half of it is in the file."""
    outcome = fail(work, begun, home, error=KILL, points=size(10, 100_000))
    assert outcome.told == outcome.points
    proved("S4", "kills within calls to the system", outcome.points)
