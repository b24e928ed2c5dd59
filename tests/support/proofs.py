"""What the suite proves: counts per bar (R1, S3, W1 ...), added up over all processes of a run, as a table.

A test says `proved("R1", "kills", 100)`; only what a passed test said is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

Proved = Callable[[str, str, int], None]
Size = Callable[[int, int], int]
PROPERTY = "proved"
BEGIN, END = "<!-- proofs: written by the test suite -->", "<!-- end of proofs -->"
_ORDER = "RSMTWC"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long size of the reliability and security suite")
    parser.addoption("--proofs", type=Path, metavar="FILE", help="write the table of what was proved into this file")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the processes of a parallel run report to the one that began it
        table = ProofTable(config.getoption("proofs"), long=bool(config.getoption("long")))
        config.pluginmanager.register(table, "proof table")


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    """How much of something a test does: the first number at every commit, the second with `--long`."""
    long = bool(request.config.getoption("long"))
    return lambda commit, release: release if long else commit


@pytest.fixture
def proved(request: pytest.FixtureRequest) -> Proved:
    """Tells the table of the run what a test proved: the bar, of what, and how many."""
    return lambda bar, what, count: request.node.user_properties.append((PROPERTY, (bar, what, count)))


class ProofTable:
    """Collects the reports of a run; a pytest plugin."""

    def __init__(self, target: Path | None, *, long: bool) -> None:
        """`target` is a Markdown file whose marked part is rewritten at the end of a run without failures."""
        self._target = target
        self._long = long
        self._counts: Counter[tuple[str, str]] = Counter()
        self._tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what a test proved; the same test is reported once by whichever process ran it."""
        if report.when != "call" or not report.passed:
            return
        found = [value for name, value in report.user_properties if name == PROPERTY]
        for bar in {str(value[0]) for value in found}:
            self._tests[bar] += 1
        for bar, what, count in found:
            self._counts[bar, what] += count

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Print the table, and write it where it was asked for."""
        if not self._counts:
            return
        terminalreporter.section(f"proved ({'long' if self._long else 'commit'} size)")
        for line in self.lines():
            terminalreporter.write_line(line)
        if self._target is not None and exitstatus == 0:
            rewrite(self._target, self.lines())

    def lines(self) -> list[str]:
        """The table as Markdown."""
        rows = ["| bar | tests | proved |", "| --- | ---: | --- |"]
        for bar in sorted(self._tests, key=bar_order):
            counts = ", ".join(f"{count:,} {what}" for (one, what), count in self._counts.items() if one == bar)
            rows.append(f"| {bar} | {self._tests[bar]} | {counts} |")
        return rows


def bar_order(bar: str) -> tuple[int, int]:
    """R before S before M ..., then by number."""
    return _ORDER.find(bar[0]), int(bar[1:])


def rewrite(target: Path, lines: list[str]) -> None:
    """Replace what stands between the two marks. Raises ValueError where they are missing."""
    text = target.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{target.name} has no place for the table")
    table = "\n".join([BEGIN, *lines, END])
    target.write_text(
        re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: table, text, flags=re.DOTALL), encoding="utf-8"
    )
