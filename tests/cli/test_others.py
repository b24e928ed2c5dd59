"""`limits`, `audit` and `doctor`, and what a report may import."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.run import Log, command, environment, run, sentence, two_days
from tests.parity.logs import HOUR, window
from tests.services.support import now_ms

from tokendial.services import sources
from tokendial.services.ledger import Ledger

SLOW = ("email", "flask", "werkzeug", "webview", "genai_prices", "rich", "watchdog", "PySide6", "qtpy")
LOADED = """
import sys
from tokendial.cli.main import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_limits_say_used_left_and_unknown(home: Path, data: Path) -> None:
    two_days(home)
    now = now_ms()
    Log(home, now - 9 * HOUR, 7).limits(now - 8 * HOUR, window(100, 300, now - 5 * HOUR), limit_id="old").save()
    done = run("limits", "--data-dir", data, "--codex-home", home)
    assert (done.code, done.err) == (0, "")
    rows = [line.split() for line in done.out.splitlines()]
    assert ["5", "hours", "0", "%", "100", "%"] in [row[:6] for row in rows]
    assert ["Weekly", "99.5", "%", "0.5", "%"] in [row[:5] for row in rows]
    assert ["5", "hours", "unknown", "unknown", "-", "-", "reset"] in rows
    answer = run("limits", "--data-dir", data, "--codex-home", home, "--json").json
    assert (answer["schema"], [one["limit_id"] for one in answer["limits"]]) == (1, ["codex", "old"])
    assert [one["used_percent"] for one in answer["limits"][0]["windows"]] == [0, 99.5]
    assert answer["limits"][1]["windows"][0]["used_percent"] is None


def test_without_limits_it_says_so(home: Path, data: Path) -> None:
    text = run("limits", "--data-dir", data, "--codex-home", home).out
    assert text.startswith("No limit is known yet.\nCodex: ")
    assert "%" not in text


def test_audit_finds_a_session_by_the_beginning_of_its_id(home: Path, data: Path) -> None:
    log = two_days(home)
    options = ["--data-dir", data, "--codex-home", home]
    detail = run("audit", log.id, *options, "--json").json
    assert (detail["session"]["id"], detail["session"]["usage"]["events"]) == (log.id, 2)
    assert {line["kind"]: line["records"] for line in detail["audit"]} == {"counted": 2, "null_info": 1}
    assert run("audit", log.id[:13], *options, "--json").json["session"]["id"] == log.id
    text = run("audit", log.id, *options).out
    assert f"Session {log.id}" in text
    assert "3,120 tokens, 2 responses, $" in text
    assert str(log.path) in text


def test_audit_of_an_ambiguous_or_unknown_session(home: Path, data: Path) -> None:
    two_days(home)
    options = ["--data-dir", data, "--codex-home", home]
    assert "Several sessions begin with '0195'" in sentence(run("audit", "0195", *options), 2)
    assert "knows no session 'nobody'" in sentence(run("audit", "nobody", *options), 1)
    assert "knows no session '%'" in sentence(run("audit", "%", *options), 1)


def test_doctor_finds_a_sound_ledger_and_tells_refused_lines(home: Path, data: Path) -> None:
    log = two_days(home)
    log.raw(b'{"timestamp":"2025-03-02T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count"').save()
    done = run("doctor", "--data-dir", data, "--codex-home", home)
    assert (done.code, done.err) == (0, "")
    assert "Roll-up equals events: yes." in done.out
    assert "Database: sound." in done.out
    assert f"1 x not a whole JSON line: {log.path} at byte " in done.out
    facts = run("doctor", "--data-dir", data, "--codex-home", home, "--json").json
    assert (facts["rollup_ok"], facts["integrity_ok"], facts["events"], facts["refused_total"]) == (True, True, 3, 1)


def test_doctor_says_which_homes_are_not_read(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEX_HOME", str(home))
    two_days(home)
    for change, words, told in (
        (lambda ledger: ledger.switch_home(1, active=False), "2 files, switched off", ""),
        (lambda ledger: ledger.switch_home(1, active=True), "2 files", ""),
        (lambda ledger: ledger.clear_home(1, 7), "0 files, cleared", "cleared"),
        (lambda ledger: ledger.reread_home(1), "2 files", ""),
        (
            lambda ledger: sources.switch(ledger, "codex", on=False),
            "2 files, provider switched off",
            "provider switched off",
        ),
    ):
        ledger = Ledger(data)
        ledger.scan()
        change(ledger)
        ledger.close()
        done = run("doctor", "--data-dir", data, CODEX_HOME=str(home))
        assert f"  codex {home} ({words})" in done.out
        assert done.err == (f"tokendial: {home} is not read: {told}\n" if told else "")


def test_doctor_fails_for_a_ledger_that_is_not_sound(home: Path, data: Path) -> None:
    two_days(home)
    run("report", "--data-dir", data, "--codex-home", home)
    (path,) = data.glob("*.sqlite3")
    outside = sqlite3.connect(path)
    outside.execute("UPDATE usage_rollup SET output = output + 1")
    outside.commit()
    outside.close()
    done = run("doctor", "--data-dir", data, "--codex-home", home, "--no-scan")
    assert done.code == 1
    assert "Roll-up equals events: NO." in done.out


def test_a_report_imports_nothing_it_does_not_need(home: Path, data: Path) -> None:
    two_days(home)
    arguments = ["report", "--data-dir", str(data), "--codex-home", str(home), "--json"]
    subprocess.run(command(*arguments), env=environment(), check=True, capture_output=True, timeout=60)
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=environment(), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "tokendial" in loaded
    assert loaded.isdisjoint(SLOW)


def test_doctor_says_how_the_logs_of_each_provider_are(data: Path, home: Path) -> None:
    two_days(home)
    printed = run("doctor", "--data-dir", data, "--codex-home", home).out
    assert "Codex: active. From 2 log files." in printed
    assert "off. Only the folders named for this run are read" in printed
