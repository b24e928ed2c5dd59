"""What the benchmark ran on: the machine, and the versions of everything."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from pathlib import Path

from _setup import ROOT, frontend


def use_cores(cores: int) -> None:
    """Keeps this process, and all that it starts, on so many cores; only Linux can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def machine(work: Path) -> dict[str, str]:
    """The hardware and the system; `work` is where the corpora are."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": _processor(),
        "cores": f"{cores} used of {os.cpu_count()}",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "filesystem": _filesystem(work),
    }


def versions(others: dict[str, str]) -> dict[str, str]:
    """Ours, of what it runs on, and of the `others` that are there."""
    found = {
        "Tokendial": f"{commit()}, {'with' if _compiled() else 'without'} the compiled reader",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "Node.js": _node(),
        **others,
    }
    return {name: version for name, version in found.items() if version}


def commit() -> str:
    """The state of the sources."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    found, worked = _answer(words, dict(os.environ))
    return found if worked else "no checkout"


def _node() -> str:
    """The one that npm's programs are run with."""
    functions = frontend()
    try:
        environment = functions["npm_command"]()[1]
    except functions["FrontendError"]:
        return ""
    return _answer(["node", "--version"], environment)[0].lstrip("v")


def _answer(words: list[str], environment: dict[str, str]) -> tuple[str, bool]:
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    except OSError:
        return "", False
    return done.stdout.strip(), done.returncode == 0


def _compiled() -> bool:
    return any((ROOT / "backend" / "tokendial").rglob("_scan.*"))


def _lines(path: str, start: str) -> list[str]:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return []
    return [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(start)]


def _processor() -> str:
    return next(iter(_lines("/proc/cpuinfo", "model name")), platform.processor() or platform.machine())


def _memory() -> str:
    kilobytes = [int(line.split()[0]) for line in _lines("/proc/meminfo", "MemTotal")]
    return f"{kilobytes[0] * 1024 / 1e9:.0f} GB" if kilobytes else "unknown"


def _filesystem(work: Path) -> str:
    """The kind of the mount that holds the folder."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    holding = [(len(place), kind) for place, kind in mounts if work.resolve().is_relative_to(place)]
    return max(holding)[1] if holding else "unknown"
