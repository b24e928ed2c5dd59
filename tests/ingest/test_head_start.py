"""A home that is read before anybody asks: the same ledger, whatever happens to the process that reads ahead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, content, ledger_of, rows, scan_once
from tests.support.processes import children, environment
from tests.support.rollout import START_MS, Rollout, session, usage

from tokendial.cli import early
from tokendial.cli.options import Options
from tokendial.errors import Unavailable
from tokendial.ingest import head_start, work
from tokendial.services.ledger import Ledger

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only where processes fork")
DAY = 86_400_000


@pytest.fixture(autouse=True)
def _much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve small files count as much, and pytest's own threads are no reason not to fork."""
    monkeypatch.setattr(work, "PARALLEL_ABOVE_BYTES", 0)
    monkeypatch.setattr(work, "_GROUP_FILES", 2)
    monkeypatch.setattr(work, "may_fork", lambda: True)
    monkeypatch.setattr(head_start, "may_fork", lambda: True)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def several(home: Path, count: int = 12) -> list[Rollout]:
    rollouts = [session(2, START_MS + number * DAY, number, first=number * 10) for number in range(count)]
    for rollout in rollouts:
        rollout.write(home)
    return rollouts


def begin(home: Path) -> int:
    """Begin to read, and return the process that does."""
    before = children()
    head_start.begin("codex", home.resolve())
    (found,) = children() - before
    return found


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def is_busy(pid: int) -> bool:
    """Whether a process runs, or is about to; one that waits for something does not."""
    return (Path(f"/proc/{pid}") / "stat").read_text().rpartition(")")[2].split()[0] in "RD"


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    time.sleep(0.3)
    while not is_so():
        assert time.monotonic() < until, "it never came to it"
        time.sleep(0.05)


def test_the_process_that_began_reads_and_the_ledger_is_the_same(
    home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: set[int]
) -> None:
    several(home)
    begin(home)
    with monkeypatch.context() as patch:
        patch.setattr(work, "read_group", lambda *_arguments: pytest.fail("it was read here"))
        with ledger_of(data, home) as ledger:
            report = ledger.scan()
            assert (report.files, report.files_read, report.problems) == (12, 12, [])
            assert_sound(ledger)
            found = content(ledger)
    assert children() <= others
    assert found == scan_once(tmp_path / "one", home)


