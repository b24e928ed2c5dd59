"""The benchmark as text: a table for the terminal, and the section of the README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from _figures import Document, Point, Result, Samples
from _measure import BenchError

BEGIN, END = "<!-- measured: begin (scripts/bench.py --readme) -->", "<!-- measured: end -->"


def amount(value: float, unit: str) -> str:
    """With its unit, as a person reads it."""
    if unit == "ms" and value >= 1000:
        return f"{value / 1000:.2f} s"
    return f"{value:.2f}x" if unit == "x" else f"{value:.0f} {unit}"


def spread(samples: Samples, unit: str) -> str:
    """The median, and the extremes where there are any."""
    if len(samples.runs) == 1:
        return amount(samples.median, unit)
    return f"{amount(samples.median, unit)} ({amount(samples.low, unit)} to {amount(samples.high, unit)})"


def bar(result: Result) -> str:
    """What it may be at most."""
    if result.bar is None:
        return ""
    if result.bar.of == "ratio":
        return f"{result.bar.limit:.1f}x of {result.bar.against}"
    return amount(result.bar.limit, result.unit) + (" (p95)" if result.bar.of == "p95" else "")


def judgement(result: Result) -> str:
    """What the bar judged, and whether it is met."""
    if result.bar is None:
        return ""
    if result.value is None:
        return "not measured"
    unit = "x" if result.bar.of == "ratio" else result.unit
    return f"{amount(result.value, unit)} {'met' if result.met else 'MISSED'}"


def line(result: Result) -> str:
    """For the terminal."""
    others = "; ".join(
        f"{name} {spread(samples, result.unit)}: {result.ratios[name]:.2f}x" for name, samples in result.theirs.items()
    )
    bars = f"bar {bar(result)}: {judgement(result)}" if result.bar else ""
    parts = [f"{result.name:<52} {spread(result.ours, result.unit)}", bars, others, result.note]
    return "  ".join(part for part in parts if part).rstrip()


def curve(points: Iterable[Point]) -> Iterator[str]:
    """The growth as a table in Markdown."""
    yield "| logs | files | responses | first reading | rescan | dashboard.get | peak memory | ledger, per response |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for at in points:
        times = " | ".join(amount(value, "ms") for value in (at.cold, at.rescan, at.dashboard))
        sizes = f"{amount(at.peak, 'MB')} | {amount(at.bytes_per_event, 'B')}"
        yield f"| {at.megabytes / 1000:.1f} GB | {at.files:,} | {at.events:,} | {times} | {sizes} |"


def section(document: Document) -> str:
    """The whole section, without its heading."""
    results = [found for part in document.parts.values() for found in part.results]
    points = [at for part in document.parts.values() for at in part.curve]
    judged = [found for found in results if found.bar]
    compared = [found for found in results if found.theirs]
    lines = [_when(document), ""]
    lines += ["| measure | bar | measured | result |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.name} | {bar(r)} | {spread(r.ours, r.unit)} | {judgement(r)} |" for r in judged]
    if compared:
        names = list(dict.fromkeys(name for found in compared for name in found.theirs))
        lines += ["", f"| beside the others | Tokendial | {' | '.join(names)} |", "| --- " * (len(names) + 2) + "|"]
        lines += [f"| {r.name} | {amount(r.ours.median, r.unit)} | {' | '.join(_beside(r, names))} |" for r in compared]
    if points:
        lines += ["", *curve(points)]
    lines += ["", *_basis(document)]
    return "\n".join(lines)


def _when(document: Document) -> str:
    days = sorted(part.day for part in document.parts.values())
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    runs = max((len(r.ours.runs) for part in document.parts.values() for r in part.results if r.theirs), default=0)
    return (
        f"Measured on {when}. Medians of {runs} runs with the fastest and the slowest one; programs that are compared "
        "ran in turn on the same files, and a ratio below 1 means that Tokendial is faster, or takes less."
    )


def _beside(result: Result, names: list[str]) -> Iterator[str]:
    for name in names:
        samples = result.theirs.get(name)
        yield f"{amount(samples.median, result.unit)}, {result.ratios[name]:.2f}x" if samples else ""


def _basis(document: Document) -> Iterator[str]:
    yield "; ".join(f"{name}: {value}" for name, value in document.machine.items()) + "."
    yield ", ".join(f"{name} {value}" for name, value in document.versions.items()) + "."
    yield ""
    yield "Corpora are made by `scripts/gen_logs.py` and hold what real logs hold; each report is checked to the token."
    yield ""
    yield "```"
    yield from (recipe for _, recipe in sorted(document.recipes.items()))
    yield "```"


def rewrite(readme: Path, text: str) -> None:
    """Puts the section between the two marks of the README."""
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise BenchError(f"{readme} has no place for the measurements")
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
