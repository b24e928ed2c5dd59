"""Options, exit codes and words of errors; what a damaged, newer or busy ledger does to a command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from tests.cli.run import Done, Log, command, environment, run, sentence, two_days


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "--since", "2025-13-01"], "not a day"),
        (["report", "--until", "20250301"], "not a day"),
        (["report", "--since", "2025-03-02", "--until", "2025-03-01"], "before the first"),
        (["report", "--tz", "Mars/Olympus"], "time zone"),
        (["report", "--provider", "nobody"], "nobody"),
        (["report", "--by", "colour"], "colour"),
        (["report", "--json", "--csv"], "not both"),
        (["report", "--nope"], "--nope"),
        (["report", "extra"], "extra"),
        (["report", "--since"], "--since"),
        (["--nope"], "--nope"),
        (["nothing"], "nothing"),
        (["audit"], "SESSION"),
        (["serve", "--port", "99999"], "99999"),
        (["report", "--codex-home", ""], "no name"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_exit_2(data: Path, arguments: list[str], words: str) -> None:
    at = 1 if arguments[0].isalpha() else 0
    assert words in sentence(run(*arguments[:at], *(["--data-dir", data] if at else []), *arguments[at:]), 2)


def test_a_home_that_is_not_there_is_named_and_exit_1(data: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    for name in ("report", "limits", "doctor"):
        assert f"{absent}: This folder does not exist." in sentence(
            run(name, "--data-dir", data, "--codex-home", absent), 1
        )
    (tmp_path / "file").write_text("")
    assert "is a file" in sentence(run("report", "--data-dir", data, "--codex-home", tmp_path / "file"), 1)


def test_a_data_folder_that_cannot_be(tmp_path: Path, home: Path) -> None:
    (tmp_path / "file").write_text("keep me")
    assert "is a file" in sentence(run("report", "--data-dir", tmp_path / "file", "--codex-home", home), 2)
    assert "cannot" in sentence(run("report", "--data-dir", tmp_path / "file" / "below", "--codex-home", home), 1)
    assert (tmp_path / "file").read_text() == "keep me"


def test_help_and_version_are_no_errors() -> None:
    assert run("--version").out.startswith("tokendial, version ")
    for arguments in (["-h"], ["report", "--help"]):
        done = run(*arguments)
        assert (done.code, done.err) == (0, "")
        assert "--data-dir" in done.out


def total(done: Done) -> int:
    assert (done.code, done.err) == (0, "")
    return int(done.json["totals"]["total_tokens"])


def test_common_options_stand_before_or_after_the_name(home: Path, data: Path, tmp_path: Path) -> None:
    two_days(home)
    options = ["--data-dir", data, "--codex-home", home]
    assert total(run(*options, "report", "--json")) == 3131
    assert total(run("report", *options, "--json")) == 3131
    assert total(run("--data-dir", tmp_path / "other", "report", *options, "--json", "--no-scan")) == 3131
    assert total(run("--no-scan", "report", "--data-dir", tmp_path / "new", "--codex-home", home, "--json")) == 0
    assert not (tmp_path / "other").exists(), "what is given after the name wins"


def test_no_scan_reads_nothing_new(home: Path, data: Path) -> None:
    log = two_days(home)
    arguments = ["report", "--data-dir", data, "--codex-home", home, "--json"]
    assert total(run(*arguments)) == 3131
    log.respond("2025-03-02T09:00:00Z", 900).save()
    done = run(*arguments, "--no-scan")
    assert (total(done), done.json["scan"]["files"]) == (3131, 0)
    assert total(run(*arguments)) == 3131 + 1000


def test_several_homes_and_the_comma_list_of_the_environment(tmp_path: Path) -> None:
    places = [tmp_path / "one", tmp_path / "two"]
    for number, place in enumerate(places):
        Log(place, "2025-03-01", number).turn("2025-03-01").respond("2025-03-01T01:00:00Z", 900 + number).save()
    named = ["--codex-home", places[0], "--codex-home", places[1]]
    assert total(run("report", "--data-dir", tmp_path / "a", *named, "--json")) == 2001
    assert total(run("--codex-home", places[0], "report", "--data-dir", tmp_path / "b", *named[2:], "--json")) == 2001
    assert total(run("report", "--data-dir", tmp_path / "c", *named[:2], *named[:2], "--json")) == 1000
    assert len(list((tmp_path / "c").glob("*.sqlite3"))) == 1
    listed = run("report", "--data-dir", tmp_path / "d", "--json", CODEX_HOME=f"{places[0]}, {places[1]}")
    assert total(listed) == 2001
    one = run("report", "--data-dir", tmp_path / "d", *named[:2], "--json", CODEX_HOME=str(places[1]))
    assert total(one) == 1000, "a named home stands for the configured ones"
    assert total(run("report", "--data-dir", tmp_path / "d", "--json", "--no-scan")) == 2001


def ledger_file(data: Path) -> Path:
    (path,) = data.glob("*.sqlite3")
    return path


def test_a_newer_ledger_is_left_untouched(home: Path, data: Path) -> None:
    arguments = ["report", "--data-dir", data, "--codex-home", home, "--json"]
    run(*arguments)
    path = ledger_file(data)
    outside = sqlite3.connect(path)
    outside.execute("PRAGMA user_version = 999")
    outside.close()
    before = path.read_bytes()
    assert "newer Tokendial" in sentence(run(*arguments), 1)
    assert path.read_bytes() == before
    assert ledger_file(data) == path


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "another program"])
def test_a_damaged_ledger_is_said_moved_aside_and_rebuilt(home: Path, data: Path, damage: str) -> None:
    two_days(home)
    arguments = ["report", "--data-dir", data, "--codex-home", home, "--json"]
    assert total(run(*arguments)) == 3131
    path = ledger_file(data)
    if damage == "another program":
        path.unlink()
        outside = sqlite3.connect(path)
        outside.execute("CREATE TABLE theirs (x)")
        outside.close()
    else:
        content = path.read_bytes()
        path.write_bytes({"garbage": b"x" * len(content), "cut": content[: len(content) // 2], "empty": b""}[damage])
    content = path.read_bytes()
    done = run(*arguments)
    assert (done.code, done.json["totals"]["total_tokens"]) == (0, 3131)
    assert done.err.startswith("tokendial: The database was damaged")
    (aside,) = data.glob("*.damaged-*[0-9]")
    assert aside.read_bytes() == content, "nothing is deleted"
    assert run(*arguments).err == ""


def test_many_reports_at_once_on_a_new_ledger(home: Path, data: Path) -> None:
    for number in range(40):
        log = Log(home, "2025-03-01", number).turn("2025-03-01")
        for step in range(20):
            log.respond(f"2025-03-01T01:00:{step:02d}Z", 100 * number + step)
        log.save()
    arguments = command("report", "--data-dir", data, "--codex-home", home, "--json")
    running = [
        subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in running]
    found = [Done(code, out.decode(), err.decode()) for out, err, code in ended]
    assert {total(done) for done in found} == {sum(100 * n + s + 100 for n in range(40) for s in range(20))}
    assert sum(done.json["scan"]["events_added"] for done in found) == 800, "each response was added by one of them"
    assert list(data.glob("*damaged*")) == []


def test_output_into_a_closed_pipe_is_no_crash(home: Path, data: Path) -> None:
    two_days(home)
    for more in ([], ["--json"], ["--csv"]):
        read, write = os.pipe()
        os.close(read)
        arguments = command("report", "--data-dir", data, "--codex-home", home, *more)
        done = subprocess.run(
            arguments, env=environment(), stdout=write, stderr=subprocess.PIPE, timeout=60, check=False
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (1, b"")


def test_a_traceback_only_with_debug(data: Path, tmp_path: Path) -> None:
    done = run("report", "--debug", "--data-dir", data, "--codex-home", tmp_path / "absent")
    assert done.code == 1
    assert "Traceback" in done.err
