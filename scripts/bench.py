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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import _agentsview
import _bench_ci
import _ccusage
from _bench import Setup
from _cold import beside, cold
from _dashboard import dashboard
from _figures import Document, Part, Result, read, write
from _growth import SIZES, point, rules
from _machine import commit, machine, use_cores, versions
from _measure import BenchError
from _painted import painted
from _published import curve, line, rewrite, section
from _rescan import HEAVY, rescan
from _statusline import statusline
from gen_logs import GENERATORS, parse_size

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
PARTS = ("cold", "claude", "agentsview", "rescan", "dashboard", "start", "statusline", "growth")


def parts(setup: Setup, viewer: Setup, options: argparse.Namespace) -> dict[str, Callable[[], Iterator[Result]]]:
    """What each part measures; `viewer` compares with agentsview."""

    def each(measure: Callable[..., Iterator[Result]], *before: object, values: Iterable[object]) -> Iterator[Result]:
        for value in values:
            yield from measure(*before, value)

    return {
        "cold": lambda: each(cold, setup, "codex", values=options.size),
        "claude": lambda: each(cold, setup, "claude", values=options.size),
        "agentsview": lambda: (found for name in GENERATORS for found in beside(viewer, name, options.size[0])),
        "rescan": lambda: rescan(setup, options.heavy),
        "dashboard": lambda: each(dashboard, setup, values=options.events),
        "start": lambda: painted(setup, options.events[0]),
        "statusline": lambda: statusline(setup, options.events[0]),
    }


def measure(setup: Setup, viewer: Setup, options: argparse.Namespace, document: Document) -> None:
    """Runs the parts, each printed as it comes and kept in the document."""
    known = parts(setup, viewer, options)
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


def prepare(options: argparse.Namespace) -> tuple[Setup, Setup, dict[str, str]]:
    """What to compare with ccusage and what with agentsview, and their versions; empty where one is not there."""
    options.work.mkdir(parents=True, exist_ok=True)
    use_cores(options.cores)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled modules from the second start on
    setup = Setup(options.work, options.runs, [], environment)
    viewer = replace(setup, programs=[])
    found = {"ccusage": "", "agentsview": ""}
    if "ccusage" not in options.without:
        installed, found["ccusage"] = _ccusage.install(TOOLS, environment)
        setup.programs += installed
    if "agentsview" not in options.without and "agentsview" in options.only and not options.ci:
        other = _agentsview.install(TOOLS, environment)
        viewer.programs += [other] if other else []
        found["agentsview"] = _agentsview.AGENTSVIEW if other else ""
    return setup, viewer, found


def main() -> int:
    """Runs the measurements and says whether every bar is met."""
    options = arguments()
    setup, viewer, others = prepare(options)
    if options.ci:
        return _bench_ci.judge(setup, accept=options.accept)
    document = Document(machine(options.work), versions(others))
    if options.json and options.json.exists():
        before = read(options.json)
        document.parts = before.parts
        setup.recipes.update(before.recipes)
        document.versions = before.versions | document.versions
    measure(setup, viewer, options, document)
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
