"""Starts probes: our own code in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import active_children
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


def children() -> set[int]:
    """The processes that this one began and that have not ended, without the one that Python keeps for itself."""
    if sys.platform != "linux":
        return {child.pid or 0 for child in active_children()}
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state not in "ZX" and b"resource_tracker" not in command:
            found.add(int(folder.name))
    return found
