"""C10: what is deleted is gone: from tables, free pages, the write-ahead log, copies, and whatever waits in a folder.

A canary stands for the name of a project, at every place where logs have it, and in every kind of file that the program
makes beside its ledger.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.run import run, sentence
from tests.security.planted import HOMES, Words
from tests.security.using import ask, keep, waits
from tests.support.ledgers import assert_sound, content
from tests.support.proofs import Proved

from tokendial.api.program import Program
from tokendial.desktop import instance
from tokendial.domain.records import ReadingRecord
from tokendial.errors import BadRequest, CannotWrite, LedgerBusy
from tokendial.services import erase, spool
from tokendial.services.ledger import Ledger
from tokendial.store import erasing

CANARY = "zqcanary"
SESSIONS = 4


def named(home: Path) -> None:
    """Give the project of every log the canary's name, also where the name of a folder or a session has it."""
    for path in [one for one in home.rglob("*") if one.is_file()]:
        text = path.read_bytes()
        for plain in (b"/home/u/project", b"/work/shop"):
            text = text.replace(plain, b"/home/u/" + CANARY.encode())
        path.write_bytes(text.replace(b"A name that was given", CANARY.encode()))
    for path in home.rglob("-home-u-project"):
        path.rename(path.with_name(f"-home-u-{CANARY}"))


def write_homes(folder: Path) -> dict[str, Path]:
    homes = {name: folder / f".{name}" for name in HOMES}
    for name, write in HOMES.items():
        write(homes[name], Words(), SESSIONS)
        named(homes[name])
    return homes


