"""S3: the disk is full. That is said, what is there can be read, nothing spins, and with room all is well."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, content, ledger_of, rows, scan_once
from tests.support.processes import ROOT
from tests.support.proofs import Proved, Size
from tests.support.rollout import session

import tokendial
from tokendial.errors import LedgerError
from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService


def test_s3_a_file_that_may_not_grow_is_told_and_loses_nothing(
    home: Path, data: Path, tmp_path: Path, size: Size, proved: Proved
) -> None:
    """SQLite refuses to let the file grow beyond so many pages, at one size after the other; then there is room."""
    points = size(50, 300)
    for number in range(points // 3):
        session(60, number=number, first=number * 100).write(home)
    wanted, told = scan_once(tmp_path / "clean", home), 0
    with ledger_of(data, home) as ledger:
        pages = rows(ledger, "PRAGMA page_count")[0][0]
        for room in range(points):
            before = content(ledger)
            ledger.database.writer.execute_sql(f"PRAGMA max_page_count = {pages + room}")
            try:
                ledger.scan()
            except LedgerError as error:
                told += 1
                assert "full" in error.message
                assert content(ledger) == before or len(content(ledger).events) > len(before.events)
            assert_sound(ledger)
        assert told >= points * 0.6
        ledger.database.writer.execute_sql("PRAGMA max_page_count = 1000000")
        ledger.scan()
        assert content(ledger) == wanted
        assert_sound(ledger)
    proved("S3", "sizes that may not be exceeded", points)


def _namespace() -> list[str] | None:
    """The command that runs another with mounts of its own; None where this user may not."""
    command = ["unshare", "--mount", "--map-root-user"]
    if shutil.which("unshare") is None:
        return None
    mount = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return command if mount.returncode == 0 else None


def test_s3_a_disk_that_really_is_full_is_told_and_loses_nothing(
    home: Path, data: Path, tmp_path: Path, size: Size, proved: Proved
) -> None:
    if (namespace := _namespace()) is None:
        pytest.skip("this user may not mount a small disk")
    session(20).write(home)
    scan_once(data, home)
    for number in range(1, 9):
        session(40, number=number, first=number * 100).write(home)
    template, points = tmp_path / "template", size(12, 50)
    data.rename(template)
    data.mkdir()
    backend = Path(tokendial.__file__).resolve().parents[1]
    probe = [sys.executable, "-m", "tests.reliability.full_disk_probe", template, data, home, points]
    done = subprocess.run(
        [*namespace, "sh", "-c", 'mount -t tmpfs -o size=2m none "$0" && exec "$@"', data, *map(str, probe)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(backend), str(ROOT)])},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    messages = json.loads(done.stdout)
    assert len(messages) >= points // 3
    assert all("full" in message for message in messages), set(messages)
    proved("S3", "sizes of a real disk", points)


def test_s3_a_scan_that_fails_is_not_tried_again_at_once(proved: Proved) -> None:
    """Neither does a failed scan spin, nor does it end the thread: when it is asked for again, it is done."""
    tries, full = 0, True

    def scan(_progress: Callable[[ScanReport], None], _only: set[str] | None) -> ScanReport:
        nonlocal tries
        tries += 1
        if full:
            raise LedgerError("The disk is full.")
        return ScanReport()

    service = IngestService(list, scan, lambda: None, lambda _report: None)
    service.start()
    try:
        service.request(wait=True, timeout=30)
        first = tries
        time.sleep(0.6)
        assert tries == first <= 2
        assert service.state.message == "The disk is full."
        full = False
        service.request(wait=True, timeout=30)
        assert (tries, service.state.message) == (first + 1, None)
    finally:
        service.stop()
    proved("S3", "failed scans that did not spin", first)
