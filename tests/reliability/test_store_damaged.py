"""S6, S8: a damaged, foreign or newer ledger is never overwritten; what can be rebuilt is, and the user is told."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.run import run, sentence
from tests.support.ledgers import Content, assert_sound, connect, content, file_of, ledger_of, scan_once
from tests.support.proofs import Proved, Size
from tests.support.rollout import session

from tokendial.errors import LedgerDamaged, LedgerTooNew
from tokendial.services.diagnostics import check
from tokendial.services.ledger import Ledger
from tokendial.store import early_check
from tokendial.store.migrations import SCHEMA_VERSION

PAGE = 4096
Damage = Callable[[Path, random.Random], None]


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


def random_bytes(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(path.stat().st_size))


def header(path: Path, chance: random.Random) -> None:
    overwrite(path, 0, chance.randbytes(16))


def page_in_the_middle(path: Path, chance: random.Random) -> None:
    """Pages of tables, behind those of the schema."""
    pages = path.stat().st_size // PAGE
    overwrite(path, chance.randrange(pages // 2, pages - 8) * PAGE, b"\xa5" * PAGE * 8)


def truncated(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: chance.randrange(PAGE, size - 4 * PAGE)])


def a_few_bytes(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chance.randrange(1, 100)])


def zero_length(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"")


def empty_database(path: Path, _chance: random.Random) -> None:
    """A sound SQLite file that holds no table: what SQLite itself makes of one that was lost."""
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("VACUUM")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def wrong_application_id(path: Path, chance: random.Random) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {chance.randrange(1, 1 << 30)}")
    connection.close()


def foreign_sqlite(path: Path, chance: random.Random) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other_program (x)")
    connection.executemany("INSERT INTO other_program VALUES (?)", [(chance.random(),) for _ in range(50)])
    connection.commit()
    connection.close()


def text_file(path: Path, chance: random.Random) -> None:
    path.write_text("dear diary\n" * chance.randrange(1, 2000))


DAMAGES: list[Damage] = [
    random_bytes, header, page_in_the_middle, truncated, a_few_bytes, zero_length, empty_database, wrong_application_id,
    foreign_sqlite, text_file,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_s6_a_damaged_file_is_kept_with_its_date_and_rebuilt(
    damage: Damage, home: Path, data: Path, filled: Content, size: Size, proved: Proved
) -> None:
    path, whole, times = file_of(data, home), file_of(data, home).read_bytes(), size(2, 20)
    for seed in range(times):
        path.write_bytes(whole)
        damage(path, random.Random(seed))
        before = {found.name for found in data.iterdir()}
        damaged, day = path.read_bytes(), time.strftime("%Y%m%d", time.gmtime())
        with ledger_of(data, home) as ledger:
            assert ledger.notice is not None
            new = {found.name for found in data.glob(f"{path.name}.damaged-{day}*")} - before
            (aside,) = [name for name in new if not name.endswith(("-wal", "-shm"))]
            assert aside in ledger.notice
            assert (data / aside).read_bytes() == damaged
            ledger.scan()
            assert content(ledger) == filled
            assert_sound(ledger)
        with ledger_of(data, home) as ledger:
            assert (ledger.notice, content(ledger)) == (None, filled)
    proved("S6", "damaged files", times)


def test_s6_a_second_damage_does_not_overwrite_the_first(home: Path, data: Path, filled: Content) -> None:
    path = file_of(data, home)
    for number in range(4):
        path.write_bytes(b"damage %d" % number)
        ledger_of(data, home).__enter__().close()
    kept = {found.read_bytes() for found in data.iterdir() if ".damaged-" in found.name}
    assert {b"damage %d" % number for number in range(4)} <= kept


def test_s6_the_newest_backup_is_named(home: Path, data: Path, filled: Content, proved: Proved) -> None:
    path = file_of(data, home)
    (data / "backups").mkdir()
    for name in ("older", "newer"):
        (data / "backups" / f"{name}.sqlite3").write_bytes(path.read_bytes())
        time.sleep(0.01)
    path.write_bytes(b"")
    said = run("report", "--json", "--data-dir", data, "--codex-home", home)
    assert said.code == 0
    assert f"backups/newer.sqlite3 of {time.strftime('%Y-%m-%d')}; Settings, Storage restores it" in said.err
    assert said.json["totals"]["events"] == len(filled.events)
    proved("S6", "backups named", 1)


def test_s6_damage_that_is_met_in_use_is_repaired_by_the_next_start(
    home: Path, data: Path, filled: Content, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    """A ledger that is too large to be looked at on every start."""
    monkeypatch.setattr(early_check, "QUICKLY_CHECKED_PAGES", 0)
    path = file_of(data, home)
    page_in_the_middle(path, random.Random(3))
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        with pytest.raises(LedgerDamaged), ledger.database.reading() as connection:
            for table in ("usage_event", "source_file", "session", "usage_rollup", "audit", "prompt"):
                connection.execute(f"SELECT count(*), 1 FROM {table}").fetchone()
                connection.execute(f"SELECT * FROM {table}").fetchall()
    with ledger_of(data, home) as ledger:
        assert ledger.notice is not None
        ledger.scan()
        assert content(ledger) == filled
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
    proved("S6", "damages met in use", 1)


def test_s6_damage_that_the_check_of_diagnostics_finds_is_repaired_by_the_next_start(
    home: Path, data: Path, filled: Content, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    """An index that misses rows: every page is fine, and only the whole check sees it."""
    path = file_of(data, home)
    connection = connect(path)
    connection.execute("PRAGMA writable_schema = 1")
    changed = connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX usage_event_key ON usage_event (offset)'"
                                 " WHERE name = 'usage_event_key'").rowcount  # fmt: skip
    connection.close()
    assert changed == 1
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        assert not check(ledger).integrity_ok
    with ledger_of(data, home) as ledger:
        assert ledger.notice is not None
        ledger.scan()
        assert content(ledger) == filled
        assert check(ledger).integrity_ok
    proved("S6", "damages met in use", 1)


def test_s6_what_is_left_of_a_start_that_was_killed_is_no_damage(home: Path, data: Path, filled: Content) -> None:
    path = file_of(data, home)
    path.unlink()
    for left in (".new", ".new-journal", "-wal", "-shm"):
        path.with_name(path.name + left).write_bytes(b"left behind" * 1000)
    with ledger_of(data, home) as ledger:
        assert ledger.notice is None
        ledger.scan()
        assert content(ledger) == filled
    assert not path.with_name(f"{path.name}.new").exists()


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_s8_a_newer_file_is_refused_and_its_bytes_unchanged(
    mode: str, home: Path, data: Path, filled: Content, proved: Proved
) -> None:
    path = file_of(data, home)
    connection = connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = {found: (found.read_bytes(), found.stat().st_mtime_ns) for found in data.glob(f"{path.name}*")}
    with pytest.raises(LedgerTooNew) as error:
        Ledger(data, [("codex", home)])
    assert (error.value.details["found"], error.value.details["known"]) == (SCHEMA_VERSION + 1, SCHEMA_VERSION)
    for arguments in (["report"], ["serve", "--no-open"], ["doctor"]):
        said = sentence(run(*arguments, "--data-dir", data, "--codex-home", home), 1)
        assert f"schema {SCHEMA_VERSION + 1}" in said
        assert "Update Tokendial" in said
    after = {found: (found.read_bytes(), found.stat().st_mtime_ns) for found in data.glob(f"{path.name}*")}
    assert after[path] == before[path]
    assert [found for found in after if found.name.endswith(("-wal", "-shm", "-journal"))] == []
    proved("S8", "newer files refused", 1)
