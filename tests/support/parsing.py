"""Parses rollouts without a ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.support.quick import assert_equal, read_quickly
from tests.support.rollout import Rollout

from tokendial.domain.records import Labels, ParsedFile, UsageRecord
from tokendial.ingest.reader import feed_lines
from tokendial.providers.codex import CODEX


class Spent(NamedTuple):
    """What was used, in the log's own terms."""

    input: int = 0
    cached: int = 0
    write: int = 0
    output: int = 0
    reasoning: int = 0

    @classmethod
    def of(cls, event: UsageRecord) -> Spent:
        given = event.input + event.cache_read + event.cache_write
        return cls(given, event.cache_read, event.cache_write, event.output, event.reasoning)

    def plus(self, other: Iterable[int]) -> Spent:
        return Spent(*(a + b for a, b in zip(self, other, strict=True)))


class Found(NamedTuple):
    """What a parser found, with its labels resolved."""

    parsed: ParsedFile
    events: list[UsageRecord]

    @property
    def spent(self) -> list[Spent]:
        return [Spent.of(event) for event in self.events]

    @property
    def labels(self) -> list[Labels]:
        return [self.parsed.labels[event.labels] for event in self.events]

    @property
    def refused(self) -> dict[str, int]:
        return {reason: tally.records for reason, tally in self.parsed.refused.items()}

    @property
    def audit(self) -> dict[str, int]:
        return {kind: tally.records for kind, tally in self.parsed.audit.items()}


def parse(rollout: Rollout | bytes, path: str = "", chunks: Iterator[bytes] | None = None) -> Found:
    """Parse a rollout from its start. What the quick parser can read, it must read alike."""
    if isinstance(rollout, Rollout):
        path, data = rollout.name, rollout.bytes()
    else:
        data = rollout
    path, now = path or Rollout().name, now_ms()
    parser = CODEX.logs.parser(path, now, None)
    feed_lines(parser, iter([data]) if chunks is None else chunks, 0)
    parsed = parser.finish()
    if quick := read_quickly([data], path, now):
        assert_equal(quick, parsed)
    return Found(parsed, [UsageRecord(*event) for event in parsed.events])


def now_ms() -> int:
    return int(time.time() * 1000)


def sums(found: Found) -> dict[str, Spent]:
    """What each model used; `?` where the log names none."""
    totals: dict[str, Spent] = {}
    for event, label in zip(found.events, found.labels, strict=True):
        model = "?" if event.flags & 4 else label.model
        totals[model] = totals.get(model, Spent()).plus(Spent.of(event))
    return totals


def tally(values: Iterable[str]) -> Counter[str]:
    return Counter(values)
