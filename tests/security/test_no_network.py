"""C9: nothing leaves the machine but what the README's list says, and that only where the user switched it on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.live.played import stage
from tests.security import nowhere
from tests.security.planted import HOMES, Words
from tests.security.proxy import recording
from tests.security.sources import SOURCES, answer, homes_in, plan_of, run_day, sign_ins
from tests.security.support import python_env
from tests.support.proofs import Proved, Size

from tokendial.providers import PROVIDERS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("hour.py")
ROW = re.compile(r"^\| (\w+) \| (.*) \| (.*) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
alone = pytest.mark.skipif(not nowhere.possible(), reason="this system lets us make no network without a route")


def listed() -> dict[str, tuple[list[str], list[str]]]:
    """What the README says that each source reads and asks, by the source's id."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| source | reads | asks |") :].split("\n\n", 1)[0]
    ids = {source.name: source.id for provider in PROVIDERS for source in provider.live_sources()}
    rows = [row for row in ROW.findall(table) if row[0] != "source"]
    assert {name for name, _, _ in rows} == set(ids), "every source has its line, and no other"
    return {ids[name]: (CODE.findall(reads), CODE.findall(asks)) for name, reads, asks in rows}


def went_out(folder: Path, live: str) -> list[str]:
    """What an hour of use tried to reach."""
    home = folder / "home"
    home.mkdir()
    (home / "auth.json").write_text(json.dumps({"tokens": {"access_token": "nothing-real"}}))
    command = [sys.executable, str(SCRIPT), str(folder / "data"), str(home), live]
    done = subprocess.run(command, env=python_env(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "nothing-real" not in done.stdout + done.stderr
    return done.stdout.splitlines()


def test_c9_an_hour_of_use_reaches_nobody(tmp_path: Path, proved: Proved) -> None:
    assert went_out(tmp_path, "off") == []
    proved("C9", "minutes of use under a trap for every address, name and program", 60)


def test_c9_the_trap_sees_a_live_source_that_is_on(tmp_path: Path) -> None:
    tried = went_out(tmp_path, "on")
    assert tried
    assert all("chatgpt.com" in one for one in tried)
    assert len(tried) <= 31


def places_of_logs() -> list[str]:
    """Where the README says that logs are read, below a home, as patterns."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:logs|transcripts|conversations) of .*\|$", text, re.MULTILINE)
    assert len(rows) == len(PROVIDERS)
    named = [word.replace("PROJECT", "*") for row in rows for word in CODE.findall(row) if word[0] not in "~$"]
    return [form for word in named for form in ((word,) if "json" in word else (word, f"{word}/*"))]


def opened_in(folder: Path) -> set[tuple[str, str]]:
    """How the files of the homes of a day were opened, and which, below their homes."""
    lines = (folder / "files" / "opened.txt").read_text(encoding="utf-8").splitlines()
    split = (line.partition(" ") for line in lines)
    paths = ((how, Path(path).relative_to(folder / "agents").as_posix()) for how, _, path in split)
    return {(how, path.partition("/")[2]) for how, path in paths}


def signed_in(folder: Path, port: int) -> dict[str, Path]:
    homes = homes_in(folder / "agents")
    for path, text in sign_ins(homes, "a-token", port).items():
        path.write_text(text)
    return homes


def test_c9_by_default_no_sign_in_is_opened_and_no_proxy_is_used(tmp_path: Path, size: Size, proved: Proved) -> None:
    homes, hours = signed_in(tmp_path, 9), size(24, 24 * 14)
    for name, write in HOMES.items():
        write(homes[name], Words(), 2)
    (folder := tmp_path / "files").mkdir()
    with recording() as proxy:
        run_day(folder, plan_of(folder, homes, [], hours, None), **proxy.variables)
    assert proxy.wanted == []
    opened = opened_in(tmp_path)
    assert {how for how, _ in opened} == {"read"}, "the agents' folders are never written to"
    places = places_of_logs()
    assert [path for _, path in opened if not any(fnmatch(path, place) for place in places)] == []
    assert {"sessions", "session_index.jsonl", "projects", "tmp"} <= {path.partition("/")[0] for _, path in opened}
    proved("C9", "hours by default behind a recording proxy", hours)


@pytest.mark.parametrize("source", SOURCES)
def test_c9_each_source_reaches_the_hosts_of_the_list_and_no_other(tmp_path: Path, source: str, proved: Proved) -> None:
    """Seen by a proxy that is asked instead; what is of this machine goes past it."""
    with stage() as services, recording() as proxy:
        services.part = lambda request, _: answer(request)
        homes = signed_in(tmp_path, int(services.url.rpartition(":")[2]))
        (folder := tmp_path / "files").mkdir()
        run_day(folder, plan_of(folder, homes, [source], 3, None), **proxy.variables)
    urls = [one for one in listed()[source][1] if one.startswith("https://")]
    assert set(proxy.wanted) == {f"CONNECT {urlsplit(url).hostname}:443" for url in urls}
    assert bool(services.requests) is (source == "antigravity"), "on this machine, and not by way of the proxy"
    proved("C9", "sources that reach what the README lists", 1)


@pytest.mark.parametrize("source", SOURCES)
def test_c9_each_source_asks_and_reads_what_the_list_says(tmp_path: Path, source: str, proved: Proved) -> None:
    with stage() as services:
        services.part = lambda request, _: answer(request)
        homes = signed_in(tmp_path, int(services.url.rpartition(":")[2]))
        (folder := tmp_path / "files").mkdir()
        run_day(folder, plan_of(folder, homes, [source], 3, services.url))
    reads, asks = listed()[source]
    paths = {urlsplit(one).path for one in asks if "/" in one}
    assert {request.path for request in services.requests} == paths - {""}
    opened = opened_in(tmp_path)
    assert {how for how, _ in opened} == {"read"}
    names = {path for _, path in opened if not any(fnmatch(path, place) for place in places_of_logs())}
    assert names == {one for one in reads if " " not in one}
    proved("C9", "sources that ask and read what the README lists", 1)


def test_c9_what_the_settings_say_of_a_source_is_in_the_list() -> None:
    table = {source: [*reads, *asks] for source, (reads, asks) in listed().items()}
    for provider in PROVIDERS:
        for source in provider.live_sources():
            said = [source.asks, Path(source.reads(Path("/h"))).name]
            for word in (part for text in said for part in text.split(", ")):
                assert any(word in one for one in table[source.id]), (source.id, word)


@alone
def test_c9_everything_works_without_a_route(tmp_path: Path, proved: Proved) -> None:
    homes = signed_in(tmp_path, 9)
    for name, write in HOMES.items():
        write(homes[name], Words(), 2)
    (folder := tmp_path / "files").mkdir()
    run_day(folder, plan_of(folder, homes, [], 24, None), *nowhere.starter())
    answers = (folder / "answers.txt").read_text(encoding="utf-8")
    assert '"events":' in answers
    proved("C9", "hours in a network without a route", 24)


@alone
def test_c9_without_a_route_sources_that_are_on_say_so(tmp_path: Path) -> None:
    homes = signed_in(tmp_path, 9)
    (folder := tmp_path / "files").mkdir()
    printed = run_day(folder, plan_of(folder, homes, SOURCES, 3, None), *nowhere.starter())
    assert printed.count("offline") >= 9
    assert "The connection failed" in (folder / "answers.txt").read_text(encoding="utf-8")
    assert "Traceback" not in printed


@alone
@pytest.mark.parametrize(
    "command",
    [["report", "--by", "model"], ["report", "--format", "html"], ["limits", "--json"], ["doctor"], ["erase", "--yes"]],
    ids=lambda command: command[0],
)
def test_c9_every_command_works_without_a_route(tmp_path: Path, command: list[str], proved: Proved) -> None:
    homes = homes_in(tmp_path / "agents")
    for name, write in HOMES.items():
        write(homes[name], Words(), 1)
    named = [part for name, home in homes.items() for part in (f"--{name}-home", str(home))]
    given = [*command, "--data-dir", str(tmp_path / "data"), *(named if command[0] != "erase" else [])]
    done = subprocess.run(
        [*nowhere.starter(), sys.executable, "-m", "tokendial", *given],
        env=python_env(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    proved("C9", "commands in a network without a route", 1)


@alone
def test_c9_the_network_without_a_route_is_one(tmp_path: Path) -> None:
    script = "import socket; socket.create_server(('127.0.0.1', 0)); socket.create_connection(('192.0.2.1', 443), 5)"
    done = subprocess.run(
        [*nowhere.starter(), sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert "unreachable" in done.stderr.lower()
