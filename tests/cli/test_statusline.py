"""`tokendial statusline` in a process of its own: one line whatever comes in, and never in the way of the ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.run import Done, command, environment, run, sentence
from tests.services.test_blocks import respond
from tests.support.ledgers import connect
from tests.support.ordinary import drop, needs_modes
from tests.support.payloads import HOUR, claude_home, encoded, limits, now_ms

from tokendial.paths import LEDGER_NAME

FULL = "Opus 4.8 · ctx 38% · {cost} today · 5h 42% · week 17%\n"


@pytest.fixture
def place(clean_environment: Path) -> Path:
    """The home where Claude Code keeps it."""
    return claude_home(clean_environment / ".claude")


def call(data: Path, content: bytes, *more: str, ordinary: bool = False, **variables: str) -> Done:
    done = subprocess.run(
        command("--data-dir", data, "statusline", *more),
        input=content,
        env=environment(**variables),
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=drop() if ordinary else None,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def line(data: Path, content: bytes, *more: str, **variables: str) -> str:
    """The line of a call that did well."""
    done = call(data, content, *more, **variables)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") == 1
    assert len(done.out) > 1
    return done.out


def told(data: Path) -> list[tuple[str, str, float | None]]:
    """What `tokendial limits` says: (source, window, percent)."""
    answer = run("limits", "--json", "--no-scan", "--data-dir", data).json
    return [
        (limit["source"], window["label"], window["used_percent"])
        for limit in answer["limits"]
        for window in limit["windows"]
    ]


def settings(data: Path, **values: object) -> None:
    with connect(data / LEDGER_NAME) as ledger:
        ledger.execute("INSERT OR REPLACE INTO setting VALUES ('settings', ?)", (json.dumps(values),))
    ledger.close()


def test_the_line_and_what_is_kept(place: Path, data: Path) -> None:
    respond(place, now_ms() - 120_000)
    run("report", "--data-dir", data)
    cost = Decimal(run("report", "--data-dir", data, "--json", "--since", _today()).json["totals"]["cost_usd"])
    assert cost > 0
    assert line(data, encoded(place)) == FULL.format(cost=f"${cost:.4f}")
    assert told(data) == [("statusline", "5 hours", 42.0), ("statusline", "Weekly", 17.25)]
    text = run("limits", "--data-dir", data).out
    assert "Claude Code / claude (from the status line)" in text
    assert "17.25 %" in text


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_without_a_ledger_none_is_made_and_the_reading_waits(place: Path, data: Path) -> None:
    assert line(data, encoded(place)) == "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n"
    assert [path.name for path in data.iterdir()] == ["statusline"]
    assert told(data) == [("statusline", "5 hours", 42.0), ("statusline", "Weekly", 17.25)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{",
        b"null",
        b"[]",
        b"3",
        b'"\xc3\xa4"',
        b"\xff\xfe\x00",
        b"{}",
        b"[" * 50_000,
        b'{"rate_limits": 5}',
    ],
)
def test_whatever_comes_in_there_is_a_line(data: Path, content: bytes) -> None:
    assert line(data, content) == "Tokendial\n"
    assert not data.exists()


def test_at_a_terminal_it_says_what_it_is_for(data: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command("--data-dir", data, "statusline"),
        stdin=theirs,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert "standard input" in sentence(Done(done.returncode, done.stdout.decode(), done.stderr.decode()), 2)
    for end in (ours, theirs):
        os.close(end)


def test_format_currency_privacy_and_zone_of_the_settings(place: Path, data: Path) -> None:
    respond(place, now_ms() - 60_000)
    run("report", "--data-dir", data)
    settings(data, status_line_format="{cost_session} | {cost_today}", currency_sign="CHF", currency_rate="2")
    assert line(data, encoded(place)).startswith("CHF\u00a03.74 | CHF\u00a0")
    settings(data, status_line_format="{cost_session} | {cost_today} | {weekly}", privacy=True)
    assert line(data, encoded(place)) == "17%\n"
    settings(data, status_line_format="{five_hour_reset}", timezone="Asia/Tokyo")
    assert line(data, encoded(place)).strip()[-3] == ":"
    settings(data, status_line_format=5, timezone="Nowhere/Else")
    assert line(data, encoded(place)).startswith("Opus 4.8 · ctx 38% · $")


def test_a_model_without_a_price_is_not_free(place: Path, data: Path) -> None:
    respond(place, now_ms() - 60_000)
    log = next((place / "projects" / "-home-u-project").iterdir())
    plain = log.read_bytes()
    log.write_bytes(plain.replace(b"claude-opus-5", b"house-model"))
    run("report", "--data-dir", data)
    settings(data, status_line_format="{cost_today} · {weekly}")
    assert line(data, encoded(place)) == "17%\n"
    other = plain.replace(b"msg_011", b"msg_022").replace(b"req_011", b"req_022").replace(b"5907a1b2", b"5907a1b3")
    log.with_name("5907a1b3-0000-4000-8000-00000000000a.jsonl").write_bytes(other)
    run("report", "--data-dir", data)
    shown = line(data, encoded(place))
    assert shown.startswith("$")
    assert shown.endswith("+ · 17%\n")


def test_no_text_of_the_payload_is_kept(place: Path, data: Path) -> None:
    line(data, encoded(place, prompt="SECRET-MARKER", extra={"deep": ["SECRET-MARKER"]}))
    assert told(data)
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"five_hour" not in kept  # only what was understood, not what was said
    for secret in (b"SECRET-MARKER", b"Opus 4.8", b"5907a1b2", b"/home/u/project"):
        assert secret not in kept


def test_a_busy_ledger_is_not_waited_for(place: Path, data: Path) -> None:
    run("report", "--data-dir", data)
    writer = connect(data / LEDGER_NAME)
    writer.execute("BEGIN EXCLUSIVE")
    assert line(data, encoded(place)).endswith("5h 42% · week 17%\n")
    writer.execute("ROLLBACK")
    writer.close()
    assert len(told(data)) == 2


def test_a_foreign_or_newer_or_empty_ledger_is_left_alone(place: Path, data: Path) -> None:
    data.mkdir()
    path = data / LEDGER_NAME
    for content in (b"", b"no database " * 400):
        path.write_bytes(content)
        assert line(data, encoded(place)) == "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n"
        assert path.read_bytes() == content
    path.unlink()
    run("report", "--data-dir", data)
    with connect(path) as ledger:
        ledger.execute("PRAGMA user_version = 900")
    ledger.close()
    assert line(data, encoded(place)) == "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n"


@needs_modes
def test_a_data_folder_that_is_closed_costs_only_the_reading(place: Path, data: Path) -> None:
    data.mkdir(mode=0o555)
    done = call(data, encoded(place), ordinary=True)
    assert (done.code, done.out, done.err) == (0, "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n", "")
    assert list(data.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are bytes elsewhere")
def test_a_home_whose_name_is_no_text_costs_only_the_reading(data: Path, tmp_path: Path) -> None:
    home = os.path.join(os.fsencode(tmp_path), b"caf\xe9", b".claude")  # noqa: PTH118 - bytes
    os.makedirs(os.path.join(home, b"projects"))  # noqa: PTH103, PTH118
    shown = line(data, encoded(tmp_path, transcript_path=None), CLAUDE_CONFIG_DIR=os.fsdecode(home))
    assert shown.startswith("Opus 4.8")
    assert told(data) == []


def test_a_fault_of_the_ledger_s_content_costs_only_what_needs_it(place: Path, data: Path) -> None:
    respond(place, now_ms() - 60_000)
    run("report", "--data-dir", data)
    with connect(data / LEDGER_NAME) as ledger:
        ledger.execute("UPDATE price_rule SET body = x'7b'")
    ledger.close()
    assert line(data, encoded(place)) == "Opus 4.8 · ctx 38% · 5h 42% · week 17%\n"
    assert len(told_without_prices(data)) == 2


def told_without_prices(data: Path) -> list[bytes]:
    """The windows that wait."""
    (path,) = (data / "statusline").iterdir()
    return path.read_bytes().split(b'["claude"')[1:]


def test_the_named_home_and_the_one_around_the_transcript(place: Path, data: Path, tmp_path: Path) -> None:
    other = claude_home(tmp_path / "work" / ".claude")
    line(data, encoded(other, rate_limits=limits(7, None)))
    assert told(data) == []  # another home than the one that is read
    answer = run("limits", "--json", "--no-scan", "--data-dir", data, "--claude-home", other).json
    assert [window["used_percent"] for limit in answer["limits"] for window in limit["windows"]] == [7.0]


def test_twenty_agents_at_once_while_another_process_scans(place: Path, data: Path) -> None:
    """None fails, none waits for the scan, every reading that is news arrives, and the ledger stays sound."""
    now = now_ms()
    respond(place, *(now - HOUR + number * 100 for number in range(20_000)))
    reader = subprocess.Popen(
        command("report", "--data-dir", data), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    told_all = [encoded(place, rate_limits=limits(10 + number, 5, now)) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        lines = list(pool.map(lambda content: line(data, content), told_all))
    errors = reader.communicate(timeout=120)[1]
    assert (reader.returncode, errors) == (0, b"")
    assert sorted(text.split("5h ")[1] for text in lines) == [f"{10 + number}% · week 5%\n" for number in range(20)]
    (spooled,) = (data / "statusline").iterdir()
    assert len(spooled.read_bytes().splitlines()) == 20
    assert told(data) == [("statusline", "5 hours", 29.0), ("statusline", "Weekly", 5.0)]
    checked = run("doctor", "--json", "--data-dir", data).json
    assert (checked["rollup_ok"], checked["integrity_ok"], checked["events"]) == (True, True, 20_000)


def test_it_brings_nothing_heavy(place: Path, data: Path) -> None:
    run("report", "--data-dir", data)
    code = "import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    code += "from tokendial.cli.main import main\nmain()"
    arguments: Sequence[str] = [sys.executable, "-c", code, "--data-dir", str(data), "statusline"]
    done = subprocess.run(arguments, input=encoded(place), env=environment(), capture_output=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.decode().split()}
    assert loaded.isdisjoint({"flask", "peewee", "webview", "genai_prices", "rich", "watchdog", "filelock", "asyncio"})
