"""Measuring processes: wall time, and the peak memory of a whole process tree."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """A finished process: seconds, what it printed, and, if asked for, the most memory that its tree held at once."""

    seconds: float
    output: str
    peak_bytes: int | None = None


class BenchError(Exception):
    """A measured program failed."""


def run(command: Sequence[str], env: Mapping[str, str], *, memory: bool = False) -> Run:
    """Runs a program to its end. Memory is sampled, which costs time, so times come from runs without it."""
    began = time.perf_counter()
    with subprocess.Popen(list(command), env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        watch = MemoryWatch(process.pid) if memory else None
        output, errors = process.communicate()
        seconds = time.perf_counter() - began
        peak = watch.stop() if watch else None
    if process.returncode:
        raise BenchError(f"{command[0]} ended with {process.returncode}: {errors.decode(errors='replace')[-400:]}")
    return Run(seconds, output.decode(), peak)


class MemoryWatch:
    """Samples the proportional set size of a process and all below it; shared pages count once."""

    def __init__(self, pid: int, interval: float = 0.02) -> None:
        self._pid, self._interval = pid, interval
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        self._thread.start()

    def stop(self) -> int | None:
        """Ends the sampling; nothing where the system does not tell (only Linux does)."""
        self._done.set()
        self._thread.join()
        return self.peak or None

    def _watch(self) -> None:
        while not self._done.wait(self._interval):
            self.peak = max(self.peak, tree_bytes(self._pid))


def tree_bytes(pid: int) -> int:
    """The memory of a process and its descendants now; a process that just ended counts as nothing."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total = int(line.split()[1]) * 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(tree_bytes(int(child)) for child in (task / "children").read_text(encoding="ascii").split())
    except OSError:
        return total
    return total


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)
