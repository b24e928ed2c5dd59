"""What the measurements share: where the corpora lie, how a program is run on one, and that its answer is right."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from _figures import Samples
from _measure import BenchError, Run, run
from _served import Served
from gen_logs import GENERATORS, MEGABYTE

CHECKED = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "total_tokens", "events")
SEED = 1
OURS = "Tokendial"


@dataclass(frozen=True)
class Home:
    """A generated home of one agent, and what a correct reader finds in it."""

    provider: str
    folder: Path
    expected: dict[str, Any]

    @property
    def megabytes(self) -> float:
        """Millions of bytes."""
        return float(self.expected["bytes"]) / MEGABYTE


class Program(Protocol):
    """Another program that answers the same question from the same files."""

    name: str

    def cold(self, home: Home, work: Path, *, memory: bool = False) -> Run:
        """From nothing to the answer; what it keeps goes below `work`."""
        ...


@dataclass
class Setup:
    """What the measurements share; `runs` of each program, `recipes` are the corpora that were used."""

    work: Path
    runs: int
    programs: list[Program]
    environment: dict[str, str]
    recipes: dict[str, str] = field(default_factory=dict)

    def ours(self, home: Home, data: Path, *more: str) -> list[str]:
        """A whole report process."""
        return [*tokendial(home, data, "report", "--json"), *more]

    def corpus(
        self,
        size: int,
        *,
        name: str = "cold",
        provider: str = "codex",
        files: int | None = None,
        days: int = 90,
        thin: bool = False,
    ) -> Home:
        """A corpus, made on first use; its name says what it is."""
        prefix = "" if provider == "codex" else f"{provider}-"
        folder = self.work / f"{prefix}{name}-{size // MEGABYTE}mb"
        if not (folder / "expected.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            print(f"writing {folder.name}", file=sys.stderr)
            GENERATORS[provider](folder, size, SEED, days, files=files, thin=thin)
        home = Home(provider, folder, json.loads((folder / "expected.json").read_text(encoding="utf-8")))
        shape = f" --files {files}" * bool(files) + " --thin" * thin
        self.recipes[folder.name] = (
            f"gen_logs.py --provider {provider} --size {size // MEGABYTE}MB --days {days} --seed {SEED}{shape}: "
            f"{home.megabytes:.0f} MB, {home.expected['files']} files, {home.expected['totals']['events']} responses"
        )
        return home

    def responses(self, events: int) -> Home:
        """A home with about so many responses in a year, in thin logs."""
        return self.corpus(round(events / 610) * MEGABYTE, name=f"events-{events}", days=365, thin=True)

    @contextmanager
    def data(self) -> Iterator[Path]:
        """A fresh data folder, on the disk of the corpora."""
        self.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="data-", dir=self.work) as folder:
            yield Path(folder)

    @contextmanager
    def ledger(self, home: Home) -> Iterator[tuple[Path, Run]]:
        """A data folder whose ledger knows the whole home, and the run that filled it, with its memory."""
        with self.data() as data:
            filled = run(self.ours(home, data), self.environment, memory=True)
            check(filled.output, home.expected)
            yield data, filled

    def cold(self, home: Home) -> float:
        """Seconds of a report process that begins without a ledger; checks what it says."""
        with self.data() as data:
            done = run(self.ours(home, data), self.environment)
        check(done.output, home.expected)
        return done.seconds

    def theirs(self, home: Home) -> dict[str, Callable[[], float]]:
        """The same question to the other programs: seconds of each."""

        def cold(program: Program) -> Callable[[], float]:
            def once() -> float:
                with self.data() as work:
                    return program.cold(home, work).seconds

            return once

        return {program.name: cold(program) for program in self.programs}


def tokendial(home: Home, data: Path, *command: str) -> list[str]:
    """The program, reading that home alone."""
    folders = [f"--{home.provider}-home", str(home.folder), "--data-dir", str(data)]
    return [sys.executable, "-m", "tokendial", *command, *folders]


def check(output: str, expected: dict[str, Any]) -> None:
    """A fast wrong answer is no result."""
    totals = json.loads(output)["totals"]
    wrong = {
        name: (totals[name], expected["totals"][name]) for name in CHECKED if totals[name] != expected["totals"][name]
    }
    if wrong:
        raise BenchError(f"the report is wrong (found, expected): {wrong}")


def alternately(runs: int, programs: Mapping[str, Callable[[], float]]) -> dict[str, Samples]:
    """Milliseconds of each program, run in turn: all meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, once in programs.items():
            times[name].append(once() * 1000)
    return {name: Samples.of(found) for name, found in times.items()}


def serve(setup: Setup, home: Home, data: Path) -> Served:
    """The program in browser mode, without a browser."""
    return Served(tokendial(home, data, "serve", "--no-open"), setup.environment)


def wait_for_scan(served: Served) -> None:
    """Until the first scan is over."""
    while served.ask("app.state", {})["scan"]["running"]:
        time.sleep(0.2)
