"""Invented sessions for the sample data, before a provider writes them as its own logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SampleResponse(NamedTuple):
    """One response: fresh and cached tokens of its prompt, its output with reasoning inside, new prompt or not."""

    time_ms: int
    fresh: int
    cached: int
    output: int
    reasoning: int
    prompt: bool


class SampleSession(NamedTuple):
    """A session; `pick` (0 to 99) is what its model, effort and the like are chosen by."""

    number: int
    pick: int
    title: str
    project: str
    responses: list[SampleResponse]

    @property
    def start_ms(self) -> int:
        """A second before its first response."""
        return self.responses[0].time_ms - 1000

    @property
    def id(self) -> str:
        """Its id: a UUIDv7 of its start."""
        text = f"{(self.start_ms << 80) | (0x7 << 76) | (0b10 << 62) | self.number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


SampleWriter = Callable[[Path, SampleSession], None]


def choose(pick: int, weighted: Mapping[str, int]) -> str:
    """One of some names by their weights, which add up to 100."""
    for name, weight in weighted.items():
        pick -= weight
        if pick < 0:
            return name
    return next(iter(weighted))


def iso(ms: int) -> str:
    """The time of a line."""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")[:-6] + "Z"


def day_of(ms: int) -> datetime:
    """The moment as a date."""
    return _EPOCH + timedelta(milliseconds=ms)


def write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
