"""A home of a heavy user that is known: what another look at it takes, and a line that is added to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from _appended import appended
from _bench import Home, Setup, check
from _cold import known
from _dashboard import ledger_size
from _figures import Bar, Result, Samples, result
from _measure import run
from gen_logs import MEGABYTE

FILES_PER_GIGABYTE = 1_400
HEAVY = 10_000 * MEGABYTE
RESCAN_MS = Bar(250.0)
PEAK_MB = Bar(300.0)


def heavy(setup: Setup, size: int) -> Home:
    """The home of the bars: 14,000 files in ten gigabytes."""
    if size < HEAVY:
        return setup.corpus(size)
    return setup.corpus(size, files=round(size / 1000 / MEGABYTE * FILES_PER_GIGABYTE))


def rescan(setup: Setup, size: int) -> Iterator[Result]:
    """Reports when nothing has changed since the last one, then appended lines."""
    home = heavy(setup, size)
    what = f"codex, {size / 1000 / MEGABYTE:g} GB"
    with setup.ledger(home) as (data, filled):
        if filled.peak_bytes:
            peak = Samples.of([filled.peak_bytes / MEGABYTE])
            yield result(f"peak memory of the first reading, {what}", "MB", peak, bar=PEAK_MB)
        yield ledger_size(home, data, f"ledger, {what}")
        scans = [scan_ms(setup, home, data) for _ in range(setup.runs + 1)][1:]
        note = f"{home.expected['files']} files; the scan alone"
        yield result(f"rescan when nothing changed, {what}", "ms", Samples.of(scans), bar=RESCAN_MS, note=note)
        yield known(setup, home, data, f"report of a known home, {what}")
        yield from appended(setup, home, data)


def scan_ms(setup: Setup, home: Home, data: Path) -> float:
    """What a report says of its scan."""
    done = run(setup.ours(home, data), setup.environment)
    check(done.output, home.expected)
    return float(json.loads(done.output)["scan"]["seconds"]) * 1000
