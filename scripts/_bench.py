"""What the measurements share: where the corpora lie, what a figure is, and the checks that it is one."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _ccusage import Ccusage
from _measure import BenchError, median
from _served import Served
from gen_logs import MEGABYTE, generate

CHECKED = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "total_tokens", "events")


@dataclass
class Result:
    """One figure; `theirs` and `ratio` where ccusage does the same work. Milliseconds, or megabytes of memory."""

    name: str
    unit: str
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    note: str = ""


@dataclass
class Setup:
    """What the measurements share."""

    work: Path
    runs: int
    ccusage: Ccusage | None
    environment: dict[str, str]

    def ours(self, home: Path, data: Path) -> list[str]:
        """A whole report process."""
        folders = ["--codex-home", str(home), "--data-dir", str(data)]
        return [sys.executable, "-m", "tokendial", "report", "--json", *folders]

    def corpus(
        self, name: str, size: int, *, files: int | None = None, days: int = 90, thin: bool = False
    ) -> tuple[Path, dict[str, Any]]:
        """A corpus, made on first use; its name says what it is."""
        home = self.work / f"{name}-{size // MEGABYTE}mb"
        if not (home / "expected.json").exists():
            shutil.rmtree(home, ignore_errors=True)
            print(f"writing {home.name}", file=sys.stderr)
            generate(home, size, files=files, days=days, thin=thin)
        return home, json.loads((home / "expected.json").read_text(encoding="utf-8"))

    @contextmanager
    def data(self) -> Iterator[Path]:
        """A fresh data folder."""
        with tempfile.TemporaryDirectory(prefix="tokendial-bench-") as folder:
            yield Path(folder)


def check(output: str, expected: dict[str, Any]) -> None:
    """A fast wrong answer is no result."""
    totals = json.loads(output)["totals"]
    wrong = {
        name: (totals[name], expected["totals"][name]) for name in CHECKED if totals[name] != expected["totals"][name]
    }
    if wrong:
        raise BenchError(f"the report is wrong (found, expected): {wrong}")


def alternately(setup: Setup, home: Path, ours: Callable[[], float]) -> tuple[float, float | None, float | None]:
    """Medians of ours, of the ccusage command and of its native program, in turn: all meet the same machine."""
    mine, command, native = [], [], []
    for _ in range(setup.runs):
        mine.append(ours() * 1000)
        if setup.ccusage:
            command.append(setup.ccusage.run(setup.ccusage.command, home, setup.environment).seconds * 1000)
            native.append(setup.ccusage.run(setup.ccusage.native, home, setup.environment).seconds * 1000)
    return median(mine), median(command) if command else None, median(native) if native else None


def against(name: str, mine: float, theirs: float | None, note: str) -> Result:
    """A figure in milliseconds with its ratio."""
    return Result(name, "ms", mine, theirs, round(mine / theirs, 3) if theirs else None, note)


def serve(setup: Setup, home: Path, data: Path) -> Served:
    """The program in browser mode, without a browser."""
    folders = ["--codex-home", str(home), "--data-dir", str(data)]
    return Served([sys.executable, "-m", "tokendial", "serve", "--no-open", *folders], setup.environment)


def wait_for_scan(served: Served) -> None:
    """Until the first scan is over."""
    while served.ask("app.state", {})["scan"]["running"]:
        time.sleep(0.2)
