"""Invented sessions as Claude Code writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tokendial.providers.samples import SampleResponse, SampleSession, choose, iso, write_lines

_MODELS = {"claude-opus-4-5-20251101": 40, "claude-sonnet-4-5-20250929": 45, "claude-haiku-4-5-20251001": 15}


def write(home: Path, session: SampleSession) -> None:
    """A transcript in the folder of its project."""
    folder = session.project.replace("/", "-")
    write_lines(home / "projects" / folder / f"{session.id}.jsonl", _lines(session))


def _lines(session: SampleSession) -> Iterator[dict[str, object]]:
    every: dict[str, object] = {
        "isSidechain": False,
        "userType": "external",
        "cwd": session.project,
        "sessionId": session.id,
    }
    every = {**every, "version": "2.0.74", "gitBranch": "main"}
    model = choose(session.pick * 37 % 100, _MODELS)
    yield {"type": "custom-title", "customTitle": session.title, "sessionId": session.id}
    for number, response in enumerate(session.responses):
        identity = f"{session.number:06x}{number:06x}"
        if response.prompt:
            said = {"role": "user", "content": "A sample prompt."}
            at = iso(response.time_ms - 500)
            yield {**every, "type": "user", "message": said, "uuid": f"p{identity}", "timestamp": at}
        message: dict[str, object] = {
            "model": model,
            "id": f"msg_{identity}",
            "type": "message",
            "role": "assistant",
            "content": [],
        }
        message |= {"stop_reason": "end_turn", "usage": _usage(response)}
        line = {**every, "type": "assistant", "message": message, "requestId": f"req_{identity}"}
        yield {**line, "uuid": f"a{identity}", "timestamp": iso(response.time_ms)}


def _usage(response: SampleResponse) -> dict[str, object]:
    """Most of what is new is written to a cache: for five minutes, in some sessions for an hour."""
    written = response.fresh * 9 // 10
    hour = written // 4
    kept = {"ephemeral_5m_input_tokens": written - hour, "ephemeral_1h_input_tokens": hour}
    return {
        "input_tokens": response.fresh - written,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": response.cached,
        "cache_creation": kept,
        "output_tokens": response.output,
        "service_tier": "standard",
    }
