"""The roll-up: sums per quarter of an hour (UTC) and label set. It always equals the counted events."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tokendial.domain.records import BUCKET_MS, EventRows

_APPLY = """
INSERT INTO usage_rollup (bucket, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, events)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (bucket, label_id) DO UPDATE SET
    input = input + excluded.input, cache_read = cache_read + excluded.cache_read,
    cache_write = cache_write + excluded.cache_write, cache_write_1h = cache_write_1h + excluded.cache_write_1h,
    output = output + excluded.output, reasoning = reasoning + excluded.reasoning, events = events + excluded.events
"""
_FROM_EVENTS = """
SELECT time_ms / 900000 AS bucket, label_id, sum(input), sum(cache_read), sum(cache_write), sum(cache_write_1h),
    sum(output), sum(reasoning), count(*)
FROM usage_event WHERE status = 0 GROUP BY 1, 2
"""
_STORED = """
SELECT bucket, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, events FROM usage_rollup
"""


class RollupChange:
    """What a transaction adds to, or takes from, the roll-up."""

    def __init__(self) -> None:
        """No change yet."""
        self._sums: dict[tuple[int, int], list[int]] = {}
        self._lowest: int | None = None
        self.events = 0

    def add(self, time_ms: int, label_id: int, parts: Sequence[int], sign: int) -> None:
        """Add an event (sign 1) or take it back (sign -1); `parts` are the six token counts."""
        self.events += sign
        key = (time_ms // BUCKET_MS, label_id)
        sums = self._sums.get(key)
        if sums is None:
            self._sums[key] = [*(sign * part for part in parts), sign]
            return
        a, b, c, d, e, f = parts
        sums[0] += sign * a
        sums[1] += sign * b
        sums[2] += sign * c
        sums[3] += sign * d
        sums[4] += sign * e
        sums[5] += sign * f
        sums[6] += sign

    def add_events(self, events: EventRows, label_ids: Sequence[int]) -> None:
        """Add new events; `label_ids` are the ledger's ids of the label sets that they point to."""
        sums = self._sums
        self.events += len(events)
        for bucket, label, *counts in events.sums:
            key = (bucket, label_ids[label])
            known = sums.get(key)
            if known is None:
                sums[key] = counts
            else:
                for place, count in enumerate(counts):
                    known[place] += count

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
        connection.executemany(_APPLY, [(*key, *sums) for key, sums in self._sums.items()])
        shrunk = [key for key, sums in self._sums.items() if sums[6] <= 0]
        if shrunk:
            connection.executemany("DELETE FROM usage_rollup WHERE bucket = ? AND label_id = ? AND events = 0", shrunk)
        lowest = min(bucket for bucket, _ in self._sums)
        self._lowest = lowest if self._lowest is None else min(lowest, self._lowest)
        self._sums.clear()


def differences(connection: sqlite3.Connection, limit: int = 20) -> list[tuple[int, int]]:
    """The (bucket, label set) pairs where roll-up and events disagree; none in a sound ledger."""
    found = connection.execute(
        f"SELECT bucket, label_id FROM (SELECT * FROM ({_FROM_EVENTS}) EXCEPT SELECT * FROM ({_STORED})) UNION "  # noqa: S608
        f"SELECT bucket, label_id FROM (SELECT * FROM ({_STORED}) EXCEPT SELECT * FROM ({_FROM_EVENTS})) LIMIT ?",
        (limit,),
    )
    return [(int(row[0]), int(row[1])) for row in found]
