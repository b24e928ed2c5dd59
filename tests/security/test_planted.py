"""What people and models wrote, and what tools gave out, is nowhere that the program writes.

A thousand marked prompts and twelve kinds of secrets stand in logs of every provider, at every place where such text
stands; the program does everything it can with them; then each file it made is searched, also as SQLite left it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.run import environment, run
from tests.support.gemini_logs import Talk
from tests.support.rollout import Rollout, dumps, usage, uuid7
from tests.support.transcript import Transcript

from tokendial.api.commands import registry
from tokendial.api.program import Program
from tokendial.providers import PROVIDERS
from tokendial.services.ledger import Ledger

MARK = "zqmark"
PROMPTS = 1_000
EACH = 10  # prompts of a session
# Put together here, so that nothing that looks like a secret stands in a file of the repository.
SECRETS = (
    "sk-" + "proj-" + "Zq9" * 14,
    "sk-" + "ant-api03-" + "Zq9" * 28,
    "AI" + "za" + "Zq9" * 11 + "ZqX",
    "AK" + "IA" + "ZQ9ZQ9ZQ9ZQ9ZQ9Z",
    "gh" + "p_" + "Zq9" * 12,
    "github_" + "pat_" + "Zq9" * 20,
    "xox" + "b-" + "998877665544-Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9",
    "ey" + "J" + "Zq9" * 8 + ".ey" + "J" + "Zq9" * 8 + "." + "Zq9" * 9,
    "-----BEGIN " + "PRIVATE KEY-----\nZq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9\n-----END " + "PRIVATE KEY-----",
    "sk_" + "live_" + "Zq9" * 8,
    "postgres://zquser:" + "Zq9Zq9Zq9" + "@db.zq.example/zq",
    "password = " + "Zq9Zq9-hunter-Zq9Zq9",
)
NEEDLES = (MARK, "Zq9", "ZQ9", "zquser", "zq.example")
START_MS = int(time.time() * 1000) - 3 * 86_400_000
Json = dict[str, Any]


class Words:
    """Texts that may be nowhere: each has its own mark and one of the secrets."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"{MARK}{self.number:05} {SECRETS[self.number % len(SECRETS)]} \U0001f49b"


