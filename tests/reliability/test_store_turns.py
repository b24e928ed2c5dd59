"""S10: writes begin IMMEDIATE, one connection at a time writes and checkpoints, and an old SQLite is warned of."""

from __future__ import annotations

import ast
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.ledgers import file_of, ledger_of, scan_once
from tests.support.proofs import Proved
from tests.support.rollout import session
from tests.support.statements import file_behind, heard

from tokendial.errors import LedgerBusy
from tokendial.services import backups
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.diagnostics import diagnose
from tokendial.services.jobs import Job
from tokendial.services.status import scan_status
from tokendial.store import database as database_module
from tokendial.store import health, turns
from tokendial.store.database import Database

fcntl = pytest.importorskip("fcntl")  # only Unix tells from outside whether a file is locked

PACKAGE = Path(__file__).resolve().parents[2] / "backend" / "tokendial"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|VACUUM|COMMIT|PRAGMA wal_checkpoint)", re.I)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls in a module, as they are written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_s10_every_transaction_that_writes_begins_immediate(proved: Proved) -> None:
    """And only four modules open connections; others ask the database for a turn or a look."""
    transactions, opening, begins = 0, set(), []
    for path in PACKAGE.rglob("*.py"):
        for name, call in calls(path):
            if name.endswith((".atomic", ".transaction", ".savepoint")):
                assert [ast.unparse(argument) for argument in call.args] == ["'IMMEDIATE'"], ast.unparse(call)
                transactions += 1
            if name in {"sqlite3.connect", "SqliteDatabase"}:
                opening.add(path.relative_to(PACKAGE).as_posix())
            if name.endswith(".execute") and call.args and "BEGIN" in ast.unparse(call.args[0]):
                begins.append((path.name, ast.unparse(call.args[0])))
    assert transactions >= 2
    assert opening == {"store/database.py", "store/copies.py", "store/compaction.py", "store/peek.py"}
    assert sorted(begins) == [("database.py", "'BEGIN'"), ("peek.py", "'BEGIN'")], "those two only read"
    proved("S10", "transactions that begin immediate", transactions)


IN_TURN = re.compile(r"\.(alone|taken|writing)\(\)$")
CALLED_IN_TURN = {"turns.py: checkpoint", "database.py: _shorten_log"}


def checkpoints(tree: ast.AST, inside: str = "", turn: bool = False) -> Iterator[tuple[str, bool]]:
    """The function of each checkpoint of a module, and whether it stands in a turn."""
    for node in ast.iter_child_nodes(tree):
        name, held = inside, turn
        if isinstance(node, ast.FunctionDef):
            name, held = node.name, False
        if isinstance(node, ast.With):
            held = turn or any(IN_TURN.search(ast.unparse(item.context_expr)) for item in node.items)
        if isinstance(node, ast.Call) and _is_checkpoint(node):
            yield name, held
        yield from checkpoints(node, name, held)


