"""The first reading of a home, and a report of a home that is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from _bench import OURS, Home, Setup, alternately, check
from _ccusage import COMMAND
from _dashboard import ledger_size
from _figures import Bar, Result, Samples, result
from _measure import Run, run
from gen_logs import MEGABYTE

RATIO = Bar(1.0, "ratio", COMMAND)
PEAK_MB = Bar(200.0)
REPORT_MS = Bar(350.0)
REPORT_MEGABYTES = 1100.0  # the bar is that of a gigabyte


def cold(setup: Setup, provider: str, size: int) -> Iterator[Result]:
    """From no ledger to the report, all bytes read and every response stored, then the same report again."""
    home = setup.corpus(size, provider=provider)
    what = f"{provider}, {size / 1000 / MEGABYTE:g} GB"
    yield first_reading(setup, home, f"first reading, {what}", RATIO)
    with setup.ledger(home) as (data, filled):
        if filled.peak_bytes:
            yield peak(setup, home, filled, f"peak memory of it, {what}", PEAK_MB)
        yield ledger_size(home, data, f"ledger, {what}")
        yield known(setup, home, data, f"report of a known home, {what}")


def beside(setup: Setup, provider: str, size: int) -> Iterator[Result]:
    """The same first reading, for programs that take so long that they are measured apart."""
    if not setup.programs:
        return
    home = setup.corpus(size, provider=provider)
    names = ", ".join(program.name for program in setup.programs)
    what = f"{provider}, {size / 1000 / MEGABYTE:g} GB, beside {names}"
    yield first_reading(setup, home, f"first reading, {what}")
    with setup.ledger(home) as (_, filled):
        if filled.peak_bytes:
            yield peak(setup, home, filled, f"peak memory of it, {what}")


def first_reading(setup: Setup, home: Home, name: str, bar: Bar | None = None) -> Result:
    """All programs in turn, after a reading that does not count."""
    setup.cold(home)
    times = alternately(setup.runs, {OURS: lambda: setup.cold(home), **setup.theirs(home)})
    ours = times.pop(OURS)
    note = f"{home.megabytes / ours.median * 1000:.0f} MB/s, {home.expected['files']} files"
    return result(name, "ms", ours, times, bar=bar, note=note)


def peak(setup: Setup, home: Home, filled: Run, name: str, bar: Bar | None = None) -> Result:
    """The most memory that all processes of a program hold at once."""
    ours = Samples.of([(filled.peak_bytes or 0) / MEGABYTE])
    return result(name, "MB", ours, dict(peaks(setup, home)), bar=bar)


def known(setup: Setup, home: Home, data: Path, name: str) -> Result:
    """A whole report process when nothing has changed."""

    def once() -> float:
        done = run(setup.ours(home, data), setup.environment)
        check(done.output, home.expected)
        return done.seconds

    once()
    quick = {name: ask for name, ask in setup.theirs(home).items() if name == COMMAND}
    times = alternately(setup.runs, {OURS: once, **quick})
    bar = REPORT_MS if home.megabytes <= REPORT_MEGABYTES else None
    return result(name, "ms", times.pop(OURS), times, bar=bar)


def peaks(setup: Setup, home: Home) -> Iterator[tuple[str, Samples]]:
    """How much memory the other programs' processes hold at most, in megabytes, once each."""
    for program in setup.programs:
        with setup.data() as work:
            peak = program.cold(home, work, memory=True).peak_bytes
        if peak:
            yield program.name, Samples.of([peak / MEGABYTE])
