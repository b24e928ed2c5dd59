"""Measures Tokendial on generated logs, and ccusage on the same ones in turn: `.venv/bin/python scripts/bench.py`.

Corpora are made once and kept in .tools/bench. Every figure is the median of the runs (five by default).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from _appended import appended
from _bench import Result, Setup, against, alternately, check, serve, wait_for_scan
from _ccusage import install
from _measure import BenchError, median, run
from _price_edits import price_edits
from _statusline import statusline
from gen_logs import MEGABYTE, parse_size

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


def cold_ingest(setup: Setup, size: int) -> Iterator[Result]:
    """From no ledger to the report: all bytes are read and every response is stored."""
    home, expected = setup.corpus("cold", size)

    def once() -> float:
        with setup.data() as data:
            done = run(setup.ours(home, data), setup.environment)
        check(done.output, expected)
        return done.seconds

    once()
    mine, command, native = alternately(setup, home, once)
    speed = f"{expected['bytes'] / MEGABYTE / mine * 1000:.0f} MB/s, {expected['files']} files"
    yield against("cold ingest, whole process", mine, command, speed)
    if native:
        yield against("cold ingest, whole process", mine, native, "its native program without the launcher")
    with setup.data() as data:
        peak = run(setup.ours(home, data), setup.environment, memory=True).peak_bytes
    their_peak = None
    if setup.ccusage:
        their_peak = setup.ccusage.run(setup.ccusage.native, home, setup.environment, memory=True).peak_bytes
    if peak:
        theirs = their_peak / MEGABYTE if their_peak else None
        yield Result(
            "cold ingest, peak memory of the tree", "MB", peak / MEGABYTE, theirs, note="proportional set size"
        )


def rescan(setup: Setup, files: int) -> Iterator[Result]:
    """A report when nothing has changed since the last one."""
    home, expected = setup.corpus(f"many-{files}", files * 50_000, files=files)
    with setup.data() as data:
        run(setup.ours(home, data), setup.environment)

        scans: list[float] = []

        def once() -> float:
            done = run(setup.ours(home, data), setup.environment)
            check(done.output, expected)
            scans.append(json.loads(done.output)["scan"]["seconds"] * 1000)
            return done.seconds

        mine, command, _ = alternately(setup, home, once)
        yield Result(f"rescan of {files} unchanged files", "ms", median(scans), note="the scan itself")
        yield against("a report after it, whole process", mine, command, "")
        yield from appended(setup, home, data)


def size_of(events: int) -> int:
    """The bytes of thin logs that hold about so many responses."""
    return round(events / 610) * MEGABYTE


def dashboard(setup: Setup, events: int) -> Iterator[Result]:
    """The whole overview in one call, over a large ledger."""
    home, expected = setup.corpus(f"events-{events}", size_of(events), days=365, thin=True)
    with setup.data() as data:
        done = run(setup.ours(home, data), setup.environment)
        check(done.output, expected)
        with serve(setup, home, data) as served:
            wait_for_scan(served)
            for name in ("alltime", "last30days"):
                times = []
                for _ in range(setup.runs + 1):
                    began = time.perf_counter()
                    served.ask("dashboard.get", {"range": name})
                    times.append((time.perf_counter() - began) * 1000)
                note = f"{expected['totals']['events']} events; first call {times[0]:.0f} ms"
                yield Result(f"dashboard, {name}", "ms", median(times[1:]), note=note)
            name, note, slowest, preview = price_edits(served, setup.runs)
            yield Result(name, "ms", slowest, note=note)
            yield Result("preview of a price edit", "ms", preview)


def table(results: list[Result]) -> str:
    """The results as text."""
    lines = [f"{'':<40}{'Tokendial':>12}{'ccusage':>12}{'ratio':>8}"]
    for result in results:
        theirs = f"{result.theirs:9.1f} {result.unit}" if result.theirs is not None else ""
        ratio = f"{result.ratio:.2f}" if result.ratio is not None else ""
        lines.append(f"{result.name:<40}{result.ours:9.1f} {result.unit}{theirs:>12}{ratio:>8}  {result.note}".rstrip())
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure Tokendial, and ccusage beside it.")
    parser.add_argument("--size", type=parse_size, default=1_000 * MEGABYTE, help="bytes of the cold ingest (1GB)")
    parser.add_argument("--files", type=int, default=14_000, help="files of the rescan")
    parser.add_argument("--events", type=int, default=1_000_000, help="responses in the ledger of the dashboard")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=("cold", "rescan", "dashboard", "statusline"), help="one measurement")
    parser.add_argument("--work", type=Path, default=TOOLS / "bench", help="where the corpora are kept")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    return parser.parse_args()


def main() -> int:
    """Runs the measurements and prints the table."""
    options = arguments()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled modules from the second start on
    setup = Setup(options.work, options.runs, install(TOOLS), environment)
    parts: dict[str, Callable[[], Iterator[Result]]] = {
        "cold": lambda: cold_ingest(setup, options.size),
        "rescan": lambda: rescan(setup, options.files),
        "dashboard": lambda: dashboard(setup, options.events),
        "statusline": lambda: statusline(setup, options.events, size_of(options.events)),
    }
    results: list[Result] = []
    for name, part in parts.items():
        if options.only in (None, name):
            for result in part():
                results.append(result)
                print(table([result]).splitlines()[1], file=sys.stderr, flush=True)
    print(table(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench: {error}")
