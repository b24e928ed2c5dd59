"""C6, C7: what people and models wrote, and what tools gave out, is nowhere that the program writes.

A thousand marked prompts and twelve kinds of secrets stand in logs of every provider, at every place where such text
stands; the program does everything it can with them; then each file it made is searched, also as SQLite left it.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from tests.cli.run import command, environment, run
from tests.security.planted import EACH, HOMES, MARK, NEEDLES, PROMPTS, SECRETS, Words
from tests.security.using import leaks, use_everything
from tests.support.payloads import claude_home, encoded
from tests.support.proofs import Proved

from tokendial.api.program import Program
from tokendial.providers import PROVIDERS
from tokendial.services.ledger import Ledger


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home of each provider; together they have the prompts."""
    folder, words, found = tmp_path_factory.mktemp("planted"), Words(), {}
    sessions = PROMPTS // EACH // len(HOMES) + 1
    for name, write in HOMES.items():
        found[name] = folder / f"home-{name}"
        write(found[name], words, sessions)
    assert words.number > PROMPTS * 3
    return found


def test_c7_nothing_that_was_said_is_in_any_file(
    homes: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture, proved: Proved
) -> None:
    caplog.set_level(logging.DEBUG, "tokendial")
    (folder := tmp_path / "files").mkdir()
    program = Program(Ledger(folder / "data", list(homes.items()), workers=0), "browser")
    try:
        use_everything(program, folder)
        path = program.own.database.path
        assert path.with_name(f"{path.name}-wal").stat().st_size > 0, "as it is while the program runs"
        assert list(leaks(folder)) == []
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            (asked,) = connection.execute("SELECT count(*) FROM prompt").fetchone()
            titles = {row[0] for row in connection.execute("SELECT title FROM session WHERE title IS NOT NULL")}
    finally:
        program.close()
    assert asked >= PROMPTS, "they were all read"
    assert any(title.startswith("A name that was given") for title in titles), "what a person named stays"
    assert any(title.startswith("A summary") for title in titles), "and what the model named"
    assert list(leaks(folder)) == []
    assert not [needle for needle in NEEDLES if needle in caplog.text]
    proved("C7", "prompts with a canary", asked)
    proved("C6", "texts of logs with a secret", texts_of(homes))


def texts_of(homes: dict[str, Path]) -> int:
    """How many marked texts are in the logs, each with a secret."""
    files = [path.read_bytes() for home in homes.values() for path in home.rglob("*") if path.is_file()]
    return len({mark for data in files for mark in re.findall(rb"zqmark\d{5}", data)})


def test_c7_nothing_that_was_said_is_printed(homes: dict[str, Path], tmp_path: Path) -> None:
    """Also not with tracebacks; the commands write a ledger of their own."""
    folders = [part for name, home in homes.items() for part in (f"--{name}-home", str(home))]
    common = [*folders, "--data-dir", str(tmp_path / "data"), "--debug"]
    agent = "agent-a1"
    commands = (["report", "--by", "session"], ["report", "--by", "project", "--csv"], ["limits"], ["doctor"])
    for given in (*commands, ["report", "--format", "html"], ["doctor", "--json"], ["audit", agent, "--json"]):
        done = run(*given, *common)
        assert done.code == 0, done.err
        assert not [needle for needle in NEEDLES if needle in done.out + done.err]
    assert list(leaks(tmp_path)) == []
    assert environment()["PYTHONWARNINGS"] == "error"


def test_c6_what_an_agent_tells_its_status_line_is_not_kept(
    clean_environment: Path, tmp_path: Path, proved: Proved
) -> None:
    """Of all that it tells only limits are, and what the format shows is printed."""
    home = claude_home(clean_environment / ".claude")
    for number, secret in enumerate(SECRETS):
        said = f"{MARK} {secret}"
        told = encoded(home, session_name=said, prompt_id=said, output_style={"name": said}, more={said: [said]})
        done = subprocess.run(
            command("--data-dir", tmp_path / "data", "statusline"), input=told, env=environment(TOKEN=secret),
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b""), number
        assert b"Opus" in done.stdout
        assert not [needle for needle in NEEDLES if needle.encode() in done.stdout]
    assert [path for path in (tmp_path / "data" / "statusline").iterdir() if path.stat().st_size > 100]
    assert list(leaks(tmp_path)) == []
    proved("C6", "calls of the status line", len(SECRETS))


def test_c7_the_search_finds_what_is_there(homes: dict[str, Path]) -> None:
    """Every kind of secret is in the logs of every provider, in plain sight."""
    assert set(homes) == {provider.descriptor.id for provider in PROVIDERS}
    for home in homes.values():
        texts = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        for secret in SECRETS:
            assert json.dumps(secret)[1:-1].encode() in texts
        assert len(list(leaks(home))) > len(NEEDLES)
