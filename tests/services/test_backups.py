"""Backup and restore as the program does them: while it runs, with everything that it remembers."""

from __future__ import annotations

import threading
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.services.support import board, ledger_of, pico, program_of, rule, sessions_of
from tests.support.ledgers import assert_sound, content
from tests.support.rollout import session

from tokendial.api.program import Program
from tokendial.errors import CannotWrite, InvalidFile, NotFound
from tokendial.ingest.scanner import ScanReport
from tokendial.services import backups
from tokendial.services.contract.common import Empty
from tokendial.services.contract.homes import HomeRequest
from tokendial.services.contract.jobs import JobAnswer, JobStatus
from tokendial.services.contract.storage import KeptRequest, RestoreRequest, UploadRequest
from tokendial.services.contract.system import RefreshRequest
from tokendial.services.jobs import Job
from tokendial.services.ledger import Ledger

Usage = namedtuple("Usage", "total free used")


def quiet_job() -> Job:
    """A task that nobody looks at."""
    return Job(JobStatus(id=1, kind="backup", state="running"), lambda _status: None)


def ended(program: Program, answer: JobAnswer) -> JobStatus:
    """The end of a task."""
    assert answer.job is not None
    deadline = time.monotonic() + 30
    while (status := program.jobs.status) is None or status.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return status


def fetched(program: Program, status: JobStatus) -> bytes:
    """The file that a task offers to the browser."""
    assert status.result is not None and status.result.download is not None, status
    offer = program.transfers.fetch(status.result.download.rpartition("/")[2])
    data = offer.path.read_bytes()
    program.transfers.drop(offer.path)
    return data


def backup_of(program: Program) -> bytes:
    return fetched(program, ended(program, program.back_up(Empty())))


def restored(program: Program, data: bytes, name: str = "mine.sqlite3") -> JobStatus:
    """The end of a restore of these bytes, handed over as a browser does."""
    ticket = program.expect_upload(UploadRequest(name, len(data))).ticket
    program.transfers.receive(ticket, [data[at : at + 7000] for at in range(0, len(data), 7000)])
    return ended(program, program.restore(RestoreRequest(upload=ticket)))


def total(ledger: Ledger) -> tuple[int, int]:
    cards = board(ledger).cards
    assert cards is not None
    return cards.usage.tokens.total_tokens, pico(cards.usage.cost.usd)


def test_backup_change_restore_and_the_numbers_are_back(home: Path, data: Path) -> None:
    """Homes, prices and settings too, at once and without a new start; and Undo goes the other way."""
    session(20).write(home)
    with program_of(data, home) as program:
        ledger = program.own
        before = total(ledger)
        kept_theme = ledger.settings.current.theme
        saved = backup_of(program)
        ledger.settings.change({"theme": "dark"})
        ledger.prices.save([rule("gpt-5.5", "100", "1000")])
        dearer = total(ledger)
        assert dearer[1] > before[1]
        program.remove_home(HomeRequest(ledger.homes()[0].id))
        assert total(ledger) == (0, 0)

        status = restored(program, saved)
        assert status.state == "done" and status.result is not None and status.result.kept is not None, status
        assert status.result.kept in status.result.message
        assert total(ledger) == before
        assert ledger.settings.current.theme == kept_theme
        assert ledger.prices.user_rules() == []
        assert [Path(row.path) for row in ledger.homes()] == [home]
        assert_sound(ledger)

        undone = ended(program, program.restore(RestoreRequest(kept=status.result.kept)))
        assert undone.state == "done", undone
        assert ledger.settings.current.theme == "dark"
        assert [row.pattern for row in ledger.prices.user_rules()] == ["gpt-5.5"]
        program.refresh(RefreshRequest(wait=True))
        assert total(ledger) == dearer, "the home of this run is read again"


