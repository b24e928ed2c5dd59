"""Much to read is read by several processes, and each of them is the packaged program again."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
from tests.e2e.driver import eventually, options
from tests.packaged.conftest import BINARY, Start, alone, run

from gen_logs import Expected, generate
from tokendial.ingest.work import PARALLEL_ABOVE_BYTES

pytestmark = [
    pytest.mark.package,
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor reads in one process"),
]
READERS = min((os.cpu_count() or 1) - 1, 4)  # one for each core but that of the process that writes


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    home = tmp_path_factory.mktemp("much") / "codex"
    expected = generate(home, 80_000_000)
    assert expected.bytes > PARALLEL_ABOVE_BYTES
    return home, expected


def children(pid: int) -> dict[int, str]:
    """The command lines of the living children that are the packaged program."""
    found = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            numbers = task.read_text().split()
        except OSError:
            continue
        for number in numbers:
            try:
                if Path(f"/proc/{number}/exe").resolve() == BINARY:
                    found[int(number)] = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
    return found


def test_a_report_forks(much: tuple[Path, Expected], tmp_path: Path) -> None:
    home, expected = much
    command = [str(BINARY), "report", "--json", *options(tmp_path / "data", home)]
    process = subprocess.Popen(command, env=alone(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seen: dict[int, str] = {}
    while process.poll() is None:
        seen |= children(process.pid)
        time.sleep(0.002)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    totals = json.loads(output)["totals"]
    assert (totals["events"], totals["total_tokens"]) == (expected.totals.events, expected.totals.total_tokens)
    assert len(seen) == READERS


def test_a_served_program_spawns(much: tuple[Path, Expected], tmp_path: Path, start: Start) -> None:
    home, expected = much
    where = options(tmp_path / "data", home)
    running = start("serve", "--no-open", *where)
    seen: dict[int, str] = {}
    deadline = time.monotonic() + 120
    while len(spawned(seen)) < READERS and time.monotonic() < deadline:
        seen |= children(running.process.pid)
        time.sleep(0.002)
    assert len(spawned(seen)) == READERS
    counted = (0, 0)
    while counted != (expected.totals.events, expected.totals.total_tokens) and time.monotonic() < deadline:
        time.sleep(0.3)
        totals = json.loads(run(tmp_path, "report", "--json", "--no-scan", *where).stdout)["totals"]
        counted = totals["events"], totals["total_tokens"]
    assert counted == (expected.totals.events, expected.totals.total_tokens)
    assert running.end() == 0
    assert running.errors == ""
    eventually(running.group, [])


def spawned(seen: dict[int, str]) -> list[str]:
    """Those that were started to read, as the command line says."""
    return [line for line in seen.values() if "--multiprocessing-fork" in line]
