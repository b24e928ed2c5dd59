"""Invented sessions as Gemini CLI writes them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tokendial.providers.samples import SampleResponse, SampleSession, choose, day_of, iso

_MODELS = {"gemini-2.5-pro": 60, "gemini-2.5-flash": 40}


def write(home: Path, session: SampleSession) -> None:
    """A conversation in the folder of its project, which says which project that is."""
    digest = sha256(session.project.encode()).hexdigest()
    folder = home / "tmp" / digest
    (folder / "chats").mkdir(parents=True, exist_ok=True)
    (folder / ".project_root").write_text(session.project, encoding="utf-8")
    name = f"session-{day_of(session.start_ms):%Y-%m-%dT%H-%M}-{session.number:08x}.json"
    model, messages = choose(session.pick * 37 % 100, _MODELS), list[dict[str, object]]()
    for number, response in enumerate(session.responses):
        if response.prompt:
            said = {"id": f"{session.id}-u{number}", "timestamp": iso(response.time_ms - 500), "type": "user"}
            messages.append({**said, "content": "A sample prompt."})
        head = {"id": f"{session.id}-{number}", "timestamp": iso(response.time_ms), "type": "gemini", "content": ""}
        messages.append({**head, "model": model, "tokens": _tokens(response)})
    times = {"startTime": iso(session.start_ms), "lastUpdated": iso(session.responses[-1].time_ms)}
    conversation = {"sessionId": session.id, "projectHash": digest, **times, "messages": messages}
    (folder / "chats" / name).write_text(json.dumps(conversation), encoding="utf-8")


def _tokens(response: SampleResponse) -> dict[str, int]:
    _, fresh, cached, output, thoughts, _ = response
    counts = {"input": fresh + cached, "output": output - thoughts, "cached": cached, "thoughts": thoughts, "tool": 0}
    return {**counts, "total": fresh + cached + output}
