"""S4: an error at every single statement of a work on the ledger: it is as before or as after, never between."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.reliability.failing_probe import quiet
from tests.support.ledgers import Content, assert_sound, content, file_of, ledger_of, scan_once
from tests.support.proofs import Proved, Size
from tests.support.rollout import Rollout, session, usage
from tests.support.statements import file_behind, heard

from tokendial.errors import TokendialError
from tokendial.services import backups
from tokendial.services.ledger import Ledger
from tokendial.store import copies

Work = Callable[[Ledger, Path], None]


class FailingStatement:
    """Counts the statements of the ledger's connections while it is armed; the chosen one fails instead of running.

    With `late` something of it has been written already, where it writes at all; a look outside of a transaction does
    not, and what is written there would stay.
    """

    def __init__(self, path: Path, *, late: bool) -> None:
        self._path, self._late = str(path), late
        self._chosen, self._inside = 0, False
        self.count = 0
        self.statement = ""

    @contextmanager
    def armed(self, chosen: int) -> Iterator[None]:
        self.count, self._chosen = 0, chosen
        try:
            yield
        finally:
            self._chosen = -1

    def __call__(self, connection: sqlite3.Connection, statement: str) -> None:
        if self._chosen < 0 or self._inside or statement == "ROLLBACK" or file_behind(connection) != self._path:
            return
        self.count += 1
        if self.count == self._chosen:
            self.statement = statement
            looks = statement.startswith("SELECT") and not connection.in_transaction
            if self._late and not looks and not statement.startswith(("COMMIT", "BEGIN", "VACUUM", "PRAGMA")):
                self._inside = True
                try:
                    connection.execute("INSERT INTO setting VALUES ('half done', '')")
                except sqlite3.Error:
                    pass  # a connection that only reads
                finally:
                    self._inside = False
            raise sqlite3.OperationalError("disk I/O error")


def scan(ledger: Ledger, _folder: Path) -> None:
    ledger.scan()


def back_up(ledger: Ledger, folder: Path) -> None:
    backups.back_up(ledger, folder / "out", quiet())


def restore(ledger: Ledger, folder: Path) -> None:
    backups.restore(ledger, folder / "saved", quiet())


def compact(ledger: Ledger, _folder: Path) -> None:
    backups.compact(ledger, quiet())


def forget(ledger: Ledger, _folder: Path) -> None:
    ledger.remove_home(ledger.homes()[0].id)


def clear(ledger: Ledger, _folder: Path) -> None:
    ledger.clear_home(ledger.homes()[0].id, 1)


WORKS: list[Work] = [scan, back_up, restore, compact, forget, clear]


@pytest.fixture
def begun(home: Path, data: Path, tmp_path: Path) -> Path:
    """A closed ledger that is behind its logs: new, grown, rewritten and gone files, a fork, a line that is refused."""
    parent, grows, rewritten, gone = (session(6, number=number, first=number * 100) for number in range(4))
    paths = [log.write(home) for log in (parent, grows, rewritten, gone)]
    scan_once(data, home)
    with ledger_of(data, home) as ledger:
        copies.copy_ledger(ledger.database, tmp_path / "saved", lambda _share: None)
    grows.count(usage(900)).raw(b"bad line").write(home)
    paths[2].write_bytes(session(5, number=2, first=5000).bytes())
    paths[3].unlink()
    fork = Rollout(number=7).meta(forked_from_id=parent.thread).turn()
    fork.copy(parent, [line for line in parent.lines if b"token_count" in line]).count(usage(7000)).write(home)
    session(4, number=8, first=8000).write(home)
    return data


def state(data: Path, home: Path) -> Content:
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        assert_sound(ledger)
        return content(ledger)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("work", WORKS)
def test_s4_an_error_at_every_statement_leaves_before_or_after(
    work: Work, late: bool, home: Path, begun: Path, tmp_path: Path, size: Size, proved: Proved
) -> None:
    data = tmp_path / "tried"
    failing = FailingStatement(file_of(data, home), late=late)

    def attempt(chosen: int) -> bool:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(begun, data)
        (data / "saved").write_bytes((tmp_path / "saved").read_bytes())
        with heard(failing), ledger_of(data, home) as ledger, failing.armed(chosen):
            try:
                work(ledger, data)
            except TokendialError as error:
                assert "i/o error" in error.message.lower()
                return True
            return False

    before = state(begun, home)
    assert not attempt(0)
    statements, after, told = failing.count, state(data, home), 0
    wanted = scan_once(data, home)
    step = size(2, 1) if statements > 60 else 1  # at commit time every other one of a long work
    chosen = range(1, statements + 1, step)
    for number in chosen:
        told += attempt(number)
        found = state(data, home)
        assert found in (before, after), f"neither before nor after: {failing.statement}"
        with ledger_of(data, home) as ledger, ledger.database.reading() as connection:
            half = connection.execute("SELECT count(*) FROM setting WHERE key = 'half done'").fetchone()
            assert half == (0,), f"half of it was kept: {failing.statement}"
        if work in (scan, restore):
            assert scan_once(data, home) == wanted
    assert told >= len(chosen) * 0.8
    proved("S4", "statements that failed", len(chosen))
