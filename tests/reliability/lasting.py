"""Works that go on for long in a process of their own, and say at their end how it was: programs of a probe."""

from __future__ import annotations

import json
import statistics
import sys
import threading
from collections import deque
from pathlib import Path

from tests.support.rollout import START_MS, session, usage

from tokendial.services.dashboard import dashboard, first_request
from tokendial.services.ledger import Ledger
from tokendial.store.database import Database

COUNTER = "competing"
_LONG_VALUE = "x" * 600_000
_SAMPLE = 100
_PAGE = 4096
_MOMENTS = 1000
_LOOK_EVERY = 10
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


def reconcile_often(data: str, times: str, appended: str, homes: list[tuple[str, Path]]) -> None:
    """Scan so many times, each time with so many more lines, after a quarter as many to begin with.

    A session has a thousand of these moments, and after every tenth somebody looks at the overview. Says what was there
    before and after, apart from memory as the median of the first and of the last scans: open descriptors, threads,
    kilobytes in memory, bytes of the ledger.
    """
    ((_, home),) = homes
    ledger, count, lines = Ledger(Path(data), homes), int(times), int(appended)
    first, last, log, path = list[Held](), deque[Held](maxlen=_SAMPLE), session(1), home
    for number in range(count // 4 + count):
        if number % _MOMENTS == 0:
            log = session(1, START_MS + number * lines * 1000, first=number * lines)
            path = log.write(home)
        with path.open("ab") as file:
            file.writelines(log.count(usage(number * lines + line)).lines.pop() for line in range(lines))
        ledger.scan()
        if number % _LOOK_EVERY == 0:
            _overview(ledger)
        if number >= count // 4:
            last.append(_held(ledger))
            if len(first) < _SAMPLE:
                first.append(last[-1])
    ledger.close()
    medians = [[statistics.median_low(one) for one in zip(*part, strict=True)] for part in (first, last)]
    sys.stdout.write(json.dumps([count, *medians]) + "\n")


def _overview(ledger: Ledger) -> None:
    with ledger.view() as view:
        assert not dashboard(view, first_request(ledger.settings.current), active_minutes=15, demo=False).errors


def _held(ledger: Ledger) -> Held:
    with ledger.database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return _descriptors(), threading.active_count(), _resident_kb(), pages * _PAGE


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _resident_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
