"""Starts probes: our own code in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """Ours, with the way to our own code."""
    import tokendial

    backend = Path(tokendial.__file__).resolve().parents[1]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(backend), str(ROOT)])}


def start(
    *arguments: str | Path | int | float, preexec_fn: Callable[[], None] | None = None, stdin: int | None = None
) -> subprocess.Popen[str]:
    """A probe with pipes for its output; `preexec_fn` is called in it before it begins."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.probe", *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
        preexec_fn=preexec_fn,  # noqa: PLW1509 - it only sets limits
    )


def finish(process: subprocess.Popen[str], timeout: float = 60.0) -> tuple[int, str]:
    """The exit code and what was written to stderr."""
    _, errors = process.communicate(timeout=timeout)
    return process.returncode, errors


def run(*arguments: str | Path | int | float) -> tuple[int, str]:
    return finish(start(*arguments))
