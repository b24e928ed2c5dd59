"""Runs the real command in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.parity.logs import HOUR, MINUTE, Log, snapshot, window
from tests.services.support import now_ms
from tests.support.ordinary import drop

BACKEND = Path(__file__).resolve().parents[2] / "backend"


class Done(NamedTuple):
    """What a process left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(BACKEND), "PYTHONWARNINGS": "error", "COLUMNS": "200", **more}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "tokendial", *(str(argument) for argument in arguments)]


def run(*arguments: str | Path, **variables: str) -> Done:
    return _run(arguments, variables, None)


def run_ordinary(*arguments: str | Path, **variables: str) -> Done:
    """The same for a user who is bound by the modes of files."""
    return _run(arguments, variables, drop())


def _run(arguments: Sequence[str | Path], variables: dict[str, str], before: Callable[[], None] | None) -> Done:
    done = subprocess.run(
        command(*arguments),
        env=environment(**variables),
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=before,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def sentence(done: Done, code: int) -> str:
    """The one sentence of a command that failed: nothing on stdout, no traceback."""
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.startswith("tokendial: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith(".\n")
    assert "Traceback" not in done.err
    return done.err


def two_days(home: Path) -> Log:
    """Two models on two days, one of them without a price, and a limit that runs."""
    now = now_ms()
    log = Log(home, "2025-03-01T22:00:00Z", originator="codex_vscode").turn("2025-03-01T22:00:00Z", "gpt-5.5", "high")
    log.respond("2025-03-01T23:30:00Z", 1000, 400, 50, written=100, reasoning=20)
    log.turn("2025-03-02T01:00:00Z", "house-model", None, "/work/infra").respond("2025-03-02T01:30:00Z", 2000, 0, 70)
    log.limits(now - MINUTE, window(0, 300, now + HOUR), window(99.5, 10_080, now + 48 * HOUR)).save()
    Log(home, "2025-03-02T08:00:00Z", 2).turn("2025-03-02T08:00:00Z").respond("2025-03-02T08:00:01Z", 10, 0, 1).save()
    return log


__all__ = ["HOUR", "Done", "Log", "command", "environment", "run", "run_ordinary", "sentence", "snapshot", "two_days"]
