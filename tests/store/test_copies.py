"""Copies of a whole ledger: equal to one moment, checked before they are trusted, in place at once or not at all."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, connect, content, ledger_of
from tests.support.proofs import Proved
from tests.support.rollout import session

from tokendial.errors import CannotWrite, InvalidFile, LedgerError
from tokendial.services.ledger import Ledger
from tokendial.store import compaction, copies, migrations
from tokendial.store.compaction import compact
from tokendial.store.database import APPLICATION_ID, Database
from tokendial.store.migrations import SCHEMA_VERSION, Migration


class Stop(Exception):
    """A user who has changed his mind."""


def quiet(_share: float) -> None:
    """Nobody looks."""


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    """A ledger of six sessions."""
    for number in range(6):
        session(200, number=number, first=number * 1000).write(home)
    with ledger_of(data, home) as opened:
        opened.scan()
        yield opened


@pytest.fixture
def backup(ledger: Ledger, tmp_path: Path) -> Path:
    """A good backup of it."""
    target = tmp_path / "backup.sqlite3"
    copies.copy_ledger(ledger.database, target, quiet)
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "staging"
    made.mkdir()
    return made


def put_back(ledger: Ledger, backup: Path, folder: Path) -> None:
    staged = copies.stage(backup, folder, ledger.database, quiet)
    copies.put_in_place(ledger.database, staged, quiet)
    ledger.reload()


def empty_the_ledger(ledger: Ledger) -> None:
    with ledger.database.writing() as connection:
        for table in ("usage_event", "usage_rollup", "session", "refused_line"):
            connection.execute(f"DELETE FROM {table}")


def test_s11_a_backup_is_one_file_that_holds_everything(ledger: Ledger, backup: Path, folder: Path) -> None:
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith((".backup", "backup"))] == [
        "backup.sqlite3"
    ]
    if os.name == "posix":
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600, "only its owner may read it"
    wanted = content(ledger)
    assert len(wanted.events) == 1200
    empty_the_ledger(ledger)
    assert content(ledger).events == []
    put_back(ledger, backup, folder)
    assert content(ledger) == wanted
    assert_sound(ledger)
    with ledger.database.writing() as connection:  # the program goes on with it
        connection.execute("INSERT INTO setting VALUES ('after', 'restore')")


def test_s11_a_backup_while_the_ledger_is_written_to_is_of_one_moment(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proved: Proved
) -> None:
    """Twenty backups, in each of which every step is followed by a commit of another event and its sum."""
    monkeypatch.setattr(copies, "PAGES_PER_STEP", 4)
    steps = 0
    for number in range(20):
        before = ledger_counts(ledger.database.path)

        def step(_share: float) -> None:
            nonlocal steps
            steps += 1
            with ledger.database.writing() as connection:
                connection.execute("UPDATE usage_event SET output = output + 1 WHERE id = 1")
                connection.execute(
                    "UPDATE usage_rollup SET output = output + 1 WHERE label_id = "
                    "(SELECT label_id FROM usage_event WHERE id = 1) AND bucket = "
                    "(SELECT time_ms / 900000 FROM usage_event WHERE id = 1)"
                )
                connection.execute(
                    "UPDATE session_usage SET output = output + 1 WHERE (session_num, day, label_id) = "
                    "(SELECT session_num, time_ms / 86400000, label_id FROM usage_event WHERE id = 1)"
                )

        target = tmp_path / f"{number}.sqlite3"
        copies.copy_ledger(ledger.database, target, step)
        assert ledger_counts(target) == before
        assert ledger_counts(ledger.database.path) > before
    assert steps > 100
    assert_sound(ledger)
    proved("S11", "backups with a commit after each step", 20)


def ledger_counts(path: Path) -> tuple[int, int]:
    """Output tokens by event and by roll-up: equal at every commit."""
    connection = connect(path)
    by_event = connection.execute("SELECT sum(output) FROM usage_event WHERE status = 0").fetchone()[0]
    by_rollup = connection.execute("SELECT sum(output) FROM usage_rollup").fetchone()[0]
    connection.close()
    assert by_event == by_rollup
    return by_event, by_rollup


def test_a_reader_sees_the_old_content_to_its_end_and_then_the_new(ledger: Ledger, backup: Path, folder: Path) -> None:
    empty_the_ledger(ledger)
    staged = copies.stage(backup, folder, ledger.database, quiet)
    count = "SELECT count(*) FROM usage_event"
    with ledger.database.reading() as connection:
        assert connection.execute(count).fetchone() == (0,)
        copies.put_in_place(ledger.database, staged, quiet)
        assert connection.execute(count).fetchone() == (0,)
    with ledger.database.reading() as connection:
        assert connection.execute(count).fetchone() == (1200,)


@pytest.mark.parametrize("at", [0.0, 0.5])
def test_stopping_a_backup_leaves_no_file(
    at: float, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(copies, "PAGES_PER_STEP", 10)
    target = tmp_path / "new.sqlite3"

    def step(share: float) -> None:
        if share >= at:
            raise Stop

    before = sorted(tmp_path.iterdir())
    with pytest.raises(Stop):
        copies.copy_ledger(ledger.database, target, step)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.9])
def test_stopping_a_replacement_changes_nothing(
    at: float, ledger: Ledger, backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_count = len(content(ledger).events)
    with ledger.database.writing() as connection:
        connection.execute("INSERT INTO setting VALUES ('mark', 'kept')")
    staged = copies.stage(backup, folder, ledger.database, quiet)
    monkeypatch.setattr(copies, "PAGES_PER_STEP", 5)

    def step(share: float) -> None:
        assert share < 1, "after the last page it is too late to stop"
        if share >= at:
            raise Stop

    with pytest.raises(Stop):
        copies.put_in_place(ledger.database, staged, step)
    with ledger.database.reading() as connection:
        assert connection.execute("SELECT value FROM setting WHERE key = 'mark'").fetchone() == ("kept",)
    assert len(content(ledger).events) == session_count
    assert_sound(ledger)


def test_a_file_of_the_same_name_is_replaced_only_by_a_whole_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "old.sqlite3"
    target.write_text("an older backup")

    def stop(_share: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        copies.copy_ledger(ledger.database, target, stop)
    assert target.read_text() == "an older backup"
    copies.copy_ledger(ledger.database, target, quiet)
    copies.peek(target)


def test_a_backup_to_a_place_that_cannot_be_written(ledger: Ledger, tmp_path: Path) -> None:
    for target in (tmp_path / "missing" / "b.sqlite3", tmp_path):
        with pytest.raises(CannotWrite) as error:
            copies.copy_ledger(ledger.database, target, quiet)
        assert str(target) in error.value.message


# -- what is no backup ----------------------------------------------------------------------------------------------


def overwrite(path: Path, at: int, with_: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(with_)


def header_field(at: int, value: int) -> Callable[[Path], None]:
    return lambda path: overwrite(path, at, struct.pack(">I", value))


def foreign_sqlite(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other_program (x)")
    connection.commit()
    connection.close()


def ours_without_tables(path: Path) -> None:
    foreign_sqlite(path)
    connection = connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.close()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "random bytes": (lambda path: path.write_bytes(random.Random(1).randbytes(50_000)), "not a backup"),
    "text": (lambda path: path.write_text("dear diary\n" * 100), "not a backup"),
    "a few bytes": (lambda path: path.write_bytes(path.read_bytes()[:60]), "not a backup"),
    "empty": (lambda path: path.write_bytes(b""), "empty"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100]), "cut short"),
    "foreign": (foreign_sqlite, "another program"),
    "newer": (header_field(60, SCHEMA_VERSION + 1), "newer Tokendial"),
    "no version": (header_field(60, 0), "another program"),
    "ours without tables": (ours_without_tables, "not the tables"),
    "folder": (a_folder, "folder"),
    "missing": (Path.unlink, "cannot be read"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_no_backup_is_refused_in_words_and_changes_nothing(
    damage: Callable[[Path], object], words: str, ledger: Ledger, backup: Path, folder: Path
) -> None:
    before = content(ledger)
    damage(backup)
    with pytest.raises(InvalidFile) as error:
        put_back(ledger, backup, folder)
    assert words in error.value.message
    assert "backup.sqlite3" in error.value.message
    assert content(ledger) == before
    assert_sound(ledger)


def test_damage_anywhere_is_found_or_harmless(ledger: Ledger, backup: Path, folder: Path) -> None:
    """A page of rubbish at thirty places: refused, or (in a page that nothing is in) restored as it was."""
    wanted, good = content(ledger), backup.read_bytes()
    chance, refused = random.Random(7), 0
    for _ in range(30):
        backup.write_bytes(good)
        overwrite(backup, chance.randrange(1, len(good) // 4096) * 4096, chance.randbytes(4096))
        try:
            put_back(ledger, backup, folder)
        except InvalidFile as error:
            refused += 1
            assert "damaged" in error.message
        assert content(ledger) == wanted
        assert_sound(ledger)
    assert refused >= 25


def test_the_backup_itself_is_only_read(ledger: Ledger, backup: Path, folder: Path) -> None:
    before = (backup.read_bytes(), backup.stat().st_mtime_ns, sorted(backup.parent.iterdir()))
    backup.chmod(0o400)
    put_back(ledger, backup, folder)
    assert (backup.read_bytes(), backup.stat().st_mtime_ns, sorted(backup.parent.iterdir())) == before


def test_a_raw_copy_with_its_write_ahead_log_is_read_with_it(
    ledger: Ledger, folder: Path, tmp_path: Path, home: Path
) -> None:
    """Not a backup of ours, but what people have: the files as they lay there."""
    session(5, number=50, first=50_000).write(home)
    ledger.database.writer.execute_sql("PRAGMA wal_autocheckpoint = 0")
    ledger.scan()
    wanted, path = content(ledger), ledger.database.path
    raw = tmp_path / "raw.sqlite3"
    for suffix in ("", "-wal"):
        raw.with_name(raw.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    empty_the_ledger(ledger)
    put_back(ledger, raw, folder)
    assert content(ledger) == wanted


def test_an_older_schema_is_migrated_in_the_copy(
    ledger: Ledger, backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    newer = Migration("m999_more", ("CREATE TABLE more (x INTEGER)", "ALTER TABLE home ADD COLUMN y TEXT"))
    for module in (migrations, copies, __import__("tokendial.store.database", fromlist=["x"])):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr("tokendial.store.database.MIGRATIONS", (*migrations.MIGRATIONS, newer))
    before = backup.read_bytes()
    with ledger_of(tmp_path / "newer", home) as other:
        put_back(other, backup, folder)
        assert len(content(other).events) == 1200
        with other.database.reading() as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
            assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)
    assert backup.read_bytes() == before


# -- compaction -----------------------------------------------------------------------------------------------------


def test_compacting_gives_room_back_and_keeps_everything(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_OPCODES_PER_CHECK", 500)
    monkeypatch.setattr(compaction, "_WATCH_SECONDS", 0.001)
    with ledger.database.writing() as connection:
        connection.execute("CREATE TABLE ballast (x)")
        connection.executemany("INSERT INTO ballast VALUES (?)", [(b"x" * 3000,)] * 2000)
    with ledger.database.writing() as connection:
        connection.execute("DROP TABLE ballast")
    wanted, path = content(ledger), ledger.database.path
    ledger.database.writer.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    before = path.stat().st_size
    with ledger.database.reading() as reader:  # somebody who reads meanwhile
        reader.execute("SELECT count(*) FROM usage_event").fetchone()
        compact(ledger.database, lambda _share: None)
        assert reader.execute("SELECT count(*) FROM usage_event").fetchone() == (1200,)
    shares: list[float] = []
    compact(ledger.database, shares.append)
    assert shares == sorted(shares) and shares[0] > 0 and shares[-1] <= 1
    assert len(shares) > 20, "told again and again"
    assert path.stat().st_size < before - 5_000_000
    assert content(ledger) == wanted
    assert_sound(ledger)


def test_stopping_a_compaction_changes_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_OPCODES_PER_CHECK", 50)

    def stop(_share: float) -> None:
        raise Stop

    wanted = content(ledger)
    with pytest.raises(Stop):
        compact(ledger.database, stop)
    assert content(ledger) == wanted
    assert_sound(ledger)


def test_who_writes_waits_for_a_compaction(ledger: Ledger) -> None:
    """And is not told that the database is in use."""
    entered, done = threading.Event(), threading.Event()

    def write() -> None:
        entered.set()
        with ledger.database.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('waited', '1')")
        done.set()

    with ledger.database.alone():
        thread = threading.Thread(target=write)
        thread.start()
        assert entered.wait(5)
        assert not done.wait(0.2)
    thread.join(10)
    assert done.is_set()


def test_a_ledger_of_other_pages_is_refused(ledger: Ledger, backup: Path, folder: Path) -> None:
    connection = connect(backup)
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("VACUUM")
    connection.close()
    with pytest.raises(InvalidFile):
        put_back(ledger, backup, folder)


def test_a_damaged_ledger_cannot_be_backed_up_as_if_it_were_sound(data: Path, tmp_path: Path) -> None:
    database = Database(tmp_path / "sick.sqlite3")
    with database.writing() as connection:
        connection.execute("CREATE TABLE x (a)")
        connection.executemany("INSERT INTO x VALUES (?)", [(b"y" * 2000,)] * 200)
    database.close()
    overwrite(tmp_path / "sick.sqlite3", (tmp_path / "sick.sqlite3").stat().st_size - 4096 * 20, b"\xa5" * 4096 * 10)
    monkey = pytest.MonkeyPatch()
    monkey.setattr("tokendial.store.early_check.QUICKLY_CHECKED_PAGES", 0)
    database = Database(tmp_path / "sick.sqlite3")
    monkey.undo()
    try:
        with pytest.raises(LedgerError):
            copies.copy_ledger(database, tmp_path / "backup.sqlite3", quiet)
        assert not (tmp_path / "backup.sqlite3").exists()
    finally:
        database.close()