def _is_checkpoint(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "checkpoint" or any("wal_checkpoint" in ast.unparse(one) for one in call.args)


def test_s10_every_checkpoint_stands_in_a_turn(proved: Proved) -> None:
    """What one connection checkpoints another could write into at the same moment (the WAL-reset bug)."""
    found = {
        f"{path.name}: {name}": held
        for path in PACKAGE.rglob("*.py")
        for name, held in checkpoints(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(found) >= 5
    assert {place for place, held in found.items() if not held} == CALLED_IN_TURN
    proved("S10", "checkpoints, each in a turn", len(found))


def quiet() -> Job:
    return Job(JobStatus(id=1, kind="backup", state="running"), lambda _status: None)


class Overheard:
    """Asserts of every statement that writes to the ledger that its process has the turn, and a transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writes = 0
        self._begun: dict[int, str] = {}

    def __call__(self, connection: sqlite3.Connection, statement: str) -> None:
        if file_behind(connection) != str(self.path):
            return
        if statement.startswith("BEGIN"):
            self._begun[id(connection)] = statement
        if not WRITES.match(statement) or (statement == "COMMIT" and not connection.in_transaction):
            return
        self.writes += 1
        assert self.taken(), f"another process could write during {statement[:60]}"
        if not statement.startswith(("VACUUM", "PRAGMA")):
            assert connection.in_transaction, statement
            assert self._begun[id(connection)] == "BEGIN IMMEDIATE"

    def taken(self) -> bool:
        with self.path.with_name(self.path.name + ".writing").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
            return False


def test_s10_whatever_writes_has_the_turn(home: Path, data: Path, tmp_path: Path, proved: Proved) -> None:
    """A scan, settings, prices, homes, a backup, a restore and a compaction, statement by statement."""
    session(20).write(home)
    scan_once(data, home)
    session(20, number=1, first=100).write(home)
    hear = Overheard(file_of(data, home))
    with heard(hear), ledger_of(data, home) as ledger:
        ledger.scan()
        ledger.settings.change({"theme": "dark"})
        ledger.reread_home(ledger.homes()[0].id)
        ledger.scan()
        backups.back_up(ledger, tmp_path / "backup", quiet())
        ledger.clear_home(ledger.homes()[0].id, 1)
        backups.restore(ledger, tmp_path / "backup", quiet())
        backups.compact(ledger, quiet())
        ledger.remove_home(ledger.homes()[0].id)
    assert hear.writes > 50
    proved("S10", "statements that write, each in its turn", hear.writes)


def test_s10_a_turn_is_waited_for_and_given_up_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    mine, other = Database(tmp_path / "ledger.sqlite3"), Database(tmp_path / "ledger.sqlite3")
    try:
        lock = (tmp_path / "ledger.sqlite3.writing").open("a")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(LedgerBusy), mine.writing():
                pytest.fail("another process was writing")
        with other.writing() as connection:
            connection.execute("INSERT INTO setting VALUES ('k', 'v')")
    finally:
        mine.close()
        other.close()


def test_s10_a_reader_never_checkpoints_not_even_as_the_last_to_close(tmp_path: Path, proved: Proved) -> None:
    database = Database(tmp_path / "ledger.sqlite3")
    log = tmp_path / "ledger.sqlite3-wal"
    with database.reading() as reader:
        reader.execute("SELECT count(*) FROM setting").fetchone()
        with database.writing() as writer:
            writer.execute("INSERT INTO setting VALUES ('k', 'v')")
        before = log.read_bytes(), database.path.read_bytes()
        with pytest.raises(sqlite3.OperationalError):
            reader.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        database.close()
        assert (log.read_bytes(), database.path.read_bytes()) == before
    assert (log.read_bytes(), database.path.read_bytes()) == before
    database = Database(tmp_path / "ledger.sqlite3")
    database.close()
    assert not log.exists(), "the writer as the last one does"
    proved("S10", "checkpoints refused to a reader", 2)


def test_s9_readers_that_overlap_do_not_let_the_log_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    """One of three readers is always there, so that SQLite alone would hardly ever begin its log anew."""
    monkeypatch.setattr(database_module, "_LONG_LOG_BYTES", 1 << 20)
    database = Database(tmp_path / "ledger.sqlite3")
    log, largest, looks, over = tmp_path / "ledger.sqlite3-wal", 0, 0, threading.Event()

    def look() -> None:
        nonlocal looks
        while not over.is_set():
            with database.reading() as connection:
                connection.execute("SELECT count(*) FROM setting").fetchone()
                time.sleep(0.01)
            looks += 1

    readers = [threading.Thread(target=look) for _ in range(3)]
    try:
        for reader in readers:
            reader.start()
        for cycle in range(60):
            with database.writing() as writer:
                writer.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (f"k{cycle % 4}", "v" * 400_000))
            largest = max(largest, log.stat().st_size)
    finally:
        over.set()
        for reader in readers:
            reader.join()
        database.close()
    assert largest < 8 << 20, "24 MB were written"
    proved("S9", "overlapping looks", looks)


@pytest.mark.parametrize(
    ("version", "warned"),
    [
        ("3.7.0", True), ("3.40.1", True), ("3.44.5", True), ("3.44.6", False), ("3.45.0", True), ("3.50.6", True),
        ("3.50.7", False), ("3.51.0", True), ("3.51.2", True), ("3.51.3", False), ("3.52.0", False), ("4.0.0", False),
    ],
)  # fmt: skip
def test_s10_diagnostics_warn_of_a_sqlite_with_the_wal_reset_bug(
    version: str, warned: bool, home: Path, data: Path, monkeypatch: pytest.MonkeyPatch, proved: Proved
) -> None:
    monkeypatch.setattr(health, "sqlite_version", lambda: version)
    with ledger_of(data, home) as ledger:
        facts = diagnose(ledger, scan_status(ledger.scan()), "none")
    assert (facts.sqlite_warning is not None) == warned
    assert ("3.51.3" in facts.report) == (warned or version == "3.51.3")
    proved("S10", "versions of SQLite", 1)


def test_s10_this_sqlite_is_the_one_that_is_told(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger, ledger.database.reading() as connection:
        running = connection.execute("SELECT sqlite_version()").fetchone()[0]
    assert health.sqlite_version() == running
