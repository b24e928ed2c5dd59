"""Opens ledgers, and says what is in them in a form that can be compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from tests.support.parsing import Spent

from tokendial.domain.records import EventFlag
from tokendial.ingest.scanner import ScanReport
from tokendial.paths import ledger_path
from tokendial.services.home_check import resolve
from tokendial.services.ledger import Ledger
from tokendial.services.report import By, report
from tokendial.store import health
from tokendial.store.rollup import differences

Home = Path | tuple[str, Path]
"""A home of Codex, or of the provider that is named."""


class Content(NamedTuple):
    """All that a ledger counts, independent of row numbers and of the order in which files were read.

    `days`, `models`, `sessions` and `providers` are the rows of a report: every sum of tokens, and the exact cost.
    """

    events: list[tuple[Any, ...]]
    rollup: list[tuple[Any, ...]]
    refused: int
    days: list[dict[str, Any]]
    models: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    providers: list[dict[str, Any]]


_EVENTS = (
    "SELECT s.id, e.time_ms, l.model, l.effort, l.tier, l.project, e.input, e.cache_read, e.cache_write, "
    "e.cache_write_1h, e.output, e.reasoning, e.flags & 255 FROM usage_event e JOIN session s ON s.num = e.session_num "
    "JOIN label_set l ON l.id = e.label_id WHERE e.status = 0 ORDER BY 1, 2, 7, 8, 9, 10, 11"
)
_ROLLUP = (
    "SELECT r.bucket, l.model, l.effort, l.tier, l.project, l.band, sum(r.input), sum(r.cache_read), "
    "sum(r.cache_write), sum(r.cache_write_1h), sum(r.output), sum(r.reasoning), sum(r.events) FROM usage_rollup r "
    "JOIN label_set l ON l.id = r.label_id GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
)


def named(*homes: Home) -> list[tuple[str, Path]]:
    """The homes with their providers."""
    return [home if isinstance(home, tuple) else ("codex", home) for home in homes]


_PARTS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")
_NO_COUNT = " OR ".join(f"typeof({part}) != 'integer' OR {part} < 0" for part in _PARTS)
_NO_COUNTS = (
    f"SELECT (SELECT count(*) FROM usage_event WHERE {_NO_COUNT}) + "
    f"(SELECT count(*) FROM usage_rollup WHERE {_NO_COUNT})"
)


# Responses that are in no index although another file may hold them, or does.
_WRONGLY_ALONE = f"""
SELECT e.id FROM usage_event e JOIN session s ON s.num = e.session_num WHERE e.flags & {int(EventFlag.ALONE)} AND (
    e.status <> 0 OR e.flags & {int(EventFlag.GLOBAL_KEY | EventFlag.IN_REVIEW)} OR s.kind = 'review'
    OR EXISTS (SELECT 1 FROM thread_family t WHERE t.provider = s.provider AND t.thread = s.id)
    OR (SELECT count(*) FROM source_file f WHERE f.session_num = s.num) <> 1)
UNION ALL
SELECT max(id) FROM usage_event GROUP BY session_num, key HAVING count(*) > 1 AND max(flags & {int(EventFlag.ALONE)})
"""


@contextmanager
def ledger_of(data: Path, *homes: Home) -> Iterator[Ledger]:
    """An open ledger of these homes."""
    ledger = Ledger(data, named(*homes))
    try:
        yield ledger
    finally:
        ledger.close()


def file_of(data: Path, *homes: Home) -> Path:
    """Where the ledger of these homes lies."""
    return ledger_path(data, [(provider, resolve(str(home))) for provider, home in named(*homes)])


def rows(ledger: Ledger, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with ledger.database.reading() as connection:
        return [tuple(row) for row in connection.execute(statement, values)]


def content(ledger: Ledger) -> Content:
    refused = rows(ledger, "SELECT coalesce(sum(lines), 0) FROM refused_line")[0][0]
    return Content(
        rows(ledger, _EVENTS),
        rows(ledger, _ROLLUP),
        refused,
        reported(ledger, "day"),
        reported(ledger, "model"),
        reported(ledger, "session"),
        reported(ledger, "provider"),
    )


def reported(ledger: Ledger, by: By, zone: str = "UTC") -> list[dict[str, Any]]:
    """The rows of a report over all time: key, every part, responses, exact cost."""
    found: list[dict[str, Any]] = msgspec.to_builtins(report(ledger, by, ScanReport(), zone=ZoneInfo(zone)).rows)
    return found


def spent(ledger: Ledger) -> dict[str, Spent]:
    """What each session used, by its id."""
    found = rows(
        ledger,
        "SELECT s.id, sum(e.input + e.cache_read + e.cache_write), sum(e.cache_read), sum(e.cache_write), "
        "sum(e.output), sum(e.reasoning) FROM usage_event e JOIN session s ON s.num = e.session_num "
        "WHERE e.status = 0 GROUP BY s.id",
    )
    return {row[0]: Spent(*row[1:]) for row in found}


def counted(ledger: Ledger) -> int:
    return int(rows(ledger, "SELECT count(*) FROM usage_event WHERE status = 0")[0][0])


def assert_sound(ledger: Ledger) -> None:
    """The roll-up equals the events, what may be held twice is indexed, and SQLite finds nothing wrong."""
    with ledger.database.reading() as connection:
        assert differences(connection) == []
        assert health.integrity(connection) == "ok"
        assert connection.execute(_WRONGLY_ALONE).fetchall() == []
        assert connection.execute(_NO_COUNTS).fetchone() == (0,), "a sum is negative, or is no whole number"


def scan_once(data: Path, *homes: Home) -> Content:
    """The content of a ledger after one scan of these homes."""
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert_sound(ledger)
        return content(ledger)


def clean_content(data: Path, *homes: Home) -> Content:
    """What a ledger begun afresh holds."""
    assert not data.exists()
    return scan_once(data, *homes)


def connect(path: Path) -> sqlite3.Connection:
    """The ledger's file, from outside."""
    return sqlite3.connect(path, isolation_level=None)
