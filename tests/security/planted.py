"""Logs of every provider with a marked text, and one of twelve kinds of secrets, at every place where text stands."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.support.gemini_logs import Talk
from tests.support.rollout import Rollout, dumps, usage, uuid7
from tests.support.transcript import Transcript

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
SECRET_NEEDLES = ("Zq9", "ZQ9", "zquser")
NEEDLES = (MARK, *SECRET_NEEDLES, "zq.example")
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
