"""The roll-ups: sums per quarter of an hour (UTC) and label set, and per session and UTC day. They always equal the
counted events.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TypeVar

from tokendial.domain.records import BUCKET_MS, EventRows
from tokendial.store.bulk import insert_rows

_BUCKETS_PER_DAY = 96
_COUNTS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning", "events")


def _into(table: str, *key: str) -> str:
    return f"INSERT INTO {table} ({', '.join((*key, *_COUNTS))})"


def _added(*key: str) -> str:
    added = ", ".join(f"{count} = {count} + excluded.{count}" for count in _COUNTS)
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}"


_INTO, _ADDED = _into("usage_rollup", "bucket", "label_id"), _added("bucket", "label_id")
_INTO_SESSION = _into("session_usage", "session_num", "day", "label_id")
_ADDED_SESSION = _added("session_num", "day", "label_id")
_ROW, _ROW_SESSION = "(?, ?, ?, ?, ?, ?, ?, ?, ?)", "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Single responses, and the sums that stayed of those whose details were removed.
_COUNTED = """
SELECT session_num, time_ms / 900000 AS bucket, label_id, input, cache_read, cache_write, cache_write_1h, output,
    reasoning, 1 AS events FROM usage_event WHERE status = 0
UNION ALL SELECT session_num, bucket, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning,
    events FROM past_usage WHERE status = 0
"""
_FROM_EVENTS = f"""
SELECT bucket, label_id, sum(input), sum(cache_read), sum(cache_write), sum(cache_write_1h), sum(output),
    sum(reasoning), sum(events)
FROM ({_COUNTED}) GROUP BY 1, 2
"""  # noqa: S608 - fixed text
_STORED = """
SELECT bucket, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, events FROM usage_rollup
"""
_SESSIONS_FROM_EVENTS = f"""
SELECT session_num, bucket / {_BUCKETS_PER_DAY} AS day, label_id, sum(input), sum(cache_read), sum(cache_write),
    sum(cache_write_1h), sum(output), sum(reasoning), sum(events)
FROM ({_COUNTED}) GROUP BY 1, 2, 3
"""  # noqa: S608 - fixed text
_SESSIONS_STORED = """
SELECT session_num, day, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, events
FROM session_usage
"""


class RollupChange:
    """What a transaction adds to, or takes from, the roll-up."""

    def __init__(self) -> None:
        """No change yet."""
        self._sums: dict[tuple[int, int], list[int]] = {}
        self._sessions: dict[tuple[int, int, int], list[int]] = {}
        self._lowest: int | None = None
        self.events = 0

    def add(self, session: int, time_ms: int, label_id: int, parts: Sequence[int], sign: int) -> None:
        """Add an event (sign 1) or take it back (sign -1); `parts` are the six token counts."""
        self.events += sign
        counts = [*(sign * part for part in parts), sign]
        bucket = time_ms // BUCKET_MS
        _add(self._sums, (bucket, label_id), counts)
        _add(self._sessions, (session, bucket // _BUCKETS_PER_DAY, label_id), counts)

    def add_events(self, session: int, events: EventRows, label_ids: Sequence[int]) -> None:
        """Add new events of a session; `label_ids` are the ledger's ids of the label sets that they point to."""
        self.events += len(events)
        for bucket, label, *counts in events.sums:
            _add(self._sums, (bucket, label_ids[label]), counts)
            _add(self._sessions, (session, bucket // _BUCKETS_PER_DAY, label_ids[label]), counts)

    def take_sums(self, session: int, bucket: int, label_id: int, counts: Sequence[int]) -> None:
        """Take back what stayed of responses whose details were removed: the six token counts, and how many."""
        self.events -= counts[-1]
        taken = [-count for count in counts]
        _add(self._sums, (bucket, label_id), taken)
        _add(self._sessions, (session, bucket // _BUCKETS_PER_DAY, label_id), taken)

    @property
    def lowest_ms(self) -> int | None:
        """The begin of the earliest bucket that was ever changed."""
        buckets = [bucket for bucket, _ in self._sums]
        if self._lowest is not None:
            buckets.append(self._lowest)
        return min(buckets) * BUCKET_MS if buckets else None

    def apply(self, connection: sqlite3.Connection) -> None:
        """Write the change; a bucket that nothing is left in disappears."""
        if not self._sums:
            return
        insert_rows(connection, _INTO, _ROW, _rows(self._sums), _ADDED)
        insert_rows(connection, _INTO_SESSION, _ROW_SESSION, _rows(self._sessions), _ADDED_SESSION)
        connection.executemany(
            "DELETE FROM usage_rollup WHERE bucket = ? AND label_id = ? AND events = 0", _shrunk(self._sums)
        )
        connection.executemany(
            "DELETE FROM session_usage WHERE session_num = ? AND day = ? AND label_id = ? AND events = 0",
            _shrunk(self._sessions),
        )
        lowest = min(bucket for bucket, _ in self._sums)
        self._lowest = lowest if self._lowest is None else min(lowest, self._lowest)
        self._sums.clear()
        self._sessions.clear()


_K = TypeVar("_K", bound=tuple[int, ...])


def _add(sums: dict[_K, list[int]], key: _K, counts: Sequence[int]) -> None:
    known = sums.get(key)
    if known is None:
        sums[key] = [*counts]
        return
    for place, count in enumerate(counts):
        known[place] += count


def _rows(sums: Mapping[_K, Sequence[int]]) -> list[tuple[int, ...]]:
    return [(*key, *counts) for key, counts in sums.items()]


def _shrunk(sums: Mapping[_K, Sequence[int]]) -> list[_K]:
    """The keys that hold fewer events than before."""
    return [key for key, counts in sums.items() if counts[-1] <= 0]


def differences(connection: sqlite3.Connection, limit: int = 20) -> list[tuple[int, ...]]:
    """Where roll-ups and events disagree: (bucket, label set), or (session, UTC day, label set); none where sound."""
    found = [
        *_unequal(connection, "bucket, label_id", _FROM_EVENTS, _STORED, limit),
        *_unequal(connection, "session_num, day, label_id", _SESSIONS_FROM_EVENTS, _SESSIONS_STORED, limit),
    ]
    return [tuple(map(int, row)) for row in found]


def _unequal(connection: sqlite3.Connection, key: str, made: str, stored: str, limit: int) -> sqlite3.Cursor:
    return connection.execute(
        f"SELECT {key} FROM (SELECT * FROM ({made}) EXCEPT SELECT * FROM ({stored})) UNION "  # noqa: S608 - fixed text
        f"SELECT {key} FROM (SELECT * FROM ({stored}) EXCEPT SELECT * FROM ({made})) LIMIT ?",
        (limit,),
    )