def hits(folder: Path) -> dict[str, int]:
    """How often each file names the project, in its bytes or its name."""
    found = {}
    for path in (one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        count = sum(data.count(form) for form in (CANARY.encode(), CANARY.encode("utf-16-le"))) + (CANARY in path.name)
        if count:
            found[path.relative_to(folder).as_posix()] = count
    return found


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def fill(program: Program, data: Path, homes: dict[str, Path]) -> None:
    """Everything that makes a file in the data folder."""
    ask(program, "ingest.refresh", wait=True)
    home = next(one for one in ask(program, "homes.list")["homes"] if one["provider"] == "codex")
    ask(program, "homes.update", id=home["id"], label=f"{CANARY} laptop")
    backup = data.parent / "mine.sqlite3"
    keep(program, backup, "storage.backup")
    ticket = ask(program, "storage.upload", name="mine.sqlite3", size=backup.stat().st_size)["ticket"]
    program.transfers.receive(ticket, iter([backup.read_bytes()]))
    waits(program, "storage.restore", upload=ticket)  # what was there is kept as a copy
    waits(program, "export.start", range="alltime", what="sessions", format="csv")  # waits to be fetched
    shutil.copy(backup, data / "ledger.sqlite3.before-m002_cleared_homes")
    shutil.copy(backup, data / "ledger.sqlite3.damaged-20260102-030405")
    (data / "ledger.sqlite3.damaged-20260102-030405-wal").write_bytes(CANARY.encode())
    (data / f".{CANARY}.sqlite3.77.part").write_bytes(CANARY.encode())
    reading = ReadingRecord("five_hour", CANARY, 300, 12.0, None, None, None, 1, 1)
    spool.write(data, spool.Spooled("claude", str(homes["claude"]), int(time.time() * 1000), [reading]))
    with closing(sqlite3.connect(program.own.database.path)) as other:
        other.execute("SELECT count(*) FROM session").fetchall()
    done = run("report", "--data-dir", data, "--codex-home", homes["codex"])
    assert done.code == 0, done.err


@pytest.fixture
def world(clean_environment: Path, tmp_path: Path) -> Iterator[tuple[Program, Path, dict[str, Path]]]:
    """The program over the homes of this user, with everything in its data folder that can be there."""
    homes, data = write_homes(clean_environment), tmp_path / "data"
    program = Program(Ledger(data, workers=0), "browser")
    try:
        fill(program, data, homes)
        yield program, data, homes
    finally:
        program.close()


def answers(program: Program) -> str:
    """Everything that a page shows."""
    asked: dict[str, dict[str, Any]] = {
        "app.state": {}, "storage.get": {}, "homes.list": {}, "providers.list": {}, "diagnostics.get": {},
        "dashboard.get": {"range": "alltime"}, "sessions.list": {"range": "alltime"}, "projects.list": {},
        "events.list": {"range": "alltime"}, "pricing.get": {}, "alerts.get": {}, "jobs.get": {},
    }  # fmt: skip
    return json.dumps({name: ask(program, name, **given) for name, given in asked.items()})


def test_c10_after_delete_all_data_no_file_and_no_answer_names_the_project(
    world: tuple[Program, Path, dict[str, Path]], proved: Proved
) -> None:
    program, data, homes = world
    before, logs = hits(data), state(next(iter(homes.values())).parent)
    kinds = ("ledger.sqlite3", "ledger.sqlite3-wal", "backups/", "transfer/", "statusline/", "ledger-", ".before-")
    for kind in (*kinds, ".damaged-", ".part"):
        assert [name for name in before if kind in name], f"{kind} is a place of its own"
    assert CANARY in answers(program)

    assert waits(program, "storage.erase", confirmation="Delete")["state"] == "done"
    assert hits(data) == {}, "while the program runs"
    assert CANARY not in answers(program)
    log = program.own.database.path.with_name("ledger.sqlite3-wal")
    ask(program, "ingest.refresh", wait=True)
    assert hits(data) == {}, "and nothing is read again by itself"
    assert {home["state"] for home in ask(program, "homes.list")["homes"]} == {"cleared"}
    assert log.stat().st_size < 200_000
    assert state(next(iter(homes.values())).parent) == logs, "the agents' folders were only read"

    for home in ask(program, "homes.list")["homes"]:
        ask(program, "homes.rescan", id=home["id"])
    ask(program, "ingest.refresh", wait=True)
    assert_sound(program.own)
    assert CANARY in answers(program), "it is all counted again when that is asked for"
    proved("C10", "files that named the project", len(before))


def test_c10_it_stays_deleted_after_a_restart(world: tuple[Program, Path, dict[str, Path]]) -> None:
    program, data, _ = world
    waits(program, "storage.erase", confirmation="delete")
    program.close()
    assert hits(data) == {}
    again = Program(Ledger(data, workers=0), "browser")
    try:
        ask(again, "ingest.refresh", wait=True)
        assert CANARY not in answers(again)
    finally:
        again.close()
    assert hits(data) == {}


@pytest.mark.parametrize("word", ["", "yes", "clear", "delete all", "deletee"])
def test_c10_nothing_is_deleted_before_the_word_was_typed(tmp_path: Path, word: str) -> None:
    program = Program(Ledger(tmp_path / "data", workers=0), "browser")
    try:
        with pytest.raises(BadRequest, match="delete"):
            ask(program, "storage.erase", confirmation=word)
        ask(program, "demo.set", on=True)
        with pytest.raises(BadRequest, match="sample data"):
            ask(program, "storage.erase", confirmation="delete")
    finally:
        program.close()


def test_c10_the_command_deletes_the_same_and_its_folder(
    world: tuple[Program, Path, dict[str, Path]], proved: Proved
) -> None:
    program, data, homes = world
    program.close()
    before, logs = hits(data), state(next(iter(homes.values())).parent)
    (mine := data / "notes.txt").write_text("mine")
    done = run("erase", "--yes", "--data-dir", data)
    assert (done.code, done.err) == (0, "")
    assert [path.name for path in data.rglob("*")] == ["notes.txt"], "what is not ours stays"
    assert state(next(iter(homes.values())).parent) == logs
    mine.unlink()
    assert run("erase", "--yes", "--data-dir", data).code == 0
    assert not data.exists()
    assert "There is nothing in" in run("erase", "--yes", "--data-dir", data).out
    proved("C10", "files that named the project", len(before))


def test_c10_the_command_asks_and_leaves_a_running_program_alone(clean_environment: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    homes = write_homes(clean_environment)
    assert run("report", "--data-dir", data).code == 0
    before = hits(data)
    assert before
    assert run("erase", "--data-dir", data).code == 130, "without an answer"
    assert "homes" in sentence(run("erase", "--yes", "--data-dir", data, "--codex-home", homes["codex"]), 2)
    mine = instance.claim(data)
    assert mine is not None
    assert "running" in sentence(run("erase", "--yes", "--data-dir", data), 1)
    mine.release()
    assert hits(data) == before


def worked_homes(folder: Path) -> list[tuple[str, Path]]:
    """A home of each provider; the project of two of them has the canary's name."""
    homes = [(name, folder / name) for name in HOMES]
    for name, home in homes:
        HOMES[name](home, Words(), SESSIONS * 3)
        if name != "gemini":
            named(home)
    return homes


# The lengths of names decide which pages SQLite splits, and so what stays in the gaps of those that are kept.
@pytest.mark.parametrize("length", range(50, 146, 8))
@pytest.mark.parametrize("how", ["homes.clear", "homes.remove"])
def test_c10_a_home_that_is_cleared_or_removed_leaves_nothing_in_the_file(
    tmp_path: Path, how: str, length: int, proved: Proved
) -> None:
    homes, data = worked_homes(tmp_path / ("x" * length)), tmp_path / "data"
    program = Program(Ledger(data, homes, workers=0), "browser")
    try:
        ask(program, "ingest.refresh", wait=True)
        assert hits(data)
        for home in ask(program, "homes.list")["homes"]:
            if home["provider"] != "gemini":
                ask(program, how, id=home["id"], **({"confirmation": "clear"} if how == "homes.clear" else {}))
        assert hits(data) == {}, "while the program runs"
        assert_sound(program.own)
        kept = content(program.own)
    finally:
        program.close()
    assert hits(data) == {}
    alone = Ledger(tmp_path / "alone", [home for home in homes if home[0] == "gemini"], workers=0)
    alone.scan()
    assert content(alone) == kept, "the other home is counted as before"
    alone.close()
    proved("C10", "homes taken out", 2)


def test_c10_what_could_not_be_swept_is_swept_at_the_next_start(tmp_path: Path, proved: Proved) -> None:
    homes, data = worked_homes(tmp_path / "homes"), tmp_path / "data"
    ledger = Ledger(data, homes, workers=0)
    ledger.scan()
    with closing(sqlite3.connect(ledger.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchall()
        for home in [one for one in ledger.homes() if one.provider != "gemini"]:
            ledger.clear_home(home.id, 1)
        ledger.close()
        assert hits(data), "who reads needs it"
        reader.execute("COMMIT")
    Ledger(data, homes, workers=0).close()
    assert hits(data) == {}
    with closing(sqlite3.connect(ledger.database.path)) as reader:
        assert reader.execute("SELECT count(*) FROM setting WHERE key = 'sweep_due'").fetchone() == (0,)
    proved("C10", "homes taken out", 2)


def test_c10_who_reads_for_long_is_waited_for_and_then_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", workers=0)
    ledger.settings.change({"theme": "dark"})
    with closing(sqlite3.connect(ledger.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM setting").fetchall()
        ledger.settings.change({"theme": "light"})
        with pytest.raises(LedgerBusy, match="reading"):
            erasing.empty_log(ledger.database, 0.2)
        reader.execute("COMMIT")
    erasing.empty_log(ledger.database, 0.2)
    assert ledger.database.path.with_name("ledger.sqlite3-wal").stat().st_size == 0
    ledger.close()


def test_c10_what_cannot_be_deleted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ledger.sqlite3").write_text("x")
    monkeypatch.setattr(Path, "unlink", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(CannotWrite, match=r"ledger\.sqlite3 \(Permission denied\)"):
        erase.erase_folder(tmp_path)
