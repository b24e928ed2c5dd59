"""Programs whose files fail or fall over at a chosen call to the system: real errors of a real disk, at every place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).with_suffix(".c")
COMPILER = shutil.which("cc")
needs_failing_io = pytest.mark.skipif(
    sys.platform != "linux" or COMPILER is None, reason="needs Linux and a C compiler"
)
KILL = -1


class Outcome(NamedTuple):
    """Of how many calls there are, at how many one was made to fail, how often that was told, and in which words."""

    calls: int
    points: int
    told: int
    messages: list[str]


@cache
def _library() -> Path:
    folder = Path(tempfile.gettempdir()) / f"failing-io-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    library = folder / "failing_io.so"
    assert COMPILER is not None
    subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    return library


def fail(
    work: str, data: Path, home: Path, *, error: int, points: int, lasting: bool = False, timeout: float = 3600.0
) -> Outcome:
    """Do a work of tests/reliability/failing_probe.py as often as there are points, each time from this data folder.

    `error` is a number of errno, or KILL. Where there are more calls than points, the points are spread over them.
    """
    import tokendial

    backend = Path(tokendial.__file__).resolve().parents[1]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(backend), str(ROOT)]),
        "LD_PRELOAD": str(_library()),
        "FAILING_IO": ".sqlite3",
    }
    arguments = [work, data, home, error, points, int(lasting)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.failing_probe", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Outcome(*json.loads(done.stdout))
