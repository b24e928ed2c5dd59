"""The ledger's file: whose it is, one moment for each reader, all or nothing for each writer.

What becomes of it when it is damaged, newer, cut, without room or without rights: tests/reliability/test_store_*.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.ledgers import Content, connect, content, file_of, ledger_of, rows, scan_once
from tests.support.rollout import session

from tokendial.errors import LedgerError
from tokendial.store.database import APPLICATION_ID, Database
from tokendial.store.migrations import SCHEMA_VERSION


@pytest.fixture
def filled(home: Path, data: Path) -> Content:
    """The content of a ledger that exists and is closed."""
    for number in range(8):
        session(30, number=number, first=number * 100).write(home)
    return scan_once(data, home)


def test_a_missing_folder_is_made(home: Path, tmp_path: Path) -> None:
    data = tmp_path / "not" / "there yet" / "däta"
    with ledger_of(data, home):
        assert file_of(data, home).is_file()


def test_the_file_says_whose_it_is(home: Path, data: Path, filled: Content) -> None:
    connection = connect(file_of(data, home))
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("SELECT count(*) FROM migration").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_opening_again_changes_nothing(home: Path, data: Path, filled: Content) -> None:
    with ledger_of(data, home) as ledger:
        machine = rows(ledger, "SELECT value FROM setting WHERE key = 'machine_id'")
    with ledger_of(data, home) as ledger:
        assert rows(ledger, "SELECT value FROM setting WHERE key = 'machine_id'") == machine
        assert content(ledger) == filled


def test_the_first_scan_leaves_every_index(home: Path, data: Path) -> None:
    indexes = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with ledger_of(data, home) as ledger:
        before = rows(ledger, indexes)
        session(30).write(home)
        assert ledger.scan().events_added == 30
        assert rows(ledger, indexes) == before
        assert rows(ledger, "PRAGMA integrity_check") == [("ok",)]


def test_readers_cannot_write_and_see_one_moment(data: Path, tmp_path: Path) -> None:
    database = Database(tmp_path / "ledger.sqlite3")
    try:
        with database.reading() as connection:
            before = connection.execute("SELECT count(*) FROM setting").fetchone()
            with database.writing() as writer:
                writer.execute("INSERT INTO setting VALUES ('k', 'v')")
            assert connection.execute("SELECT count(*) FROM setting").fetchone() == before
        with pytest.raises(LedgerError), database.reading() as connection:
            connection.execute("DELETE FROM setting")
        with database.reading() as connection:
            assert connection.execute("SELECT value FROM setting WHERE key = 'k'").fetchone() == ("v",)
    finally:
        database.close()


def test_an_error_within_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "ledger.sqlite3")
    try:
        with pytest.raises(ZeroDivisionError), database.writing() as writer:
            writer.execute("INSERT INTO setting VALUES ('k', 'v')")
            raise ZeroDivisionError
        with database.reading() as connection:
            assert connection.execute("SELECT 1 FROM setting WHERE key = 'k'").fetchone() is None
    finally:
        database.close()
