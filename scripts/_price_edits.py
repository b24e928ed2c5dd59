"""What an edit of the prices takes: the command, and the whole page that follows it."""

from __future__ import annotations

import time

from _figures import Samples
from _measure import BenchError
from _served import Served

RULE = {"pattern": "gpt-5*", "input": "1.25", "cache_read": "0.125", "output": "10"}


def price_edits(served: Served, runs: int) -> tuple[Samples, Samples]:
    """Milliseconds of the slowest kind of edit, and of the preview of one.

    A price rule is added, changed, given days, deleted and brought back; each must change the cost of all time.
    """
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 100 * 86_400))
    kinds: dict[str, list[dict[str, str]] | None] = {
        "add": [RULE],
        "change": [RULE | {"output": "11"}],
        "dated": [RULE | {"effective_from": day}],
        "delete": [],
        "undo": None,
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    previews = []
    served.ask("pricing.get", {})
    for _ in range(runs):
        last = ""
        for kind, rules in kinds.items():
            began = time.perf_counter()
            if rules is None:
                served.ask("pricing.undo", {})
            else:
                served.ask("pricing.save", {"rules": rules})
            page = served.ask("dashboard.get", {"range": "alltime"})
            times[kind].append((time.perf_counter() - began) * 1000)
            cost = page["cards"]["usage"]["cost"]["usd"]
            if cost == last:
                raise BenchError(f"{kind} changed no cost")
            last = cost
        began = time.perf_counter()
        served.ask("pricing.preview", {"rules": [RULE]})
        previews.append((time.perf_counter() - began) * 1000)
        served.ask("pricing.save", {"rules": []})
    slowest = max((Samples.of(found) for found in times.values()), key=lambda samples: samples.median)
    return slowest, Samples.of(previews)
