"""Processes in name spaces of their own, in which they may mount folders and lower limits that hold for them alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from tests.support.processes import ROOT, environment

_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")


@lru_cache
def _possible() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True).returncode == 0


needs_namespaces = pytest.mark.skipif(not _possible(), reason="this system gives no name spaces to its users")


def inside(before: str, *command: str) -> list[str]:
    """The command that runs another there, after a line of shell."""
    return [*_UNSHARE, "sh", "-c", f'{before} && exec "$@"', "sh", *command]


def apart(*arguments: str | Path | int, before: str = "true") -> subprocess.Popen[str]:
    """A probe there with pipes, after a line of shell."""
    return subprocess.Popen(
        inside(before, sys.executable, "-m", "tests.reliability.probe", *map(str, arguments)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    )


def run_apart(*arguments: str | Path | int, before: str = "true", timeout: float = 60) -> list[list[object]]:
    """Run a probe there to its end; what it says, a JSON list for each line."""
    process = apart(*arguments, before=before)
    said, errors = process.communicate(timeout=timeout)
    assert process.returncode == 0, errors
    return [json.loads(line) for line in said.splitlines()]
