"""A quick look at the ledger from a process that lives for a moment: read only, never made, never waited for long."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from tokendial.domain.tokens import TokenCounts
from tokendial.errors import LedgerError
from tokendial.store.migrations import SCHEMA_VERSION

_WAIT_SECONDS = 0.05
_QUARTER_MS = 900_000
_QUARTERS_A_DAY = 96
_DAY_MS = 86_400_000


Connection = sqlite3.Connection


class DaySum(NamedTuple):
    """What one model used on one UTC day, as far as it is priced alike; `day_ms` is the day's beginning."""

    provider: str
    model: str
    tier: str | None
    band: int
    day_ms: int
    tokens: TokenCounts


@contextmanager
def peek(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in a read transaction. Raises LedgerError where no ledger of this version is, or it is busy."""
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise LedgerError("The ledger may not be written to.")  # SQLite would leave a log with the same mode beside it
    try:
        with closing(
            sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_WAIT_SECONDS
            )
        ) as connection:
            connection.execute("BEGIN")
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                raise LedgerError("This ledger was written by another version of Tokendial.")
            yield connection
    except sqlite3.Error as error:
        raise LedgerError(f"The ledger cannot be read: {error}.") from error


def used_since(connection: sqlite3.Connection, since_ms: int) -> list[DaySum]:
    """What homes that are on used since an instant at a quarter of an hour, by what its price depends on."""
    rows = connection.execute(
        f"SELECT l.provider, l.model, nullif(l.tier, ''), l.band, r.bucket / {_QUARTERS_A_DAY} AS day, "  # noqa: S608
        "sum(r.input), sum(r.cache_read), sum(r.cache_write), sum(r.cache_write_1h), sum(r.output), sum(r.reasoning) "
        "FROM usage_rollup r JOIN label_set l ON l.id = r.label_id JOIN home h ON h.id = l.home_id AND h.active = 1 "
        "WHERE r.bucket >= ? GROUP BY 1, 2, 3, 4, 5",
        (since_ms // _QUARTER_MS,),
    )
    return [DaySum(row[0], row[1], row[2], row[3], row[4] * _DAY_MS, TokenCounts(*row[5:11])) for row in rows]
