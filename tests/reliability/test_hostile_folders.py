"""Folders that are deep or wide, and names as no agent gives them (M4)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.support.agents import AgentLog, CodexLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, clean_content, content, counted, ledger_of, rows
from tests.support.proofs import Proved, Size

WARM_SECONDS = 3.0
DEEP = 200
NAMES = {
    "newline": b"a\nb",
    "tab": b"a\tb",
    "quote": b"a'\"b;--",
    "percent": b"%s%n{0}$(x)`x`",
    "escape": b"\x1b[31m\x07",
    "latin-1": b"caf\xe9",
    "half-a-character": b"\xf0\x9f\x98",
    "surrogate": b"\xed\xa0\x80",
    "ff": b"\xff\xfe",
    "right-to-left": "\u202eabc\u2066".encode(),
    "stands-in": "\U0010f0e9".encode(),
    "emoji": "\U0001f600".encode(),
    "blanks": b"  a  ",
    "dash": b"-rf",
    "dots": b"...",
    "markup": b"<img src=x onerror=alert(1)>",
    "very-long": b"x" * 200,
}
bytes_in_names = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only on Linux")


def folder_of(agent: type[AgentLog], home: Path, name: str) -> Path:
    """A folder that logs may lie in."""
    place = {"codex": f"sessions/{name}", "claude": f"projects/{name}", "gemini": f"tmp/{name}/chats"}
    return home / place[agent.provider]


@every_agent
def test_m4_thousands_of_folders_and_files(agent: type[AgentLog], size: Size, proved: Proved, tmp_path: Path) -> None:
    home, many = home_of(agent, tmp_path), size(3_400, 34_000)
    for number in range(many):
        log = session_of(agent, 1, number, first=number)
        folder = folder_of(agent, home[1], f"folder {number}" if number % 2 else "wide")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / log.path(home[1]).name).write_bytes(log.bytes())
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert counted(ledger) == many
        assert_sound(ledger)
        again = ledger.scan()
        assert (again.files, again.files_read, again.changed) == (many, 0, False)
        assert again.seconds < WARM_SECONDS
    proved("M4", "files", many)
    proved("M4", "folders", many // 2)


@every_agent
def test_m4_folders_two_hundred_deep(agent: type[AgentLog], proved: Proved, tmp_path: Path) -> None:
    """No agent goes that deep: what lies there is no log, and finding that out ends."""
    home, log, lost = home_of(agent, tmp_path), session_of(agent, 3), session_of(agent, 3, 1, first=50)
    log.write(home[1])
    top = folder_of(agent, home[1], "deep")
    top.mkdir(parents=True)
    start = os.open(top, os.O_RDONLY)
    at = start
    for _ in range(DEEP):  # step by step: the whole path is longer than a system takes
        os.mkdir("d" * 200, dir_fd=at)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=at)
        if at != start:
            os.close(at)
        at = below
    with os.fdopen(os.open(lost.path(home[1]).name, os.O_WRONLY | os.O_CREAT, dir_fd=at), "wb") as file:
        file.write(lost.bytes())
    os.close(at)
    os.close(start)
    with ledger_of(tmp_path / "data", home) as ledger:
        for _ in range(2):
            assert ledger.scan().problems == []
            assert counted(ledger) == 3
    proved("M4", "folders deep", DEEP)


@bytes_in_names
@every_agent
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("where", ["folder", "file"])
def test_m4_names_that_no_agent_gives(
    where: str, name: bytes, agent: type[AgentLog], proved: Proved, tmp_path: Path
) -> None:
    """The log in it is counted like any other, and costs no other its count."""
    home, log, odd = home_of(agent, tmp_path), session_of(agent, 3), session_of(agent, 2, 1, first=50)
    log.write(home[1])
    usual = odd.path(home[1])
    if where == "folder":
        path = os.fsencode(folder_of(agent, home[1], "@")).replace(b"@", name) + b"/" + usual.name.encode()
    else:
        start = "rollout-" if agent is CodexLog else ""
        path = os.fsencode(usual.parent) + b"/" + start.encode() + name + b".jsonl"
    place = Path(os.fsdecode(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(odd.bytes())
    with ledger_of(tmp_path / "data", home) as ledger:
        report = ledger.scan()
        assert report.problems == []
        assert counted(ledger) == 5
        with place.open("ab") as file:
            file.write(odd.respond(60))
        ledger.scan(only={str(place)})
        assert counted(ledger) == 6
        assert ledger.scan().files_read == 0
        assert_sound(ledger)
        found = content(ledger)
        assert found == clean_content(tmp_path / "clean", home)
        place.unlink()
        ledger.scan()
        assert content(ledger) == found
        assert rows(ledger, "SELECT count(*) FROM source_file WHERE status = 'gone'") == [(1,)]
    proved("M4", "odd names", 1)
