"""Diagnostics: what was refused and why, and whether the ledger is sound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import zstandard
from tests.parity.logs import Log
from tests.services.support import ledger_of

from tokendial.services.contract.diagnostics import Diagnostics
from tokendial.services.diagnostic_report import masked
from tokendial.services.diagnostics import check, diagnose, refused_lines
from tokendial.services.ledger import Ledger
from tokendial.services.status import scan_status
from tokendial.store import homes

START = "2025-03-01T10:00:00Z"


def facts(ledger: Ledger) -> Diagnostics:
    return diagnose(ledger, scan_status(ledger.scan()), "none", check(ledger))


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


def test_the_line_of_each_refused_line_is_counted_in_its_file(home: Path, data: Path) -> None:
    log = bad(home)
    with ledger_of(data, home) as ledger:
        found = {place.reason: place.line for place in refused_lines(ledger, None).lines}
        lines = log.path.read_bytes().split(b"\n")
        assert set(found) == {"not_json", "bad_count", "bad_time"}
        assert b'"token_count"' in lines[(found["not_json"] or 0) - 1] and found["not_json"] == 4
        assert b"-5" in lines[(found["bad_count"] or 0) - 1]
        assert b"2031" in lines[(found["bad_time"] or 0) - 1]
        assert refused_lines(ledger, str(log.path)).lines == refused_lines(ledger, None).lines
        assert refused_lines(ledger, "/etc/passwd").lines == [], "no file but those of the ledger is looked into"


def test_a_compressed_log_has_line_numbers_too(home: Path, data: Path) -> None:
    log = bad(home)
    packed = log.path.with_name(log.path.name + ".zst")
    packed.write_bytes(zstandard.compress(log.path.read_bytes()))
    log.path.unlink()
    with ledger_of(data, home) as ledger:
        found = {place.reason: place.line for place in refused_lines(ledger, None).lines}
    assert found["not_json"] == 4


def test_a_large_file_is_left_until_it_is_asked_for(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = bad(home)
    monkeypatch.setattr("tokendial.services.diagnostics._QUICK_BYTES", 10)
    with ledger_of(data, home) as ledger:
        assert {(place.line, place.problem) for place in refused_lines(ledger, None).lines} == {(None, None)}
        assert all(place.line for place in refused_lines(ledger, str(log.path)).lines)


def test_a_file_that_has_changed_or_gone_says_so(home: Path, data: Path) -> None:
    log = bad(home)
    with ledger_of(data, home) as ledger:
        log.path.write_bytes(b"short\n")
        assert {place.problem for place in refused_lines(ledger, None).lines} == {"the file has changed since"}
        log.path.unlink()
        places = refused_lines(ledger, None).lines
        assert all(place.problem and place.problem.startswith("cannot be read now") for place in places)


def test_nothing_that_takes_long_is_done_unasked(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokendial.store.health.integrity", lambda _connection: pytest.fail("not asked for"))
    monkeypatch.setattr("tokendial.store.health.rollup_differences", lambda _connection: pytest.fail("not asked for"))
    with ledger_of(data, home) as ledger:
        found = diagnose(ledger, scan_status(ledger.scan()), "none")
    assert (found.rollup_ok, found.integrity_ok, found.checked_at_ms) == (None, None, None)
    assert "Database check: not asked for" in found.report


SECRETS = {
    "prompt": "please fix the canary bug",
    "key": "sk-proj-CANARY0123456789abcdef",
    "title": "Canary takeover plans",
    "project": "canary-customer-ltd",
    "branch": "canary/secret-branch",
    "bearer": "Bearer CANARYeyJhbGciOiJIUzI1NiJ9",
    "label": "Canary label",
}


def test_the_report_holds_no_prompt_secret_name_or_whole_path(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets stand wherever a log, a name, a folder or the environment can carry one."""
    user = "canaryuser"
    person = clean_environment / user
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.setenv("USERPROFILE", str(person))
    monkeypatch.setenv("LOGNAME", user)
    monkeypatch.setenv("OPENAI_API_KEY", SECRETS["key"])
    home, data = person / ".codex" / SECRETS["project"], person / ".local" / "share" / "tokendial"
    log = Log(home, START, cwd=f"/work/{SECRETS['project']}", git={"branch": SECRETS["branch"]})
    log.turn(START, cwd=f"/work/{SECRETS['project']}").prompt(START).respond(START, 900)
    for secret in SECRETS.values():
        log.raw(f'{{"timestamp":"{START}","type":"event_msg","payload":{{"type":"token_count","x":"{secret}'.encode())
    log.save()
    (home / "session_index.jsonl").write_text(f'{{"id":"{log.id}","thread_name":"{SECRETS["title"]}"}}\n')
    broken = log.path.with_name(log.path.name.replace("0001.jsonl", "0002.jsonl.zst"))
    broken.write_bytes(SECRETS["key"].encode())
    with ledger_of(data, home) as ledger:
        homes.update(ledger.database, ledger.homes()[0].id, label=SECRETS["label"], active=None)
        status = scan_status(ledger.scan(), message=f"{home}: Permission denied for {user}")
        window = f"browser (no library in {person}/lib for {user})"
        found = diagnose(ledger, status, window, check(ledger))
    assert found.refused_total == len(SECRETS) + 1
    assert str(home) in found.refused[0].path, "the page itself shows where"
    text = found.report.lower()
    for secret in (*SECRETS.values(), user, str(person), str(home), str(clean_environment), "canary"):
        assert secret.lower() not in text, secret
    assert "Data folder: ~/.local/share/tokendial" in found.report
    assert "not a whole JSON line: 7 in 1 files" in found.report
    assert "unreadable: 1 in 1 files" in found.report
    assert "Database check: sound" in found.report and "Sums equal responses: yes" in found.report


def test_only_whole_names_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("LOGNAME", "ada")
    assert masked("/home/ada/x, /srv/adams/y, Ada, canada") == "~/x, /srv/adams/y, user, canada"
    monkeypatch.setenv("HOME", "/")
    monkeypatch.setenv("LOGNAME", "x")
    assert masked("/a/x") == "/a/x"
