"""What changed in the ledger since: so that sums over days that are over need not be made again and again."""

from __future__ import annotations

import sqlite3

_KEPT = 1_000


def note(connection: sqlite3.Connection, low_ms: int | None) -> None:
    """Note, in the transaction that changes it, the earliest time a change is about; None changes no sum.

    What is kept of days that it reaches into is taken away.
    """
    if low_ms is None:
        return
    row = connection.execute("INSERT INTO ledger_change (low_ms) VALUES (?) RETURNING seq", (low_ms,)).fetchone()
    connection.execute("DELETE FROM ledger_change WHERE seq <= ?", (int(row[0]) - _KEPT,))
    connection.execute("DELETE FROM kept_days WHERE end_ms > ?", (low_ms,))


def since(connection: sqlite3.Connection, seq: int) -> tuple[int, int | None]:
    """The number of the last change, and the earliest time that any change after `seq` is about (None: no change).

    Where changes were forgotten in between, everything may have changed: time 0.
    """
    first, last = connection.execute("SELECT min(seq), max(seq) FROM ledger_change").fetchone()
    if last is None or last == seq:
        return last or 0, None
    if seq > last or first > seq + 1:
        return last, 0
    low = connection.execute("SELECT min(low_ms) FROM ledger_change WHERE seq > ?", (seq,)).fetchone()
    return last, int(low[0])
