"""Sums of days that are over, kept for the next start: to add them up takes seconds at ten million responses.

A change that reaches into them takes them away in its own transaction (changes.py), so what is there is right.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from tokendial.store import changes, usage
from tokendial.store.day_sums import DaySums

_LEVEL = 1  # to add them up takes ten times as long as this, and as other levels twenty times


class KeptDays(NamedTuple):
    """Sums of local days: when each of them began, and when the last one ended, in UTC milliseconds."""

    starts: tuple[int, ...]
    end_ms: int
    sums: DaySums


def read(connection: sqlite3.Connection, zone: str, starts: tuple[int, ...], today_ms: int) -> KeptDays | None:
    """What is kept of a zone; None where nothing is, or where days begin at other times than `starts` and `today_ms`.

    `starts` is when each local day before today began, from the first event's on.
    """
    row = connection.execute("SELECT days, end_ms, starts, sums FROM kept_days WHERE zone = ?", (zone,)).fetchone()
    if row is None:
        return None
    days, end_ms, checked, body = row
    if end_ms != [*starts, today_ms][min(days, len(starts))] or checked != _check(starts[:days]):
        return None
    try:
        return KeptDays(starts[:days], end_ms, DaySums(array("q", zlib.decompress(body))))
    except (zlib.error, ValueError):
        return None


def alike_sums(connection: sqlite3.Connection, zone: str, starts: tuple[int, ...], today_ms: int) -> DaySums:
    """`usage.day_sums` of all those days, `alike`: of what is kept, and of the days since."""
    kept = read(connection, zone, starts, today_ms)
    if kept is None:
        return usage.day_sums(connection, None, today_ms, starts, alike=True)
    if kept.end_ms == today_ms:
        return kept.sums
    days = len(kept.starts)
    return kept.sums.then(usage.day_sums(connection, kept.end_ms, today_ms, starts[days:], alike=True), days)


def keep(connection: sqlite3.Connection, zone: str, kept: KeptDays, change: int) -> bool:
    """Keep sums instead of what was kept; False where they are too large for that, or not right any more.

    `change` is the last one that they hold.
    """
    packed = kept.sums.packed()
    low_ms = changes.since(connection, change)[1]
    if packed is None or (low_ms is not None and low_ms < kept.end_ms):
        return False
    connection.execute("DELETE FROM kept_days")
    connection.execute(
        "INSERT INTO kept_days (zone, days, end_ms, starts, sums) VALUES (?, ?, ?, ?, ?)",
        (zone, len(kept.starts), kept.end_ms, _check(kept.starts), zlib.compress(packed, _LEVEL)),
    )
    return True


def _check(starts: Sequence[int]) -> int:
    """Tells days apart that begin at other times, and machines that write numbers in another order."""
    return zlib.crc32(array("q", starts).tobytes())
