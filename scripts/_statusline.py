"""How long an agent waits for its status line: the whole process, over a large ledger."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from _bench import Setup, tokendial
from _figures import Bar, Result, Samples, result
from _measure import BenchError

STATUS_LINE_MS = Bar(150.0)
_CALLS = 20


def statusline(setup: Setup, events: int) -> Iterator[Result]:
    """Twenty calls, and twenty while another process holds the ledger."""
    home = setup.responses(events)
    with setup.ledger(home) as (data, _):
        (ledger,) = data.glob("ledger*.sqlite3")
        command = tokendial(home, data, "statusline")
        times = [_call(command, setup.environment, at) for at in range(_CALLS + 1)][1:]
        note = f"{home.expected['totals']['events']} responses"
        yield result("status line, whole process", "ms", Samples.of(times), bar=STATUS_LINE_MS, note=note)
        writer = sqlite3.connect(ledger, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        times = [_call(command, setup.environment, at) for at in range(_CALLS)]
        writer.close()
        yield result("status line beside a writer", "ms", Samples.of(times), bar=STATUS_LINE_MS, note="ledger is held")


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
