"""Works that go on for long in a process of their own, and say at their end how it was: programs of a probe."""

from __future__ import annotations

import json
import statistics
import sys
import threading
from collections import deque
from pathlib import Path

from tests.support.rollout import session, usage

from tokendial.services.ledger import Ledger
from tokendial.store.database import Database

COUNTER = "competing"
_LONG_VALUE = "x" * 600_000
_SAMPLE = 100
_PAGE = 4096
Held = tuple[int, int, int, int]
_ONE_MOMENT = (
    "SELECT (SELECT count(*) FROM usage_event WHERE status = 0), (SELECT sum(events) FROM usage_rollup), "
    "(SELECT sum(events) FROM session_usage)"
)


def compete(data: str, transactions: str, homes: list[tuple[str, Path]]) -> None:
    """Write and look in turn, so many times, and open anew now and then; says how often it wrote and looked."""
    wrote = looked = 0
    while wrote + looked < int(transactions):
        ledger = Ledger(Path(data), homes)
        for _ in range(100):
            write(ledger.database, large=wrote % 40 == 0)
            look(ledger.database)
            wrote, looked = wrote + 1, looked + 1
        ledger.scan()
        ledger.close()
    sys.stdout.write(json.dumps([wrote, looked]) + "\n")


def write(database: Database, *, large: bool) -> None:
    """Add one to a number that all processes share, which is lost where two do so at once; a large one fills a log."""
    with database.writing() as connection:
        found = connection.execute("SELECT value FROM setting WHERE key = ?", (COUNTER,)).fetchone()
        count = int(found[0]) + 1 if found else 1
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (COUNTER, str(count)))
        if large:
            value = f"{count}{_LONG_VALUE}"
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (f"{COUNTER} large", value))


def look(database: Database) -> None:
    """What is read is of one moment: the sums are those of the events."""
    with database.reading() as connection:
        events, *sums = connection.execute(_ONE_MOMENT).fetchone()
    assert sums in ([events, events], [None, None]), (events, sums)


def reconcile_often(data: str, times: str, homes: list[tuple[str, Path]]) -> None:
    """Scan so many times, each time with another line, after a quarter as many to begin with.

    Says what was there before and after, apart from memory as the median of the first and of the last scans: open
    descriptors, threads, kilobytes in memory, bytes of the ledger.
    """
    ((_, home),) = homes
    ledger, log, count = Ledger(Path(data), homes), session(1), int(times)
    path, first, last = log.write(home), list[Held](), deque[Held](maxlen=_SAMPLE)
    for number in range(count // 4 + count):
        with path.open("ab") as file:
            file.write(log.count(usage(number + 1)).lines.pop())
        ledger.scan()
        if number >= count // 4:
            last.append(_held(ledger))
            if len(first) < _SAMPLE:
                first.append(last[-1])
    ledger.close()
    medians = [[statistics.median_low(one) for one in zip(*part, strict=True)] for part in (first, last)]
    sys.stdout.write(json.dumps([count, *medians]) + "\n")


def _held(ledger: Ledger) -> Held:
    with ledger.database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return _descriptors(), threading.active_count(), _resident_kb(), pages * _PAGE


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _resident_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
