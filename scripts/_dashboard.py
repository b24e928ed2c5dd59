"""The whole overview in one call, over a large ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from _bench import Home, Setup, serve, wait_for_scan
from _figures import Bar, Result, Samples, result
from _price_edits import price_edits
from _served import Served

RANGES = ("alltime", "last30days")
CALLS = 40
LARGE = 5_000_000
BYTES = Bar(160.0)


def dashboard(setup: Setup, events: int) -> Iterator[Result]:
    """The calls of a page, an edit of the prices, and how large the ledger is."""
    home = setup.responses(events)
    found = home.expected["totals"]["events"]
    what = f"{found / 1e6:.0f} M responses"
    bar = Bar(60.0 if events >= LARGE else 30.0, "p95")
    with setup.ledger(home) as (data, _):
        yield ledger_size(home, data, f"ledger, {what}")
        with serve(setup, home, data) as served:
            wait_for_scan(served)
            for name in RANGES:
                first, *times = calls(served, name, CALLS + 1)
                note = f"{CALLS} calls; first call {first:.0f} ms"
                yield result(f"dashboard.get, {name}, {what}", "ms", Samples.of(times), bar=bar, note=note)
            if events < LARGE:
                edits, preview = price_edits(served, setup.runs)
                yield result(f"price edit until all panels changed, {what}", "ms", edits)
                yield result(f"preview of a price edit, {what}", "ms", preview)


def calls(served: Served, name: str, times: int) -> list[float]:
    """Milliseconds of each call, with its way through HTTP."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        served.ask("dashboard.get", {"range": name})
        found.append((time.perf_counter() - began) * 1000)
    return found


def dashboard_ms(setup: Setup, home: Home, data: Path) -> Samples:
    """The call over all time, for the growth curve."""
    with serve(setup, home, data) as served:
        wait_for_scan(served)
        return Samples.of(calls(served, "alltime", CALLS + 1)[1:])


def ledger_size(home: Home, data: Path, name: str) -> Result:
    """What a response takes, all included."""
    size = Samples.of([ledger_bytes(data) / home.expected["totals"]["events"]])
    return result(name, "B", size, bar=BYTES, note="per response")


def ledger_bytes(data: Path) -> int:
    """The database with its journal."""
    return sum(path.stat().st_size for path in data.glob("ledger*.sqlite3*"))
