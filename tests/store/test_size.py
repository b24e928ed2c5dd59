"""How large a ledger is: everything that the file holds, per response."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.support.ledgers import connect, counted, file_of, ledger_of

from gen_logs import generate

MOST_BYTES = 160
LOGS = 20_000_000


def test_a_response_takes_at_most_160_bytes_all_included(home: Path, data: Path) -> None:
    """As a scan leaves it: events, prompts, readings, states of files, sums and every index."""
    (home / "sessions").rmdir()
    expected = generate(home, LOGS, days=60, thin=True)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert counted(ledger) == expected.totals.events > 10_000
    path = file_of(data, home)
    with closing(connect(path)) as outside:
        assert outside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert path.stat().st_size / expected.totals.events <= MOST_BYTES
