"""C5: names from logs, and what is typed, are shown by every command and never obeyed: on a terminal and in a pipe.

Each text is the model, the effort, the project, the title, the limits and the log's folder of a session.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from tests.cli.run import Done, command, environment, run
from tests.services.support import now_ms
from tests.support.payloads import claude_home, payload
from tests.support.proofs import Proved
from tests.support.rollout import Rollout, usage
from tests.support.terminal_payloads import ESCAPES, obeyed, shown

from tokendial.cli.main import cli
from tokendial.services.statusline import line

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these names of files nor such terminals")
MINUTE = 60_000
FOLDER = "\x1b[31mfolder\x07\u202e\x9b2J"
TABLES = ["model", "effort", "project", "session", "provider", "day"]


class World(NamedTuple):
    """A ledger of these homes, in a folder that has such a name itself."""

    data: Path
    home: Path
    sessions: dict[str, str]

    @property
    def options(self) -> tuple[str, ...]:
        return "--no-scan", "--data-dir", str(self.data), "--codex-home", str(self.home)


def write(home: Path, number: int, text: str) -> Rollout:
    at = now_ms() - 200 * MINUTE + number * MINUTE
    window = {"used_percent": 50.0, "window_minutes": 300, "resets_at": now_ms() // 1000 + 3600}
    limits = {"limit_id": f"{number} {text}", "limit_name": text, "plan_type": text, "primary": window,
              "secondary": None, "rate_limit_reached_type": text}  # fmt: skip
    log = Rollout(at, number).meta(
        cwd=f"/w/{text}", originator=text, cli_version=text, parent_thread_id=text, git={"branch": text}
    )
    log.turn(text, text, cwd=f"/w/{text}").settings(model=text, service_tier=text, reasoning_effort=text)
    log.prompt(f"please {text}").count(usage(number), limits)
    log.line("event_msg", {"type": "token_count", "info": {"last_token_usage": {"input_tokens": -1}}})
    folder = home / "sessions" / f"{number} {text}".replace("/", "|").replace("\0", "")
    folder.mkdir(parents=True)
    (folder / log.path(home).name).write_bytes(b"".join(log.lines))
    return log


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    top = tmp_path_factory.mktemp("terminal") / FOLDER
    home, sessions, titles = top / "codex", {}, []
    for number, text in enumerate(ESCAPES):
        sessions[text] = write(home, number, text).thread
        titles.append(json.dumps({"id": sessions[text], "thread_name": text, "updated_at": "2026-01-01T00:00:00Z"}))
    (home / "session_index.jsonl").write_text("\n".join(titles) + "\n")
    done = run("report", "--data-dir", top / "data", "--codex-home", home)
    assert done.code == 0, done.err
    return World(top / "data", home, sessions)


def in_process(*arguments: str) -> str:
    """What a command prints, colours and all."""
    done = CliRunner().invoke(cli, arguments, color=True)
    assert done.exception is None, done.exc_info
    return done.output


def at_terminal(*arguments: str | Path) -> Done:
    """The same in a process at a terminal of its own; both outputs are one."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        command(*arguments), stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment(TERM="xterm")
    ) as process:
        os.close(theirs)
        read = b""
        try:
            while piece := os.read(ours, 65536):
                read += piece
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    return Done(process.returncode, read.decode().replace("\r\n", "\n"), "")


@pytest.mark.parametrize("by", TABLES)
def test_c5_tables_show_every_name(world: World, by: str, proved: Proved) -> None:
    names = {
        "project": [f"/w/{text}" for text in ESCAPES],
        "session": world.sessions.values(),
        "provider": [],
        "day": [],
    }
    out = in_process("report", "--by", by, *world.options)
    assert obeyed(out) == []
    wanted = names.get(by, ESCAPES)
    assert [text for text in wanted if shown(text) not in out] == []
    proved("C5", "names in tables", len(wanted))


@pytest.mark.parametrize("by", TABLES)
@pytest.mark.parametrize("style", ["json", "csv", "html"])
def test_c5_other_forms_are_harmless_on_a_terminal(world: World, style: str, by: str, proved: Proved) -> None:
    done = at_terminal("report", "--by", by, "--format", style, *world.options)
    assert (done.code, obeyed(done.out)) == (0, [])
    if style == "json":
        keys = [row["key"] for row in json.loads(done.out)["rows"]]
        if by in ("model", "effort"):
            assert sorted(keys) == sorted(ESCAPES), "the escapes mean what was written"
    proved("C5", "reports on a terminal", 1)


