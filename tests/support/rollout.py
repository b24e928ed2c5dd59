"""Writes Codex rollouts line by line, with the key order and the spacing of the real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START_MS = 1_783_735_200_000  # 2026-07-11T02:00:00Z
Json = Mapping[str, Any]


class Usage(NamedTuple):
    """A usage in the log's own terms: input includes cached and cache writes, output includes reasoning."""

    input: int = 0
    cached: int = 0
    write: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output

    def plus(self, other: Usage) -> Usage:
        return Usage(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: Usage) -> Usage:
        return Usage(*(a - b for a, b in zip(self, other, strict=True)))

    def json(self, total: int | None = None) -> dict[str, int]:
        return {
            "input_tokens": self.input,
            "cached_input_tokens": self.cached,
            "cache_write_input_tokens": self.write,
            "output_tokens": self.output,
            "reasoning_output_tokens": self.reasoning,
            "total_tokens": self.total if total is None else total,
        }


def usage(number: int) -> Usage:
    """The usage of some response; no two numbers give the same."""
    return Usage(1000 + number, 400 + number % 7, 0, 50 + number % 11, number % 5)


def iso(ms: int) -> str:
    """The time of a line."""
    return (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")[:-6] + "Z"


def uuid7(ms: int, number: int = 0) -> str:
    """A UUIDv7 of that millisecond."""
    text = f"{(ms << 80) | (0x7 << 76) | (0b10 << 62) | number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def dumps(value: object) -> str:
    """JSON in the form of the CLI: no spaces, no escapes that are not needed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Rollout:
    """A thread's log in the making. Every line is a second after the one before."""

    def __init__(self, start_ms: int = START_MS, number: int = 0, thread: str | None = None) -> None:
        self.thread = thread or uuid7(start_ms, number)
        self.start_ms = self.now_ms = start_ms
        self.lines: list[bytes] = []
        self.total = Usage()
        self._turns = 0

    # -- lines --------------------------------------------------------------------------------------------------

    def line(self, kind: str, payload: object, **extra: object) -> Self:
        """Any line; `extra` stands between the time and the type, as `ordinal` does."""
        return self.raw(dumps({"timestamp": iso(self.now_ms), **extra, "type": kind, "payload": payload}).encode())

    def raw(self, line: bytes, end: bytes = b"\n") -> Self:
        """Bytes as they are."""
        self.lines.append(line + end)
        self.now_ms += 1000
        return self

    def event(self, kind: str, **fields: object) -> Self:
        return self.line("event_msg", {"type": kind, **fields})

    def meta(self, **fields: object) -> Self:
        """The thread's own `session_meta`; `id` may be overridden by an ancestor's."""
        base = {"id": self.thread, "timestamp": iso(self.start_ms), "cwd": "/home/u/project", "originator": "codex-tui"}
        return self.line("session_meta", {**base, "cli_version": "0.144.0", "source": "cli", **fields})

    def turn(self, model: str | None = "gpt-5.5", effort: str | None = "medium", **fields: object) -> Self:
        """A `turn_context` with a turn id of this moment."""
        self._turns += 1
        base: dict[str, object] = {"turn_id": uuid7(self.now_ms, self._turns), "cwd": "/home/u/project"}
        if model is not None:
            base["model"] = model
        if effort is not None:
            base["effort"] = effort
        return self.line("turn_context", {**base, **fields})

    def settings(self, **fields: object) -> Self:
        return self.event("thread_settings_applied", thread_settings=fields)

    def prompt(self, text: str = "a prompt") -> Self:
        return self.event("user_message", message=text)

    # -- usage --------------------------------------------------------------------------------------------------

    def count(self, last: Usage, limits: Json | None = None, window: int = 258_400) -> Self:
        """A response: the counter advances."""
        self.total = self.total.plus(last)
        return self.counters(self.total.json(), last.json(), limits, window)

    def again(self, last: Usage, limits: Json | None = None) -> Self:
        """The same counters once more, as a limit update writes them."""
        return self.counters(self.total.json(), last.json(), limits)

    def counters(
        self, total: Json | None, last: Json | None, limits: Json | None = None, window: int = 258_400
    ) -> Self:
        """A `token_count` with these objects."""
        info: dict[str, object] = {}
        if total is not None:
            info["total_token_usage"] = total
        if last is not None:
            info["last_token_usage"] = last
        return self.event("token_count", info={**info, "model_context_window": window}, rate_limits=limits)

    def estimate(self, tokens: int = 9_000) -> Self:
        """What a compaction writes: the total unchanged but for a guess, no parts in the last."""
        return self.counters(self.total.json(), Usage().json(tokens))

    def limits_only(self, limits: Json | None = None) -> Self:
        return self.event("token_count", info=None, rate_limits=limits)

    def record(self, last: Usage, response: str, thread: str | None = None) -> Self:
        """A `token_usage_record`; it does not move the counter."""
        return self.line(
            "token_usage_record",
            {"thread_id": thread or self.thread, "response_id": response, "usage": last.json()},
        )

    def copy(self, other: Rollout, lines: Sequence[bytes] | None = None) -> Self:
        """Another thread's lines with new times, in one burst, as a fork writes them; its counters are taken over."""
        at = self.now_ms
        for line in other.lines if lines is None else lines:
            item = json.loads(line)
            self.raw(dumps({**item, "timestamp": iso(at)}).encode())
            self.now_ms = at
        self.total = other.total
        self.now_ms = at + 1000
        return self

    # -- the file -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        stamp = (EPOCH + timedelta(milliseconds=self.start_ms)).strftime("%Y-%m-%dT%H-%M-%S")
        return f"rollout-{stamp}-{self.thread}.jsonl"

    def bytes(self) -> bytes:
        return b"".join(self.lines)

    def path(self, home: Path, *, archived: bool = False) -> Path:
        day = (EPOCH + timedelta(milliseconds=self.start_ms)).strftime("%Y/%m/%d")
        return home / "archived_sessions" / self.name if archived else home / "sessions" / day / self.name

    def write(self, home: Path, *, archived: bool = False) -> Path:
        """Write the whole file and return its path."""
        path = self.path(home, archived=archived)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.bytes())
        return path


def session(responses: int = 3, start_ms: int = START_MS, number: int = 0, first: int = 0) -> Rollout:
    """A plain session of some responses, unlike any other with another `first`."""
    rollout = Rollout(start_ms, number).meta().turn()
    for response in range(first, first + responses):
        rollout.prompt().count(usage(response))
    return rollout
