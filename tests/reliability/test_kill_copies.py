"""Killed while a backup, a restore, a compaction or an export runs: the ledger is whole, and no file is half."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
from pathlib import Path

import pytest
from tests.reliability.test_kills import much
from tests.support.ledgers import Content, assert_sound, content, file_of, ledger_of, scan_once
from tests.support.processes import finish, start
from tests.support.proofs import Proved
from tests.support.rollout import START_MS, session

from tokendial.store import copies

resource = pytest.importorskip("resource")  # only Unix limits the size of files
KILLS = 8
WORKS = ["backup", "restore", "compact", "export"]


@pytest.fixture
def two(home: Path, data: Path, tmp_path: Path) -> tuple[Content, Content, Path]:
    """What the ledger holds, what a backup holds (less), and the backup."""
    much(home, 8)
    less = scan_once(data, home)
    backup = tmp_path / "less.sqlite3"
    with ledger_of(data, home) as ledger:
        copies.copy_ledger(ledger.database, backup, lambda _share: None)
    session(300, START_MS + 99 * 3_600_000, 99, first=90_000).write(home)
    return scan_once(data, home), less, backup


def steps_of(*arguments: str | Path) -> int:
    """How many steps a work has when nobody kills it."""
    process = start("copy_aloud", *arguments)
    assert process.stdout is not None
    lines = process.stdout.readlines()
    assert finish(process) == (0, "")
    return len(lines)


def kill_at(step: int, *arguments: str | Path) -> bool:
    """Kill a work once it has said this many steps."""
    process = start("copy_aloud", *arguments)
    assert process.stdout is not None
    for _ in range(step):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    return finish(process)[0] == -signal.SIGKILL


@pytest.mark.parametrize("work", WORKS)
def test_s11_killed_at_any_step(
    work: str, home: Path, data: Path, tmp_path: Path, two: tuple[Content, Content, Path], proved: Proved
) -> None:
    now, less, backup = two
    out = tmp_path / "out"
    out.mkdir()
    file = backup if work == "restore" else out / "made"
    scratch = tmp_path / "scratch"
    scan_once(scratch, home)
    steps = steps_of(work, scratch, file, home)
    if work != "restore":
        file.unlink(missing_ok=True)
    assert steps > KILLS
    chance, killed = random.Random(), 0
    for _ in range(KILLS):
        killed += kill_at(chance.randrange(1, steps), work, data, file, home)
        if file.exists() and work == "backup":
            copies.peek(file)
        if file.exists() and work == "export":
            with file.open(newline="") as table:
                assert sum(1 for _ in csv.DictReader(table)) == len(now.events)
        with ledger_of(data, home) as ledger:
            assert ledger.notice is None
            assert_sound(ledger)
            found = content(ledger)
            assert found in ((now, less) if work == "restore" else (now,))
            ledger.scan()
            assert content(ledger) == now, "what a restore took back is read again"
    assert killed >= KILLS // 2
    assert [path.name for path in out.iterdir() if not path.name.startswith(".") and path != file] == []
    proved("S11", "kills of a backup, restore, compaction or export", killed)


@pytest.mark.parametrize("work", ["backup", "export"])
def test_s3_a_disk_that_fills_up_leaves_no_half_file(
    work: str, home: Path, data: Path, tmp_path: Path, two: tuple[Content, Content, Path]
) -> None:
    """The system refuses to let any file grow above 60 kB, as a quota does."""
    now = two[0]
    target = tmp_path / "out" / "made"
    target.parent.mkdir()

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    process = start("copy_aloud", work, data, target, home, preexec_fn=small_files)
    code, errors = finish(process)
    assert code == 1
    assert "CannotWrite" in errors and str(target) in errors.splitlines()[-1]
    assert list(target.parent.iterdir()) == []
    with ledger_of(data, home) as ledger:
        assert content(ledger) == now
        assert_sound(ledger)


def test_s3_a_full_disk_during_a_restore_changes_nothing(
    home: Path, data: Path, tmp_path: Path, two: tuple[Content, Content, Path]
) -> None:
    now, _, backup = two
    limit = file_of(data, home).stat().st_size // 2

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = start("copy_aloud", "restore", data, backup, home, preexec_fn=small_files)
    code, errors = finish(process)
    assert code == 1
    assert "CannotWrite" in errors or "LedgerError" in errors
    with ledger_of(data, home) as ledger:
        assert content(ledger) == now
        assert_sound(ledger)


def test_s11_a_restore_while_another_process_scans_waits_for_it(
    home: Path, data: Path, two: tuple[Content, Content, Path], proved: Proved
) -> None:
    now, _, backup = two
    for number in range(200, 230):
        session(20, START_MS + number * 3_600_000, number, first=number * 1000).write(home)
    scan, other = start("scan", data, home), start("copy_aloud", "restore", data, backup, home)
    # Nobody reads what the second says, and a pipe that is full would stop it.
    for process in (other, scan):
        try:
            assert finish(process, 60) == (0, "")
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    wanted = scan_once(data, home)
    assert len(wanted.events) == len(now.events) + 600
    proved("S11", "restores beside a scan", 1)