def test_c5_audit_limits_and_doctor_show_every_name(world: World, proved: Proved) -> None:
    for text, session in world.sessions.items():
        out, exact = (in_process("audit", session, *more, *world.options) for more in ((), ("--json",)))
        assert obeyed(out + exact) == []
        folder = text.replace("/", "|").replace("\0", "")
        assert shown(folder) in out
        assert folder in json.loads(exact)["files"][0]["path"], "the escapes mean what was written"
        assert f"Parent {shown(text.lower())}\n" in in_process("audit", session, *world.options)
    limits = in_process("limits", *world.options)
    assert obeyed(limits + in_process("limits", "--json", *world.options)) == []
    assert [text for text in ESCAPES if f" {shown(text)}, plan {shown(text)} " not in limits] == []
    doctor = in_process("doctor", *world.options)
    assert obeyed(doctor + in_process("doctor", "--json", *world.options)) == []
    assert doctor.count(shown(FOLDER)) > 20
    proved("C5", "names in audit, limits and doctor", 4 * len(ESCAPES))


@pytest.mark.parametrize("where", ["terminal", "pipe"])
def test_c5_processes_at_a_terminal_and_in_a_pipe(world: World, where: str, proved: Proved) -> None:
    start = at_terminal if where == "terminal" else run
    session = world.sessions[ESCAPES[0]]
    calls = [["report", "--by", "model"], ["limits"], ["limits", "--json"], ["doctor"], ["doctor", "--json"],
             ["audit", session], ["audit", session, "--json"]]  # fmt: skip
    for call in calls:
        done = start(*call, *world.options)
        assert (done.code, obeyed(done.out + done.err)) == (0, [])
        assert shown("\x1b[31m") in done.out.replace("\\\\", "\\")
    proved("C5", "commands in processes", len(calls))


@pytest.mark.parametrize("where", ["terminal", "pipe"])
def test_c5_what_is_typed_wrong_comes_back_harmless(world: World, where: str, proved: Proved) -> None:
    start, bad = at_terminal if where == "terminal" else run, "\x1b]52;c;eA==\x07\x9b2J\u202e"
    (taken := world.data.parent / f"{bad}.csv").touch()
    calls = [
        ["audit", bad], ["report", "--provider", bad], ["report", "--tz", bad], ["report", "--since", bad],
        ["report", "--by", bad], ["report", "--csv", "-o", taken], ["report", f"--{bad}"], [bad],
        ["report", "--csv", "-o", world.data / bad / "x.csv"], ["--page", bad, "report", "--until", bad],
    ]  # fmt: skip
    for call in calls:
        done = start(*call, *(world.options if call[0] != bad else ()))
        assert done.code in (1, 2), (call, done)
        assert obeyed(done.out + done.err) == []
        assert "tokendial: " in done.out + done.err
    missing = start("report", "--data-dir", world.data, "--codex-home", world.home.parent / bad)
    assert (missing.code, obeyed(missing.out + missing.err)) == (1, [])
    traced = start("--debug", "report", "--data-dir", world.data, "--codex-home", world.home.parent / bad)
    assert (traced.code, obeyed(traced.out + traced.err)) == (1, [])
    assert "Traceback" in traced.out + traced.err
    erased = start("erase", "--data-dir", world.data)
    assert (erased.code, obeyed(erased.out + erased.err)) == (130, [])
    assert shown(FOLDER) in erased.out
    proved("C5", "wrong commands in processes", len(calls) + 3)


def test_c5_the_status_line_shows_nothing_that_is_obeyed(
    clean_environment: Path, tmp_path: Path, proved: Proved
) -> None:
    home = claude_home(clean_environment / ".claude")
    for text in ESCAPES:
        told = payload(home, model={"id": text, "display_name": f"a{text}z"})
        found = line(json.dumps(told).encode(), tmp_path, tmp_path / "ledger.sqlite3", now_ms())
        assert obeyed(found) == []
        assert "\n" not in found
        assert found.startswith("a")
    proved("C5", "names in a status line", len(ESCAPES))


def test_c5_a_test_of_the_test() -> None:
    assert sys.stdout is not None
    assert [text for text in ESCAPES if not obeyed(f"{text}\r")] == []
    assert len(set(ESCAPES)) >= 50
