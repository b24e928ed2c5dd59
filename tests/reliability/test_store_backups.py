"""S11: a backup that is made while logs are read is the ledger at the end of one of its commits, and restores."""

from __future__ import annotations

import ast
import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.reliability.failing_probe import quiet
from tests.support.ledgers import assert_sound, clean_content, file_of, ledger_of, scan_once
from tests.support.older import dump
from tests.support.proofs import Proved, Size
from tests.support.rollout import START_MS, session, usage

from tokendial.ingest import scanner, work
from tokendial.services import backups
from tokendial.services.ledger import Ledger
from tokendial.store import copies

PACKAGE = Path(__file__).resolve().parents[2] / "backend" / "tokendial"
PLAIN_COPIES = {
    "copy",
    "copy2",
    "copyfile",
    "copyfileobj",
    "copytree",
    "make_archive",
    "link",
    "hardlink_to",
    "sendfile",
}


def digest(path: Path) -> str:
    """All rows of a ledger's file, in short."""
    return hashlib.sha256(repr(dump(path)).encode()).hexdigest()


class Commits:
    """Knows what the ledger held after each of its commits."""

    def __init__(self, ledger: Ledger, patch: pytest.MonkeyPatch) -> None:
        self._path, self._writing = ledger.database.path, ledger.database.writing
        self._changed = threading.Condition()
        self.digests = [digest(self._path)]
        patch.setattr(ledger.database, "writing", self._recorded)

    @contextmanager
    def _recorded(self) -> Iterator[sqlite3.Connection]:
        with self._writing() as connection:
            yield connection
        if not connection.in_transaction:
            with self._changed:
                self.digests.append(digest(self._path))
                self._changed.notify_all()

    def wait_for_another(self) -> None:
        with self._changed:
            known = len(self.digests)
            assert self._changed.wait_for(lambda: len(self.digests) > known, timeout=60)


@contextmanager
def reading_on(ledger: Ledger, home: Path) -> Iterator[None]:
    """Meanwhile logs grow, new ones come, and they are read on a thread, in many small commits."""
    grows, over, failed = session(30), threading.Event(), list[BaseException]()

    def read() -> None:
        number = 100
        try:
            while not over.is_set():
                grows.count(usage(number)).write(home)
                session(2, START_MS + number * 1000, number, first=number * 100).write(home)
                ledger.scan()
                number += 1
        except BaseException as error:  # raised below, in the test's own thread
            failed.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield
    finally:
        over.set()
        reading.join()
    assert failed == []


@pytest.fixture
def ledger(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A ledger that has read twelve sessions, and commits as often as it can."""
    monkeypatch.setattr(work, "_GROUP_FILES", 2)
    monkeypatch.setattr(scanner, "COMMIT_SECONDS", 0.0)
    for number in range(12):
        session(30, number=number, first=number * 100).write(home)
    with ledger_of(data, home) as opened:
        opened.scan()
        yield opened


def test_s11_a_backup_while_logs_are_read_equals_a_commit(
    ledger: Ledger, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: Size, proved: Proved
) -> None:
    """At least three commits fall into each; a plain copy of the file at the same moment hardly ever equals one."""
    monkeypatch.setattr(copies, "PAGES_PER_STEP", 8)
    commits, times, plain = Commits(ledger, monkeypatch), size(20, 200), 0
    target, copied, other = tmp_path / "backup.sqlite3", tmp_path / "copied.sqlite3", tmp_path / "other"
    with reading_on(ledger, home):
        for _ in range(times):
            begun, waits = len(commits.digests), 3

            def step(_share: float) -> None:
                nonlocal waits
                if waits:
                    waits -= 1
                    commits.wait_for_another()

            copies.copy_ledger(ledger.database, target, step)
            shutil.copyfile(ledger.database.path, copied)
            assert len(commits.digests) >= begun + 3
            assert [path.name for path in tmp_path.iterdir() if target.name in path.name] == [target.name]
            assert (found := digest(target)) in commits.digests[begun - 1 :]
            plain += not equals_one(copied, commits.digests[begun - 1 :])
            with ledger_of(other, home) as restored:
                backups.restore(restored, target, quiet())
                assert_sound(restored)
            assert digest(file_of(other, home)) == found
    assert plain > times // 2
    assert scan_once(other, home) == clean_content(tmp_path / "clean", home), "what was restored reads on"
    proved("S11", "backups while logs were read, each restored", times)


def equals_one(path: Path, digests: list[str]) -> bool:
    """Whether a file that may be anything holds what the ledger held after one of these commits."""
    try:
        return digest(path) in digests
    except sqlite3.DatabaseError:
        return False


def test_s11_no_plain_copy_of_a_file_is_made_anywhere(proved: Proved) -> None:
    """Only SQLite knows which pages of file and write-ahead log belong together: nothing of ours copies files."""
    calls = [
        (path, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert len(calls) > 1000
    assert [
        (path.name, ast.unparse(node))
        for path, node in calls
        if isinstance(node.func, ast.Attribute) and node.func.attr in PLAIN_COPIES
    ] == []
    proved("S11", "calls that copy no file", len(calls))
