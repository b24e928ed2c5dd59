"""A ledger is looked at while its reader is loaded: only a good verdict on the very same files counts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.support.ledgers import connect, file_of, ledger_of
from tests.support.rollout import session

from tokendial.errors import LedgerDamaged
from tokendial.store import early_check
from tokendial.store.database import Database
from tokendial.store.faults import distrust
from tokendial.store.migrations import SCHEMA_VERSION


@pytest.fixture
def path(home: Path, data: Path) -> Path:
    session(30).write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
    return file_of(data, home)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of whoever opens a ledger, but for the early look."""
    statements: list[str] = []
    connect_to = sqlite3.connect

    def traced(*args: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect_to(*args, **options)  # type: ignore[call-overload]  # as it was given
        if "uri" not in options:
            connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return statements


def opened(path: Path, asked: list[str]) -> list[str]:
    """Which looks opening it took."""
    asked.clear()
    Database(path).close()
    return [text for text in asked if "_check" in text]


def test_a_sound_ledger_is_not_looked_at_twice(path: Path, asked: list[str]) -> None:
    assert opened(path, asked) == ["PRAGMA quick_check(1)"]
    early_check.begin(path)
    assert opened(path, asked) == []
    assert opened(path, asked) == ["PRAGMA quick_check(1)"], "the verdict holds for one opening"


def test_what_is_written_meanwhile_is_looked_at(path: Path, asked: list[str]) -> None:
    early_check.begin(path)
    with connect(path) as connection:
        connection.execute("DELETE FROM audit")
    connection.close()
    assert opened(path, asked) == ["PRAGMA quick_check(1)"]


def test_a_log_that_is_written_meanwhile_is_looked_at(path: Path, asked: list[str]) -> None:
    other = Database(path)
    early_check.begin(path)
    with other.writing() as connection:
        connection.execute("DELETE FROM audit")
    assert opened(path, asked) == ["PRAGMA quick_check(1)"]
    other.close()


def test_a_damaged_ledger_is_found_by_whoever_opens_it(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    early_check.begin(path)
    with pytest.raises(LedgerDamaged):
        Database(path)
    assert not early_check.passed(path)


def test_a_suspect_ledger_is_looked_at_as_a_whole(path: Path, asked: list[str]) -> None:
    distrust(path)
    early_check.begin(path)
    assert opened(path, asked) == ["PRAGMA integrity_check(1)"]


def test_one_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    early_check.begin(tmp_path / "ledger.sqlite3")
    assert not early_check.passed(tmp_path / "ledger.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_one_of_another_version_has_no_verdict(path: Path) -> None:
    with connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    early_check.begin(path)
    assert not early_check.passed(path)


def test_a_large_one_has_none_either(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    early_check.begin(path)
    assert early_check.passed(path)
    monkeypatch.setattr(early_check, "QUICKLY_CHECKED_PAGES", 2)
    early_check.begin(path)
    assert not early_check.passed(path)


def test_nothing_is_left_beside_the_ledger(path: Path) -> None:
    before = sorted(path.parent.iterdir())
    early_check.begin(path)
    early_check.passed(path)
    Database(path).close()
    assert sorted(path.parent.iterdir()) == before
