"""Figures of the benchmark: samples, what they are judged by, and the document that keeps them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from _measure import BenchError

FORMAT = 1


class Samples(msgspec.Struct, frozen=True):
    """What was measured, in order, and its middle, extremes and 95th percentile (nearest rank)."""

    median: float
    low: float
    high: float
    p95: float
    runs: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> Samples:
        """At least one value."""
        runs = tuple(round(value, 3) for value in values)
        ranked = sorted(runs)
        late = ranked[max(0, -(-95 * len(ranked) // 100) - 1)]
        return cls(statistics.median(runs), ranked[0], ranked[-1], late, runs)


class Bar(msgspec.Struct, frozen=True):
    """What a figure may be at most: its median, its 95th percentile, or its ratio to the program `against`."""

    limit: float
    of: Literal["median", "p95", "ratio"] = "median"
    against: str = ""


class Result(msgspec.Struct, frozen=True):
    """One figure, with the other programs' ones; `ratios` are ours by theirs, `value` is what the bar judges."""

    name: str
    unit: str
    ours: Samples
    theirs: dict[str, Samples] = {}
    ratios: dict[str, float] = {}
    bar: Bar | None = None
    value: float | None = None
    met: bool | None = None
    note: str = ""


class Point(msgspec.Struct, frozen=True):
    """A corpus of the growth curve; times are medians in milliseconds, memory in megabytes."""

    megabytes: float
    files: int
    events: int
    cold: float
    rescan: float
    dashboard: float
    peak: float
    bytes_per_event: float


class Part(msgspec.Struct):
    """What one part of the benchmark found, on a day (UTC) and for a state of the sources."""

    day: str
    commit: str
    results: list[Result] = []
    curve: list[Point] = []


class Document(msgspec.Struct):
    """Everything that is published."""

    machine: dict[str, str]
    versions: dict[str, str]
    recipes: dict[str, str] = {}
    parts: dict[str, Part] = {}
    format: int = FORMAT


def result(
    name: str,
    unit: str,
    ours: Samples,
    theirs: Mapping[str, Samples] | None = None,
    *,
    bar: Bar | None = None,
    note: str = "",
) -> Result:
    """A figure with its ratios and its judgement; a bar against a program that was not run stays open."""
    theirs = dict(theirs or {})
    ratios = {other: round(ours.median / samples.median, 3) for other, samples in theirs.items()}
    value = None
    if bar is not None:
        value = {"median": ours.median, "p95": ours.p95, "ratio": ratios.get(bar.against)}[bar.of]
    met = None if bar is None or value is None else value <= bar.limit
    return Result(name, unit, ours, theirs, ratios, bar, value, met, note)


def read(path: Path) -> Document:
    """A document that was written before."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Document)
    except (OSError, msgspec.MsgspecError) as error:
        raise BenchError(f"{path} cannot be read: {error}") from error


def write(path: Path, document: Document) -> None:
    """Indented, so that two can be compared."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")
