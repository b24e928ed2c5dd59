"""`tokendial report`: its shape, its figures, its options."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from tests.cli.run import Done, Log, run, two_days

COUNTS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens", "events",
)  # fmt: skip
FIGURES = {**dict.fromkeys(COUNTS, int), "cost_usd": str, "unpriced_models": list}
SCAN = {**dict.fromkeys(("files", "files_read", "bytes_read", "events_added", "refused"), int), "seconds": float}
EVERY = ("day", "week", "month", "hour", "model", "effort", "project", "session", "provider")


def report(home: Path, data: Path, *more: str | Path, **variables: str) -> Done:
    done = run("report", "--data-dir", data, "--codex-home", home, *more, **variables)
    assert (done.code, done.err) == (0, "")
    return done


def types(value: dict[str, object]) -> dict[str, type]:
    return {key: type(one) for key, one in value.items()}


def test_json_has_exactly_the_fields_of_the_contract(home: Path, data: Path) -> None:
    two_days(home)
    answer = report(home, data, "--json", "--tz", "Europe/Berlin").json
    assert list(answer) == ["schema", "generated_at", "timezone", "by", "totals", "rows", "scan"]
    assert (answer["schema"], answer["timezone"], answer["by"]) == (1, "Europe/Berlin", "day")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer["generated_at"])
    assert types(answer["totals"]) == FIGURES
    assert answer["rows"]
    for row in answer["rows"]:
        assert types(row) == {**FIGURES, "key": str}
        assert re.fullmatch(r"\d+\.\d{12}", row["cost_usd"])
    assert types(answer["scan"]) == SCAN
    assert (answer["scan"]["files"], answer["scan"]["events_added"]) == (2, 3)
    again = report(home, data, "--json").json["scan"]
    assert (again["files"], again["files_read"], again["bytes_read"], again["events_added"]) == (2, 0, 0, 0)


def test_figures_by_day(home: Path, data: Path) -> None:
    two_days(home)
    answer = report(home, data, "--json", "--tz", "UTC").json
    assert [(row["key"], row["events"], row["total_tokens"]) for row in answer["rows"]] == [
        ("2025-03-01", 1, 1050), ("2025-03-02", 2, 2081),
    ]  # fmt: skip
    first = answer["rows"][0]
    assert [first[name] for name in COUNTS] == [500, 400, 100, 0, 50, 20, 1050, 1]
    assert answer["totals"]["unpriced_models"] == answer["rows"][1]["unpriced_models"] == ["house-model"]
    assert first["unpriced_models"] == []
    assert float(first["cost_usd"]) > 0


@pytest.mark.parametrize("by", EVERY)
def test_every_grouping_has_the_same_totals(home: Path, data: Path, by: str) -> None:
    two_days(home)
    answer = report(home, data, "--json", "--by", by, "--tz", "UTC").json
    for name in COUNTS:
        assert sum(row[name] for row in answer["rows"]) == answer["totals"][name]
    assert answer["totals"]["total_tokens"] == 3131
    keys = [row["key"] for row in answer["rows"]]
    assert (
        keys
        == {
            "day": ["2025-03-01", "2025-03-02"],
            "week": ["2025-02-24"],
            "month": ["2025-03"],
            "hour": ["2025-03-01T23:00+00:00", "2025-03-02T01:00+00:00", "2025-03-02T08:00+00:00"],
            "model": ["house-model", "gpt-5.5"],
            "effort": ["unknown", "high", "medium"],
            "project": ["/work/infra", "/work/shop"],
            "session": keys,
            "provider": ["codex"],
        }[by]
    )
    if by == "session":
        assert [len(key) for key in keys] == [36, 36]


def test_days_are_days_of_the_zone(home: Path, data: Path) -> None:
    two_days(home)
    tokyo = report(home, data, "--json", "--tz", "Asia/Tokyo").json
    assert [row["key"] for row in tokyo["rows"]] == ["2025-03-02"]
    system = report(home, data, "--json", TZ="America/New_York").json
    assert (system["timezone"], [row["key"] for row in system["rows"]]) == (
        "America/New_York", ["2025-03-01", "2025-03-02"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        (["--since", "2025-03-02"], 2081),
        (["--until", "2025-03-01"], 1050),
        (["--since", "2025-03-01", "--until", "2025-03-02"], 3131),
        (["--since", "2025-03-03"], 0),
        (["--until", "2025-02-01"], 0),
        (["--since", "2190-01-01"], 0),
        (["--provider", "codex"], 3131),
    ],
)
def test_since_and_until_include_their_days(home: Path, data: Path, options: list[str], tokens: int) -> None:
    two_days(home)
    for by in ("day", "model", "session"):
        answer = report(home, data, "--json", "--tz", "UTC", "--by", by, *options).json
        assert answer["totals"]["total_tokens"] == sum(row["total_tokens"] for row in answer["rows"]) == tokens


def test_a_table_for_people(home: Path, data: Path) -> None:
    two_days(home)
    lines = report(home, data, "--tz", "UTC").out.splitlines()
    assert lines[0].split() == [
        "Day",
        "Tokens",
        "Input",
        "Cached",
        "Written",
        "Output",
        "Reasoning",
        "Responses",
        "Cost",
    ]
    assert lines[2].split()[:8] == ["2025-03-01", "1,050", "500", "400", "100", "50", "20", "1"]
    assert lines[-2].split()[:2] == ["Total", "3,131"]
    assert lines[-1] == "Without a price: house-model"


def test_without_logs_it_says_what_to_do(home: Path, data: Path) -> None:
    assert report(home, data).out.startswith("No usage found.")
    assert report(home, data, "--json").json["rows"] == []
    assert len(report(home, data, "--csv").out.splitlines()) == 1


def test_csv_is_safe_for_spreadsheets(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01")
    names = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", 'a "quoted", name', "plain"]
    for number, name in enumerate(names):
        log.turn("2025-03-01", name).respond("2025-03-01T01:00:00Z", 100 + number)
    log.save()
    done = run("report", "--data-dir", data, "--codex-home", home, "--csv", "--by", "model")
    rows = list(csv.reader(io.StringIO(done.out, newline="")))
    assert rows[0] == ["model", *COUNTS, "cost_usd", "unpriced_models"]
    assert {row[0] for row in rows[1:]} == {"'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "'\tx", 'a "quoted", name', "plain"}
    assert all(row[-1] == row[0] for row in rows[1:])
    by_day = report(home, data, "--csv").out
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(by_day)) for cell in row)


def test_control_characters_of_names_are_shown_as_escapes(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01", parent_thread_id="p\x1b[31m")
    log.turn("2025-03-01", "red\x1b[31m\u202emodel\x07").respond("2025-03-01T01:00:00Z", 900).save()
    done = report(home, data, "--by", "model")
    assert "red\\u001b[31m\\u202emodel\\u0007" in done.out
    audit = run("audit", log.id, "--data-dir", data, "--codex-home", home)
    assert "Parent p\\u001b[31m" in audit.out
    for text in (done.out, audit.out):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert report(home, data, "--json", "--by", "model").json["rows"][0]["key"] == "red\x1b[31m\u202emodel\x07"
