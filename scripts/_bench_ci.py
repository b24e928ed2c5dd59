"""The small form of the benchmark for CI: ratios on small corpora, held to the ones in bench_baseline.json.

A ratio is our time by that of another program on the same files in the same run, so it says the same on machines of any
speed: ccusage where npm can install it, else a reader in Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from _bench import OURS, Home, Setup, alternately, check
from _ccusage import COMMAND
from _measure import BenchError, Run, run
from gen_logs import MEGABYTE

BASELINE = Path(__file__).with_name("bench_baseline.json")
TOLERANCE = 1.25
PLAIN = "plain Python"
PEAK_MEGABYTES = 200.0
Ratios = dict[str, dict[str, float]]


@dataclass
class PlainReader:
    """_plain_reader.py as a program."""

    environment: dict[str, str]
    name: str = PLAIN

    def cold(self, home: Home, work: Path, *, memory: bool = False) -> Run:
        """A process that reads everything and keeps nothing."""
        script = Path(__file__).with_name("_plain_reader.py")
        return run([sys.executable, str(script), home.provider, str(home.folder)], self.environment, memory=memory)


def homes(setup: Setup) -> Iterator[tuple[str, Home]]:
    """Few responses in many bytes for each provider, and many in few."""
    yield "codex", setup.corpus(100 * MEGABYTE)
    yield "claude", setup.corpus(100 * MEGABYTE, provider="claude")
    yield "codex, many responses", setup.corpus(60 * MEGABYTE, name="thin", thin=True)


def measures(setup: Setup) -> dict[str, Callable[[], dict[str, float]]]:
    """By name, how to get the ratios of each measure to every other program."""
    found: dict[str, Callable[[], dict[str, float]]] = {}
    for name, home in homes(setup):
        found[f"first reading, {name}"] = partial(first_reading, setup, home)
        found[f"known, {name}"] = partial(known, setup, home)
    return found


def first_reading(setup: Setup, home: Home) -> dict[str, float]:
    """From no ledger to the report."""
    setup.cold(home)
    return ratios(setup, home, lambda: setup.cold(home))


def known(setup: Setup, home: Home) -> dict[str, float]:
    """A report when nothing has changed."""
    with setup.ledger(home) as (data, filled):
        if filled.peak_bytes and filled.peak_bytes > PEAK_MEGABYTES * MEGABYTE:
            raise BenchError(f"{home.folder.name}: {filled.peak_bytes / MEGABYTE:.0f} MB at once are too many")

        def once() -> float:
            done = run(setup.ours(home, data), setup.environment)
            check(done.output, home.expected)
            return done.seconds

        once()
        return ratios(setup, home, once)


def ratios(setup: Setup, home: Home, once: Callable[[], float]) -> dict[str, float]:
    """Ours by theirs, medians of runs in turn."""
    times = alternately(setup.runs, {OURS: once, **setup.theirs(home)})
    ours = times.pop(OURS)
    return {name: round(ours.median / samples.median, 3) for name, samples in times.items()}


def regressions(found: Mapping[str, Mapping[str, float]], kept: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Which measures are worse than allowed, and how; judged by ccusage where it ran, else by the plain reader."""
    bad = {}
    for name, measured in found.items():
        against = COMMAND if COMMAND in measured else PLAIN
        now, before = measured[against], kept.get(name, {}).get(against)
        if before is None:
            bad[name] = f"no ratio to {against} is kept; run with --ci --accept"
        elif now > before * TOLERANCE:
            bad[name] = f"{now:.2f}x of {against}, kept {before:.2f}x, allowed {before * TOLERANCE:.2f}x"
    return bad


def judge(setup: Setup, *, accept: bool = False, baseline: Path = BASELINE) -> int:
    """Measures, and again what looks worse; 1 when that is worse both times."""
    setup.programs = [
        *(program for program in setup.programs if program.name == COMMAND),
        PlainReader(setup.environment),
    ]
    ways = measures(setup)
    found = {name: say(name, once()) for name, once in ways.items()}
    if accept:
        baseline.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return 0
    try:
        kept = msgspec.json.decode(baseline.read_bytes(), type=Ratios)
    except (OSError, msgspec.MsgspecError) as error:
        raise BenchError(f"{baseline} cannot be read: {error}") from error
    again = {name: say(f"again: {name}", ways[name]()) for name in regressions(found, kept)}
    bad = regressions(again, kept)
    for name, why in bad.items():
        print(f"worse: {name}: {why}")
    return int(bool(bad))


def say(name: str, found: dict[str, float]) -> dict[str, float]:
    """Prints the ratios of a measure."""
    print(f"{name:<42}" + "  ".join(f"{ratio:6.2f}x of {other}" for other, ratio in found.items()), flush=True)
    return found
