"""How long an agent waits for its status line: the whole process, over a large ledger."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from _bench import Result, Setup, check
from _measure import BenchError, median, run

STATUS_LINE_BUDGET_MS = 150.0
_CALLS = 20


def statusline(setup: Setup, events: int, size: int) -> Iterator[Result]:
    """The median of twenty calls, and of twenty while another process holds the ledger."""
    home, expected = setup.corpus(f"events-{events}", size, days=365, thin=True)
    with setup.data() as data:
        check(run(setup.ours(home, data), setup.environment).output, expected)
        (ledger,) = data.glob("ledger*.sqlite3")
        command = [sys.executable, "-m", "tokendial", "statusline", "--codex-home", str(home), "--data-dir", str(data)]
        times = [_call(command, setup.environment, at) for at in range(_CALLS + 1)][1:]
        note = f"budget {STATUS_LINE_BUDGET_MS:.0f} ms, {expected['totals']['events']} events"
        yield Result("status line, whole process", "ms", median(times), note=_judged(times, note))
        writer = sqlite3.connect(ledger, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        times = [_call(command, setup.environment, at) for at in range(_CALLS)]
        writer.close()
        yield Result("status line beside a writer", "ms", median(times), note=_judged(times, "the ledger is held"))


def _judged(times: list[float], note: str) -> str:
    return note if median(times) < STATUS_LINE_BUDGET_MS else f"{note}, OVER THE BUDGET"


def _call(command: list[str], environment: dict[str, str], used: int) -> float:
    """Milliseconds of one call whose reading is news each time."""
    seconds = int(time.time())
    payload = {
        "transcript_path": str(Path.home() / ".claude" / "projects" / "-x" / "x.jsonl"),
        "model": {"id": "claude-opus-4-8", "display_name": "Opus 4.8"},
        "context_window": {"used_percentage": 38},
        "rate_limits": {"five_hour": {"used_percentage": used, "resets_at": seconds + 7200}},
    }
    began = time.perf_counter()
    done = subprocess.run(
        command, input=json.dumps(payload).encode(), env=environment, capture_output=True, check=False
    )
    spent = (time.perf_counter() - began) * 1000
    if done.returncode or not done.stdout.startswith(b"Opus 4.8"):
        raise BenchError(f"the status line is wrong: {done.stdout.decode()}{done.stderr.decode()[-400:]}")
    return spent
