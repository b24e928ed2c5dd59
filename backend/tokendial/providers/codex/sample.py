"""Invented sessions as Codex CLI writes them, with the limits of a plan."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from tokendial.providers.samples import SampleResponse, SampleSession, choose, day_of, iso, write_lines

_MODELS = {"gpt-5.5": 50, "gpt-5-codex": 30, "gpt-5-mini": 12, "local-proxy-7b": 8}
_EFFORTS = {"medium": 50, "high": 30, "low": 20}
_ORIGINATORS = {"codex-tui": 50, "codex_vscode": 40, "codex_exec": 10}
_WINDOW = 258_400


def write(home: Path, session: SampleSession) -> None:
    """A rollout, and its title in the index."""
    begun = day_of(session.start_ms)
    name = f"rollout-{begun:%Y-%m-%dT%H-%M-%S}-{session.id}.jsonl"
    write_lines(home / "sessions" / f"{begun:%Y/%m/%d}" / name, _lines(session))
    entry = {"id": session.id, "thread_name": session.title, "updated_at": iso(session.start_ms)}
    with (home / "session_index.jsonl").open("a", encoding="utf-8") as index:
        index.write(json.dumps(entry) + "\n")


def _lines(session: SampleSession) -> Iterator[dict[str, object]]:
    def line(at_ms: int, kind: str, payload: dict[str, object]) -> dict[str, object]:
        return {"timestamp": iso(at_ms), "type": kind, "payload": payload}

    start, place = session.start_ms, {"cwd": session.project}
    originator = choose(session.pick * 7 % 100, _ORIGINATORS)
    meta = {"id": session.id, "timestamp": iso(start), **place, "originator": originator, "cli_version": "0.144.0"}
    yield line(start, "session_meta", {**meta, "source": "cli", "git": {"branch": "main"}})
    effort = choose(session.pick * 3 % 100, _EFFORTS)
    yield line(start, "turn_context", {**place, "model": choose(session.pick * 37 % 100, _MODELS), "effort": effort})
    total = _usage(SampleResponse(0, 0, 0, 0, 0, prompt=False))
    for response in session.responses:
        if response.prompt:
            yield line(response.time_ms - 500, "event_msg", {"type": "user_message", "message": "A sample prompt."})
        last = _usage(response)
        total = {name: count + last[name] for name, count in total.items()}
        info = {"total_token_usage": total, "last_token_usage": last, "model_context_window": _WINDOW}
        limits = _limits(response.time_ms)
        yield line(response.time_ms, "event_msg", {"type": "token_count", "info": info, "rate_limits": limits})


def _usage(response: SampleResponse) -> dict[str, int]:
    _, fresh, cached, output, reasoning, _ = response
    counts = {"input_tokens": fresh + cached, "cached_input_tokens": cached, "output_tokens": output}
    return {**counts, "reasoning_output_tokens": reasoning, "total_tokens": fresh + cached + output}


def _limits(at_ms: int) -> dict[str, object]:
    """Both windows as they might stand: each grows over its length and begins anew."""
    found: dict[str, object] = {"limit_id": "codex", "plan_type": "plus"}
    for name, minutes, most in (("primary", 300, 78.0), ("secondary", 10_080, 61.0)):
        length = minutes * 60_000
        used = round(most * math.sqrt(at_ms % length / length), 1)
        resets = (at_ms // length + 1) * length // 1000
        found[name] = {"used_percent": used, "window_minutes": minutes, "resets_at": resets}
    return found