def codex_home(home: Path, words: Words, sessions: int) -> None:
    day = home / "sessions" / "2026" / "07" / "11"
    day.mkdir(parents=True)
    names, history = [], []
    for number in range(sessions):
        source: Json = {}
        if number % 4 == 3:
            spawn = {"parent_thread_id": uuid7(START_MS + number - 1, number - 1), "agent_nickname": "Ada"}
            source = {"source": {"subagent": {"thread_spawn": spawn}}}
        log = Rollout(START_MS + number, number).meta(**source).turn()
        for prompt in range(EACH):
            text = words()
            history.append({"session_id": log.thread, "ts": START_MS // 1000, "text": text})
            if prompt % 2:
                log.event("user_message", message=text, images=[])
            else:
                content = [{"type": "text", "text": text}]
                log.event("item_completed", turn_id="t", item={"type": "UserMessage", "id": "i", "content": content})
            log.line("response_item", {"type": "message", "role": "user", "content": [{"text": words()}]})
            log.line("response_item", {"type": "function_call_output", "call_id": "c", "output": words()})
            log.event("agent_message", message=words())
            log.count(usage(number * EACH + prompt))
        log.line("compacted", {"message": words(), "replacement_history": [{"content": words()}]})
        log.raw(dumps({"timestamp": 5, "type": "event_msg", "payload": {"type": "token_count", "x": words()}}).encode())
        log.raw(f'{{"torn": "{words()}'.encode())
        (day / f"rollout-2026-07-11T02-00-00-{log.thread}.jsonl").write_bytes(log.bytes())
        name = history[-EACH]["text"][:40] if number % 3 == 2 else f"A name that was given {number}"
        names.append({"id": log.thread, "thread_name": name, "updated_at": "x"})
    (home / "session_index.jsonl").write_text("".join(dumps(one) + "\n" for one in names))
    (home / "history.jsonl").write_text("".join(dumps(one) + "\n" for one in history))


def claude_home(home: Path, words: Words, sessions: int) -> None:
    project = home / "projects" / "-home-u-project"
    project.mkdir(parents=True)
    for number in range(sessions):
        session = f"5907a1b2-0000-4000-8000-{number:012x}"
        log = Transcript(session)
        log.now_ms = START_MS + number * 60_000
        asked = words()
        log.raw({"type": "queue-operation", "operation": "enqueue", "content": asked, "sessionId": session})
        for prompt in range(EACH):
            at = 50_000 + number * EACH + prompt
            log.prompt(asked if prompt % 2 else [{"type": "text", "text": asked}]).result(words())
            if prompt == 0:
                for kind in ("aiTitle", "customTitle")[: 1 + (number % 3 == 0)]:
                    title = asked if kind == "aiTitle" else f"A name that was given {number}"
                    log.raw({"type": "x-title", kind: title, "sessionId": session})
                log.raw({"type": "summary", "summary": asked, "leafUuid": "00000000-0000-4000-8000-000000000001"})
            log.response(at, advisorNote=words()).mirrored(at + 30_000, prompt=words())
            log.line("attachment", attachment={"type": "file", "content": words()})
            log.line("user", message={"role": "user", "content": words()}, isCompactSummary=True)
            log.line("system", subtype="compact_boundary", content=words())
            log.raw({"type": "last-prompt", "lastPrompt": asked, "sessionId": session})
            log.raw({"type": "api-request-blob", "blob": words(), "sessionId": session})
            asked = words()
        log.line("assistant", message={"role": "assistant", "usage": {"input_tokens": words()}, "id": words()})
        log.raw(f'{{"torn": "{words()}'.encode())
        (project / log.name).write_bytes(log.bytes())
        agent = Transcript(session, name="agent-a1", isSidechain=True, agentId="a1").prompt(words())
        folder = project / session / "subagents"
        folder.mkdir(parents=True)
        agent.response(90_000 + number, attributionAgent="reviewer").prompt(words())
        (folder / agent.name).write_bytes(agent.bytes())


def gemini_home(home: Path, words: Words, sessions: int) -> None:
    chats = home / "tmp" / "project" / "chats"
    chats.mkdir(parents=True)
    for number in range(sessions):
        session = f"{number:08x}-983e-48bf-a82b-7c7f71d7d210"
        talk, messages, first = Talk(session, start_ms=START_MS), list[Json](), words()
        asked = first
        for prompt in range(EACH):
            tokens = {"input": 1000 + prompt, "output": 5, "cached": 0, "thoughts": 3, "tool": 0}
            calls = [
                {"id": "c", "name": "read", "args": {"path": words()}, "result": words(), "resultDisplay": words()}
            ]
            thoughts = [{"subject": words(), "description": words()}]
            messages.append(talk.prompt(f"q{prompt}", asked if prompt % 2 else [{"text": asked}]))
            messages.append(talk.message(f"a{prompt}", tokens, content=words(), toolCalls=calls, thoughts=thoughts))
            messages.append(talk.prompt(f"r{prompt}", [{"functionResponse": {"response": {"output": words()}}}]))
            asked = words()
        name = f"session-2026-07-11T02-00-{session[:8]}"
        if number % 2:
            copied = {"summary": first} if number % 4 == 1 else {"summary": f"A summary {number}"}
            (chats / f"{name}.json").write_bytes(talk.document(*messages, **copied, memoryScratchpad=words()))
        else:
            talk.first()
            for message in messages:
                talk.line(message)
            talk.sets(summary=first if number % 4 == 0 else f"A summary {number}").sets(messages=messages)
            talk.raw(f'{{"torn": "{words()}'.encode())
            (chats / f"{name}.jsonl").write_bytes(talk.bytes())
        agent = Talk(f"{number:08x}-0000-48bf-a82b-7c7f71d7d210", start_ms=START_MS)
        agent.first(kind="subagent").asks("p", words()).sets(summary=words())
        folder = chats / session
        folder.mkdir()
        agent.responds("x", {"input": 7, "output": 1, "cached": 0, "thoughts": 0, "tool": 0})
        (folder / f"{agent.session}.jsonl").write_bytes(agent.bytes())
    (home / "tmp" / "project" / "logs.json").write_text(json.dumps([{"type": "user", "message": words()}]))


HOMES = {"codex": codex_home, "claude": claude_home, "gemini": gemini_home}


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


def ask(program: Program, name: str, **given: object) -> Json:
    answer: Json = json.loads(registry.invoke_json(program, name, json.dumps(given).encode()))
    return answer


def use_everything(program: Program, folder: Path) -> None:
    """What a user can do that reads logs or writes files."""
    ask(program, "ingest.refresh", wait=True)
    for provider in (None, *HOMES):
        assert ask(program, "dashboard.get", range="alltime", provider=provider)["errors"] == {}
        ask(program, "events.list", range="alltime", provider=provider)
        for row in ask(program, "sessions.list", range="alltime", provider=provider, limit=20)["rows"]:
            ask(program, "session.get", id=row["id"])
            ask(program, "session.timeline", id=row["id"])
    for name in ("app.state", "providers.list", "pricing.get", "storage.get", "homes.list", "diagnostics.lines"):
        ask(program, name)
    (folder / "diagnostics.txt").write_text(json.dumps(ask(program, "diagnostics.get")), encoding="utf-8")
    for what in ("events", "sessions", "days"):
        for kind in ("csv", "json"):
            keep(program, folder / f"{what}.{kind}", "export.start", range="alltime", what=what, format=kind)
    keep(program, folder / "backup.sqlite3", "storage.backup")
    (folder / "settings.json").write_bytes(download(program, ask(program, "settings.export")["download"]))


def keep(program: Program, target: Path, name: str, **given: object) -> None:
    """Run a task to its end and take the file that it made."""
    ask(program, name, **given)
    end = time.monotonic() + 60
    while (job := ask(program, "jobs.get")["job"])["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.01)
    assert job["state"] == "done", job
    target.write_bytes(download(program, job["result"]["download"]))


def download(program: Program, address: str) -> bytes:
    return program.transfers.fetch(address.rpartition("/")[2]).path.read_bytes()


def leaks(folder: Path) -> Iterator[str]:
    """Every needle in the name or the bytes of a file, whatever its encoding of text."""
    for path in (found for found in folder.rglob("*") if found.is_file()):
        data = path.read_bytes()
        for needle in NEEDLES:
            for form in (needle.encode(), needle.encode("utf-16-le")):
                at = data.find(form)
                if at >= 0 or needle in path.name:
                    yield f"{path.relative_to(folder)}: {data[max(0, at - 60) : at + 60]!r}"


def test_nothing_that_was_said_is_in_any_file(
    homes: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
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


def test_nothing_that_was_said_is_printed(homes: dict[str, Path], tmp_path: Path) -> None:
    """Also not with tracebacks; the commands write a ledger of their own."""
    folders = [part for name, home in homes.items() for part in (f"--{name}-home", str(home))]
    common = [*folders, "--data-dir", str(tmp_path / "data"), "--debug"]
    agent = "agent-a1"
    commands = (["report", "--by", "session"], ["report", "--by", "project", "--csv"], ["limits"], ["doctor"])
    for given in (*commands, ["doctor", "--json"], ["audit", agent, "--json"]):
        done = run(*given, *common)
        assert done.code == 0, done.err
        assert not [needle for needle in NEEDLES if needle in done.out + done.err]
    assert list(leaks(tmp_path)) == []
    assert environment()["PYTHONWARNINGS"] == "error"


def test_the_search_finds_what_is_there(homes: dict[str, Path]) -> None:
    """Every kind of secret is in the logs of every provider, in plain sight."""
    assert set(homes) == {provider.descriptor.id for provider in PROVIDERS}
    for home in homes.values():
        texts = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        for secret in SECRETS:
            assert json.dumps(secret)[1:-1].encode() in texts
        assert len(list(leaks(home))) > len(NEEDLES)