def test_who_scans_reads_as_well(home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(several(home)[0].bytes())
    monkeypatch.setattr(head_start, "_MOST_BYTES", 2 * size + 200)
    read_group, here, read_here = work.read_group, os.getpid(), list[int]()

    def watched(provider_id: str, tasks: list[work.Task], now_ms: int) -> list[work.Done]:
        if os.getpid() == here:
            read_here.extend(task.place for task in tasks)
        else:
            time.sleep(0.1)
        return read_group(provider_id, tasks, now_ms)

    monkeypatch.setattr(work, "read_group", watched)
    begin(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        found = content(ledger)
    assert read_here
    assert min(read_here) >= 2, "the first group was begun already"
    assert found == scan_once(tmp_path / "one", home)


def test_what_is_written_meanwhile_is_read_by_the_next_scan(home: Path, data: Path, tmp_path: Path) -> None:
    newest = several(home)[-1]
    reader = begin(home)
    wait_for(lambda: not is_busy(reader))
    newest.count(usage(7)).write(home)
    session(2, START_MS + 40 * DAY, 40, first=900).write(home)
    with ledger_of(data, home) as ledger:
        assert ledger.scan().files == 12
        assert ledger.scan().files == 13
        found = content(ledger)
    assert found == scan_once(tmp_path / "one", home)


def test_a_home_that_cannot_be_listed_is_left_to_the_scan(
    home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: set[int]
) -> None:
    several(home)
    with monkeypatch.context() as patch:
        patch.setattr(head_start._Reading, "_list", lambda _self: None)
        begin(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert children() <= others
        assert content(ledger) == scan_once(tmp_path / "one", home)


def test_a_ledger_that_knows_the_home_already_goes_its_own_way(
    home: Path, data: Path, tmp_path: Path, others: set[int]
) -> None:
    several(home, 8)
    scan_once(data, home)
    for number in range(8, 12):
        session(2, START_MS + number * DAY, number, first=number * 10).write(home)
    begin(home)
    with ledger_of(data, home) as ledger:
        report = ledger.scan()
        assert (report.files, report.files_read) == (12, 4)
        assert children() <= others
        assert content(ledger) == scan_once(tmp_path / "one", home)


def test_little_is_read_by_the_scan_alone(
    home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: set[int]
) -> None:
    monkeypatch.setattr(work, "PARALLEL_ABOVE_BYTES", 1 << 20)
    several(home)
    begin(home)
    with ledger_of(data, home) as ledger:
        assert ledger.scan().files_read == 12
        assert children() <= others
        assert content(ledger) == scan_once(tmp_path / "one", home)


def test_a_process_that_is_killed_costs_nothing_but_the_scan(
    home: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: set[int]
) -> None:
    several(home)
    with monkeypatch.context() as patch:
        patch.setattr(work, "read_group", lambda *_arguments: time.sleep(60))
        reader = begin(home)
    with ledger_of(data, home) as ledger:
        wait_for(lambda: not is_busy(reader))
        os.kill(reader, signal.SIGKILL)
        with pytest.raises(Unavailable, match="next scan"):
            ledger.scan()
        assert content(ledger).events == [], "a commit is whole or not there"
        ledger.scan()
        assert content(ledger) == scan_once(tmp_path / "one", home)
    assert children() <= others


def test_nobody_reads_on_when_the_program_is_gone(home: Path, tmp_path: Path) -> None:
    several(home)
    script = tmp_path / "begin.py"
    script.write_text(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from tests.support.processes import children\n"
        "from tokendial.ingest import head_start, work\n"
        "work.PARALLEL_ABOVE_BYTES, work._GROUP_FILES = 0, 1\n"
        "os.cpu_count = lambda: 2\n"
        "head_start.read_encoded = lambda *_arguments: bytes(3 << 20)\n"  # more than the pipe holds
        f"head_start.begin('codex', Path({str(home)!r}))\n"
        "print(*children(), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment()) as began:
        assert began.stdout is not None
        (reader,) = map(int, began.stdout.readline().split())
        wait_for(lambda: not is_busy(reader))
        began.kill()
    wait_for(lambda: not is_there(reader))


@pytest.mark.parametrize(
    ("named", "scan", "known", "begins"),
    [(True, True, False, True), (False, True, False, True), (True, False, False, False), (True, True, True, False)],
    ids=["named", "configured", "not to scan", "known"],
)
def test_a_command_begins_where_there_is_no_ledger_yet(
    named: bool,
    scan: bool,
    known: bool,
    begins: bool,
    home: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    others: set[int],
) -> None:
    several(home)
    monkeypatch.setenv("CODEX_HOME", str(home))
    options = Options(named_dir=data, homes=[("codex", home)] if named else [], scan=scan)
    if known:
        scan_once(data, home)
    with early.looking_and_reading(options):
        assert len(children() - others) == begins
        ledger = Ledger(data, options.homes)
        try:
            if scan:
                ledger.scan()
                assert len(rows(ledger, "SELECT id FROM source_file")) == 12
        finally:
            ledger.close()
    assert children() <= others


def test_a_command_that_fails_first_leaves_no_process(home: Path, data: Path, others: set[int]) -> None:
    several(home)
    with (
        pytest.raises(RuntimeError, match="something else"),
        early.looking_and_reading(Options(named_dir=data, homes=[("codex", home)], scan=True)),
    ):
        assert len(children() - others) == 1
        raise RuntimeError("something else")
    assert children() <= others
