"""The ledger's file: damaged, foreign, newer or impossible to write, it is never overwritten and always explained."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.ledgers import Content, assert_sound, connect, content, file_of, ledger_of, rows, scan_once
from tests.support.rollout import session, usage

from tokendial.errors import LedgerError, LedgerReadOnly, LedgerTooNew
from tokendial.services.ledger import Ledger
from tokendial.store.database import APPLICATION_ID, Database
from tokendial.store.migrations import SCHEMA_VERSION


@pytest.fixture
def filled(home: Path, data: Path) -> Content:
    """The content of a ledger that exists and is closed."""
    for number in range(8):
        session(30, number=number, first=number * 100).write(home)
    return scan_once(data, home)


def overwrite(path: Path, at: int, with_: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(with_)


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(path.stat().st_size))


def header(path: Path) -> None:
    overwrite(path, 0, b"not a database at all")


def page_in_the_middle(path: Path) -> None:
    overwrite(path, path.stat().st_size // 2 // 4096 * 4096, b"\xa5" * 4096 * 4)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])


def a_few_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def zero_length(path: Path) -> None:
    path.write_bytes(b"")


def foreign_sqlite(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other_program (x)")
    connection.commit()
    connection.close()


def text_file(path: Path) -> None:
    path.write_text("dear diary\n" * 2000)


@pytest.mark.parametrize(
    "damage",
    [random_bytes, header, page_in_the_middle, truncated, a_few_bytes, zero_length, foreign_sqlite, text_file],
)
def test_s6_a_damaged_file_is_moved_aside_and_rebuilt(
    damage: Callable[[Path], None], home: Path, data: Path, filled: Content
) -> None:
    path = file_of(data, home)
    damage(path)
    bytes_of_damaged = path.read_bytes()
    with ledger_of(data, home) as ledger:
        assert ledger.notice
        aside = next(found for found in data.iterdir() if ".damaged-" in found.name and found.name[-4:-3] != "-")
        assert aside.name in ledger.notice
        assert aside.read_bytes() == bytes_of_damaged
        ledger.scan()
        assert content(ledger) == filled
        assert_sound(ledger)
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None


def test_s6_a_second_damage_does_not_overwrite_the_first(home: Path, data: Path, filled: Content) -> None:
    path = file_of(data, home)
    for number in range(4):
        path.write_bytes(b"damage %d" % number)
        ledger_of(data, home).__enter__().close()
    kept = {found.read_bytes() for found in data.iterdir() if ".damaged-" in found.name}
    assert {b"damage %d" % number for number in range(4)} <= kept


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_s8_a_newer_file_is_refused_and_its_bytes_unchanged(mode: str, home: Path, data: Path, filled: Content) -> None:
    path = file_of(data, home)
    connection = connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerTooNew) as error:
        Ledger(data, [("codex", home)])
    assert str(SCHEMA_VERSION + 1) in error.value.message or error.value.details["found"] == SCHEMA_VERSION + 1
    assert path.read_bytes() == before


def test_s5_a_file_in_the_place_of_the_folder(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("a file")
    with pytest.raises(LedgerReadOnly) as error:
        Ledger(place, [("codex", home)])
    assert str(place) in error.value.message
    assert place.read_text() == "a file"


def test_s5_a_folder_in_the_place_of_the_ledger(home: Path, data: Path) -> None:
    file_of(data, home).mkdir(parents=True)
    with pytest.raises(LedgerReadOnly):
        Ledger(data, [("codex", home)])


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


def test_s12_opening_and_closing_leaks_no_descriptor(home: Path, data: Path, filled: Content) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("needs /proc")
    before = len(list(descriptors.iterdir()))
    for _ in range(50):
        with ledger_of(data, home) as ledger:
            ledger.scan()
            content(ledger)
    assert len(list(descriptors.iterdir())) <= before + 2


def test_s3_a_full_disk_is_told_and_loses_nothing(home: Path, data: Path, tmp_path: Path) -> None:
    """The file may not grow at 20 different sizes; then there is room again."""
    for number in range(12):
        session(60, number=number, first=number * 100).write(home)
    wanted = scan_once(tmp_path / "clean", home)
    failed = 0
    with ledger_of(data, home) as ledger:
        pages = ledger.database.writer.execute_sql("PRAGMA page_count").fetchone()[0]
        for room in range(20):
            ledger.database.writer.execute_sql(f"PRAGMA max_page_count = {pages + room * 2}")
            try:
                ledger.scan()
            except LedgerError as error:
                failed += 1
                assert "full" in error.message
            assert_sound(ledger)
            rows(ledger, "SELECT count(*) FROM usage_event")
        assert failed >= 5
        ledger.database.writer.execute_sql("PRAGMA max_page_count = 1000000")
        ledger.scan()
        assert content(ledger) == wanted
        assert_sound(ledger)


@pytest.mark.parametrize("tail", ["cut", "garbage", "flipped"])
def test_s1_a_wal_cut_anywhere_opens_and_is_completed(home: Path, data: Path, tmp_path: Path, tail: str) -> None:
    """Twenty places for each kind of damage, in a log of several commits that was never checkpointed."""
    first, second = session(40), session(40, number=1, first=100)
    first.write(home)
    ledger = Ledger(data, [("codex", home)])
    try:
        ledger.database.writer.execute_sql("PRAGMA wal_autocheckpoint = 0")
        ledger.scan()
        second.write(home)
        ledger.scan()
        first.count(usage(500)).write(home)
        ledger.scan()
        path = file_of(data, home)
        main, wal = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    finally:
        ledger.close()
    wanted = scan_once(tmp_path / "clean", home)
    assert len(wal) > 100_000
    chance = random.Random(tail)
    for number in range(20):
        at = chance.randrange(len(wal))
        crashed = tmp_path / f"crashed-{number}"
        crashed.mkdir()
        copy = file_of(crashed, home)
        copy.write_bytes(main)
        copy.with_name(copy.name + "-wal").write_bytes(_damaged(wal, at, tail, chance))
        with ledger_of(crashed, home) as ledger:
            assert ledger.notice is None
            assert_sound(ledger)
            ledger.scan()
            assert content(ledger) == wanted
            assert_sound(ledger)
        shutil.rmtree(crashed)


def _damaged(wal: bytes, at: int, tail: str, chance: random.Random) -> bytes:
    if tail == "cut":
        return wal[:at]
    if tail == "garbage":
        return wal[:at] + chance.randbytes(5000)
    return wal[:at] + bytes([wal[at] ^ 0x40]) + wal[at + 1 :]
