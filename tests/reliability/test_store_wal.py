"""S1: the power fails, and SQLite's write-ahead log is cut, ends in garbage, or has a wrong byte."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, content, file_of, ledger_of, scan_once
from tests.support.proofs import Proved, Size
from tests.support.rollout import session, usage

KINDS = ["cut", "garbage", "flipped"]


@pytest.mark.parametrize("kind", KINDS)
def test_s1_a_log_cut_anywhere_opens_and_is_completed(
    kind: str, home: Path, data: Path, tmp_path: Path, size: Size, proved: Proved
) -> None:
    """Three scans are in the log, none of them in the file yet: what opens is the end of one of them, or of none."""
    logs = [session(40), session(40, number=1, first=100)]
    with ledger_of(data, home) as ledger:
        ledger.database.writer.execute_sql("PRAGMA wal_autocheckpoint = 0")
        states = [content(ledger)]
        for step in range(3):
            if step < 2:
                logs[step].write(home)
            else:
                logs[0].count(usage(500)).write(home)
            ledger.scan()
            states.append(content(ledger))
        path = file_of(data, home)
        main, wal = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    assert len(wal) > 100_000
    assert scan_once(tmp_path / "clean", home) == states[-1]
    chance, seen, cuts = random.Random(kind), set[int](), size(67, 1667)
    for _ in range(cuts):
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        copy = file_of(crashed, home)
        copy.write_bytes(main)
        copy.with_name(copy.name + "-wal").write_bytes(_damaged(wal, kind, chance))
        with ledger_of(crashed, home) as ledger:
            assert ledger.notice is None
            assert_sound(ledger)
            seen.add(states.index(content(ledger)))
            ledger.scan()
            assert content(ledger) == states[-1]
            assert_sound(ledger)
        shutil.rmtree(crashed)
    assert len(seen) >= 3, "the cuts fell into the same scan"
    proved("S1", {"cut": "cuts", "garbage": "garbage tails", "flipped": "flipped bytes"}[kind], cuts)


def _damaged(wal: bytes, kind: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(wal))
    if kind == "cut":
        return wal[:at]
    if kind == "garbage":
        return wal[:at] + chance.randbytes(chance.randrange(1, 20_000))
    return wal[:at] + bytes([wal[at] ^ 1 << chance.randrange(8)]) + wal[at + 1 :]
