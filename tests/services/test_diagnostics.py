"""Diagnostics: what was refused and why, and whether the ledger is sound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.parity.logs import Log
from tests.services.support import ledger_of

from tokendial.services.contract.diagnostics import Diagnostics
from tokendial.services.diagnostics import diagnose
from tokendial.services.ledger import Ledger
from tokendial.services.status import scan_status

START = "2025-03-01T10:00:00Z"


def facts(ledger: Ledger) -> Diagnostics:
    return diagnose(ledger, scan_status(ledger.scan()), "none")


def bad(home: Path) -> Log:
    """Two lines of one kind of fault, one each of two others, and a good one after them."""
    log = Log(home, START).turn(START).respond(START, 900)
    log.raw(b'{"timestamp":"2025-03-01T10:01:30.000Z","type":"event_msg","payload":{"type":"token_count"')
    log.raw(b'{"timestamp":"2025-03-01T10:01:31.000Z","type":"event_msg","payload":{"type":"token_count"\xff')
    log.count(START, [-5, 0, 0, 0, 0, -5], [-5, 0, 0, 0, 0, -5])
    log.respond("2031-03-01T10:00:00Z", 900)
    return log.respond("2025-03-01T10:05:00Z", 400).save()


def test_refused_lines_are_told_by_file_and_reason(home: Path, data: Path) -> None:
    log = bad(home)
    with ledger_of(data, home) as ledger:
        found = facts(ledger)
    assert {row.reason: row.count for row in found.refused} == {"not_json": 2, "bad_count": 1, "bad_time": 1}
    assert {row.path for row in found.refused} == {str(log.path)}
    assert all(row.label != row.reason for row in found.refused), "every reason has words"
    content = log.path.read_bytes()
    for row in found.refused:
        assert content[row.first_offset : row.first_offset + 13] == b'{"timestamp":'
    assert (found.refused_total, found.last_scan.refused, found.events) == (4, 4, 2)


def test_a_mended_file_is_no_longer_refused(home: Path, data: Path) -> None:
    log = bad(home)
    with ledger_of(data, home) as ledger:
        assert facts(ledger).refused_total == 4
        log.path.write_bytes(b"".join(log.saved[:3]))
        assert facts(ledger).refused == []


def test_counts_of_files_and_sessions(home: Path, data: Path) -> None:
    first = Log(home, START).turn(START).respond(START).save()
    Log(home, START, 2).turn(START).respond(START, 500).save()
    with ledger_of(data, home) as ledger:
        found = facts(ledger)
        assert (found.events, found.sessions, found.files, found.files_gone) == (2, 2, 2, 0)
        assert found.database_bytes > 0
        assert (found.rollup_ok, found.integrity_ok, found.data_dir) == (True, True, str(data))
        first.path.unlink()
        found = facts(ledger)
        assert (found.events, found.files, found.files_gone) == (2, 1, 1)


def test_a_roll_up_that_differs_is_noticed(home: Path, data: Path) -> None:
    Log(home, START).turn(START).respond(START).save()
    with ledger_of(data, home) as ledger:
        outside = sqlite3.connect(ledger.database.path)
        outside.execute("UPDATE usage_rollup SET output = output + 1")
        outside.commit()
        outside.close()
        assert not facts(ledger).rollup_ok


def test_an_archive_that_cannot_be_read_is_told_with_its_file(home: Path, data: Path) -> None:
    log = Log(home, START).turn(START).respond(START).save()
    broken = log.path.with_name(log.path.name.replace("0001.jsonl", "0002.jsonl.zst"))
    broken.write_bytes(b"no archive at all")
    with ledger_of(data, home) as ledger:
        found = facts(ledger)
    assert [row.path for row in found.refused] == [str(broken)]
    assert found.refused[0].reason.startswith("unreadable")
    assert found.events == 1
