"""The published benchmark: Tokendial on generated logs, and ccusage and agentsview on the same ones in turn.

`.venv/bin/python scripts/bench.py` measures everything (half an hour, 30 GB of logs that are made once and kept in
.tools/bench); `--only` names parts; `--ci` is the small form. Each bar stands beside its figure, and the exit code is 1
when one is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import _agentsview
import _bench_ci
import _ccusage
from _bench import Program, Setup
from _cold import cold
from _dashboard import dashboard
from _figures import Document, Part, Result, read, write
from _growth import SIZES, point, rules
from _machine import commit, machine, use_cores, versions
from _measure import BenchError
from _painted import painted
from _published import curve, line, rewrite, section
from _rescan import HEAVY, rescan
from _statusline import statusline
from gen_logs import parse_size

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
PARTS = ("cold", "claude", "rescan", "dashboard", "start", "statusline", "growth")


def parts(setup: Setup, options: argparse.Namespace) -> dict[str, Callable[[], Iterator[Result]]]:
    """What each part measures."""

    def each(measure: Callable[..., Iterator[Result]], *before: object, values: Sequence[int]) -> Iterator[Result]:
        for value in values:
            yield from measure(setup, *before, value)

    return {
        "cold": lambda: each(cold, "codex", values=options.size),
        "claude": lambda: each(cold, "claude", values=options.size),
        "rescan": lambda: rescan(setup, options.heavy),
        "dashboard": lambda: each(dashboard, values=options.events),
        "start": lambda: painted(setup, options.events[0]),
        "statusline": lambda: statusline(setup, options.events[0]),
    }


def measure(setup: Setup, options: argparse.Namespace, document: Document) -> None:
    """Runs the parts, each printed as it comes and kept in the document."""
    known = parts(setup, options)
    for name in options.only:
        part = document.parts[name] = Part(time.strftime("%Y-%m-%d", time.gmtime()), commit())
        if name == "growth":
            part.curve = [point(setup, size) for size in options.growth]
            print("\n".join(curve(part.curve)), flush=True)
        for result in rules(part.curve) if name == "growth" else known[name]():
            part.results.append(result)
            print(line(result), flush=True)
    document.parts = {name: document.parts[name] for name in PARTS if name in document.parts}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure Tokendial, and other programs beside it.")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="the parts to measure")
    parser.add_argument(
        "--size", type=parse_size, nargs="+", default=SIZES[1:3], help="of the first readings (1GB 3GB)"
    )
    parser.add_argument("--heavy", type=parse_size, default=HEAVY, help="of the rescan (10GB in 14,000 files)")
    parser.add_argument("--growth", type=parse_size, nargs="+", default=SIZES, help="of the curve (100MB 1GB 3GB 10GB)")
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000], help="in the ledgers")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cores", type=int, default=2, help="that all programs may use (Linux)")
    parser.add_argument("--without", choices=("ccusage", "agentsview"), nargs="+", default=[], help="is not compared")
    parser.add_argument("--work", type=Path, default=TOOLS / "bench", help="where the corpora are kept")
    parser.add_argument("--json", type=Path, help="keep the results here; parts that it has and are not run stay")
    parser.add_argument("--readme", action="store_true", help="rewrite the section of the README")
    parser.add_argument("--ci", action="store_true", help="the small form, against the ratios that are kept")
    parser.add_argument("--accept", action="store_true", help="with --ci: keep these ratios instead")
    return parser.parse_args()


def prepare(options: argparse.Namespace) -> tuple[Setup, dict[str, str]]:
    """The programs to compare with, and their versions."""
    options.work.mkdir(parents=True, exist_ok=True)
    use_cores(options.cores)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled modules from the second start on
    programs: list[Program] = []
    found = {"ccusage": "", "agentsview": ""}
    if "ccusage" not in options.without:
        installed, found["ccusage"] = _ccusage.install(TOOLS, environment)
        programs += installed
    if "agentsview" not in options.without and not options.ci:
        viewer = _agentsview.install(TOOLS, environment)
        programs += [viewer] if viewer else []
        found["agentsview"] = _agentsview.AGENTSVIEW if viewer else ""
    return Setup(options.work, options.runs, programs, environment), found


def main() -> int:
    """Runs the measurements and says whether every bar is met."""
    options = arguments()
    setup, others = prepare(options)
    if options.ci:
        return _bench_ci.judge(setup, accept=options.accept)
    document = Document(machine(options.work), versions(others))
    if options.json and options.json.exists():
        before = read(options.json)
        document.parts, setup.recipes = before.parts, before.recipes
    measure(setup, options, document)
    document.recipes = setup.recipes
    if options.json:
        write(options.json, document)
    if options.readme:
        rewrite(ROOT / "README.md", section(document))
    missed = [found.name for name in options.only for found in document.parts[name].results if found.met is False]
    print(f"missed: {'; '.join(missed)}" if missed else "every bar that was measured is met")
    return int(bool(missed))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench: {error}")