def test_logs_that_grew_since_the_backup_are_read_again(home: Path, data: Path) -> None:
    log = session(5)
    log.write(home)
    with program_of(data, home) as program:
        saved = backup_of(program)
        session(5, number=1, first=100).write(home)
        program.refresh(RefreshRequest(wait=True))
        wanted = content(program.own)
        assert restored(program, saved).state == "done"
        program.refresh(RefreshRequest(wait=True))
        assert content(program.own) == wanted
        assert_sound(program.own)


BAD = {
    "empty": (lambda good: b"", "empty"),
    "text": (lambda good: b"hello" * 500, "not a backup"),
    "cut short": (lambda good: good[: len(good) // 2], "cut short"),
    "newer": (lambda good: good[:60] + b"\0\0\x03\xe7" + good[64:], "newer Tokendial"),
    "foreign": (lambda good: good[:68] + b"\0\0\0\1" + good[72:], "another program"),
    "damaged": (lambda good: good[:8192] + b"\xa5" * 4096 * 8 + good[8192 + 4096 * 8 :], "damaged"),
}


@pytest.mark.parametrize(("spoil", "words"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_no_backup_is_named_and_changes_nothing(
    spoil: Callable[[bytes], bytes], words: str, home: Path, data: Path
) -> None:
    session(20).write(home)
    with program_of(data, home) as program:
        good = backup_of(program)
        before = content(program.own), program.own.settings.current, program.own.homes()
        status = restored(program, spoil(good), "spoilt.sqlite3")
        assert status.state == "failed" and status.error is not None
        assert status.error.code == "invalid_file"
        assert words in status.error.message and "spoilt.sqlite3" in status.error.message
        program.refresh(RefreshRequest(wait=True))
        after = program.own.homes()
        assert (content(program.own), program.own.settings.current) == before[:2]
        assert [row.path for row in after] == [row.path for row in before[2]]
        assert backups.kept_copies(data) == []
        assert list((data / backups.TRANSFER).rglob("*.sqlite3")) == []
        assert restored(program, good).state == "done", "and a good one goes on working"


def test_restoring_during_a_scan_stops_it_and_it_is_done_again(
    home: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        session(5, number=number, first=number * 100).write(home)
    with program_of(data, home) as program:
        saved = backup_of(program)
        for number in range(4, 40):
            session(20, number=number, first=number * 100).write(home)
        monkeypatch.setattr("tokendial.ingest.work._GROUP_FILES", 1)
        begun, original = threading.Event(), program.ingest._progress

        def slow(report: ScanReport) -> None:
            begun.set()
            time.sleep(0.05)
            original(report)

        monkeypatch.setattr(program.ingest, "_progress", slow)
        program.ingest.request(wait=False)
        assert begun.wait(10)
        assert program.ingest.state.running
        status = restored(program, saved)
        assert status.state == "done", status
        monkeypatch.undo()
        program.refresh(RefreshRequest(wait=True))
        assert len(content(program.own).events) == 4 * 5 + 36 * 20
        assert_sound(program.own)


def test_a_backup_never_takes_the_place_of_the_ledger(home: Path, data: Path) -> None:
    session(2).write(home)
    with ledger_of(data, home) as ledger:
        for suffix in ("", "-wal", "-shm"):
            target = ledger.database.path.with_name(ledger.database.path.name + suffix)
            with pytest.raises(CannotWrite, match="database itself"):
                backups.back_up(ledger, target, quiet_job())
        assert_sound(ledger)


@pytest.mark.parametrize("work", ["backup", "restore", "compact"])
def test_without_room_nothing_is_begun(work: str, home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session(2).write(home)
    with ledger_of(data, home) as ledger:
        backups.back_up(ledger, data / "good.sqlite3", quiet_job())
        before = content(ledger)
        monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(10, 10, 0))
        begin: dict[str, Callable[[], object]] = {
            "backup": lambda: backups.back_up(ledger, data / "b.sqlite3", quiet_job()),
            "restore": lambda: backups.restore(ledger, data / "good.sqlite3", quiet_job()),
            "compact": lambda: backups.compact(ledger, quiet_job()),
        }
        with pytest.raises(CannotWrite, match="bytes left"):
            begin[work]()
        assert content(ledger) == before
        assert not (data / "b.sqlite3").exists()


def test_kept_copies_are_listed_by_name_only_and_deleted_one_by_one(home: Path, data: Path) -> None:
    session(2).write(home)
    with program_of(data, home) as program:
        saved = backup_of(program)
        for _ in range(3):
            assert restored(program, saved).state == "done"
        kept = program.storage(Empty()).kept
        assert len({copy.name for copy in kept}) == 3
        left = program.drop_kept(KeptRequest(kept[1].name)).kept
        assert left == [kept[0], kept[2]]
        (data / "outside.sqlite3").write_bytes(b"mine")
        for name in ("../outside.sqlite3", "", kept[1].name, "/etc/passwd"):
            with pytest.raises(NotFound):
                program.drop_kept(KeptRequest(name))
            with pytest.raises(NotFound):
                program.restore(RestoreRequest(kept=name))
        assert (data / "outside.sqlite3").read_bytes() == b"mine"


def test_a_raw_ledger_of_a_home_that_is_gone_is_restored_all_the_same(home: Path, data: Path, tmp_path: Path) -> None:
    session(3).write(home)
    with ledger_of(data, home) as ledger:
        backups.back_up(ledger, tmp_path / "b.sqlite3", quiet_job())
        (tmp_path / "elsewhere").mkdir()
        wanted = content(ledger)
    with ledger_of(tmp_path / "other", tmp_path / "elsewhere") as other:
        (tmp_path / "elsewhere").rmdir()
        backups.restore(other, tmp_path / "b.sqlite3", quiet_job())
        assert content(other) == wanted
        assert len(sessions_of(other)) == 1


def test_the_restored_file_is_checked_before_the_database_is_copied(home: Path, data: Path, tmp_path: Path) -> None:
    session(3).write(home)
    bad = tmp_path / "bad.sqlite3"
    bad.write_bytes(b"x" * 5000)
    with ledger_of(data, home) as ledger:
        with pytest.raises(InvalidFile):
            backups.restore(ledger, bad, quiet_job())
        assert not (data / backups.FOLDER).exists()


def test_compacting_says_what_was_saved(home: Path, data: Path) -> None:
    session(30).write(home)
    with program_of(data, home) as program:
        with program.own.database.writing() as connection:
            connection.execute("CREATE TABLE ballast (x)")
            connection.executemany("INSERT INTO ballast VALUES (?)", [(b"x" * 3000,)] * 1000)
        with program.own.database.writing() as connection:
            connection.execute("DROP TABLE ballast")
        before = program.storage(Empty())
        assert before.unused_bytes > 2_000_000
        wanted = content(program.own)
        status = ended(program, program.compact(Empty()))
        assert status.result is not None and "bytes saved" in status.result.message, status
        after = program.storage(Empty())
        assert after.database_bytes + after.log_bytes < before.database_bytes + before.log_bytes - 2_000_000
        assert after.unused_bytes == 0
        assert content(program.own) == wanted
        assert_sound(program.own)


def test_closing_the_program_during_a_task_leaves_no_half_file(
    home: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(200).write(home)
    monkeypatch.setattr("tokendial.store.copies.PAGES_PER_STEP", 1)
    monkeypatch.setattr("tokendial.services.jobs.TELL_SECONDS", 0.0)
    with program_of(data, home) as program:
        begun = threading.Event()

        def slowly(status: JobStatus) -> None:
            begun.set()
            time.sleep(0.05)

        monkeypatch.setattr(program.jobs, "_tell", slowly)
        program.back_up(Empty())
        assert begun.wait(10)
    assert program.jobs.status is not None and program.jobs.status.state == "cancelled"
    assert list(data.rglob("*.part")) == []
    assert not (data / backups.TRANSFER).exists()
    with ledger_of(data, home) as ledger:
        assert_sound(ledger)
