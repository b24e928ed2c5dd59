"""Exports: what the page shows, exact, harmless in a spreadsheet, and never held in memory as a whole."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.parity.logs import Log
from tests.services.support import UTC, board, events_of, ledger_of, pico, rule, sessions_of
from tests.support.rollout import session
from tests.support.spreadsheets import LATER, TRIGGERS, meant

from tokendial.errors import BadRequest, CannotWrite
from tokendial.services.contract.exports import ExportKind, ExportRequest
from tokendial.services.contract.jobs import JobStatus
from tokendial.services.csvtext import csv_cell
from tokendial.services.export import export, file_name
from tokendial.services.export_rows import COLUMNS
from tokendial.services.jobs import Cancelled, Job
from tokendial.services.ledger import Ledger
from tokendial.services.view import resolved

TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")
KINDS: tuple[ExportKind, ...] = ("events", "sessions", "days")
Row = dict[str, Any]


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    """Three days, two sessions, a model with a price and one without."""
    first = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:00Z", "gpt-5.5", "high")
    for minute in range(10, 40):
        first.respond(f"2025-03-01T10:{minute}:00Z", 1000 + minute, 500, 77, reasoning=5)
    first.respond("2025-03-03T09:00:00Z", 901, 0, 13).save()
    second = Log(home, "2025-03-02T23:00:00Z", 2).turn("2025-03-02T23:00:00Z", "local-proxy-7b", None, "/work/other")
    second.respond("2025-03-02T23:30:00Z", 400, 10, 3).save()
    with ledger_of(data, home) as opened:
        yield opened


def job(after: int | None = None, told: list[float | None] | None = None) -> Job:
    """A task; cancelled after some steps."""
    made: Job
    steps = 0

    def tell(status: JobStatus) -> None:
        nonlocal steps
        steps += 1
        if told is not None:
            told.append(status.progress)
        if after is not None and steps > after:
            made.cancel()

    made = Job(JobStatus(id=1, kind="export", state="running"), tell)
    return made


def written(ledger: Ledger, target: Path, what: ExportKind, style: str, **more: object) -> str:
    """Export and say what it said."""
    request = ExportRequest(**{"range": "alltime", "what": what, "format": style, **more})
    with ledger.view(request.provider, request.home, UTC) as view:
        return export(view, request, target, job())


def as_csv(ledger: Ledger, target: Path, what: ExportKind, **more: object) -> list[Row]:
    written(ledger, target, what, "csv", **more)
    with target.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_json(ledger: Ledger, target: Path, what: ExportKind, **more: object) -> dict[str, Any]:
    written(ledger, target, what, "json", **more)
    answer: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return answer


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("more", [{}, {"range": "custom", "start": "2025-03-01", "end": "2025-03-02"}], ids=str)
def test_each_export_adds_up_to_the_cards(
    what: ExportKind, more: dict[str, object], ledger: Ledger, tmp_path: Path
) -> None:
    cards = board(ledger, **more).cards
    assert cards is not None
    usage = cards.usage
    rows, whole = as_csv(ledger, tmp_path / "a.csv", what, **more), as_json(ledger, tmp_path / "a.json", what, **more)
    assert usage.cost.unpriced_models == ["local-proxy-7b"]
    for part in TOKENS:
        wanted = getattr(usage.tokens, part)
        assert sum(int(row[part]) for row in rows) == wanted
        assert sum(row[part] for row in whole["rows"]) == whole["totals"][part] == wanted
    cost = pico(usage.cost.usd)
    assert cost > 0
    assert sum(pico(row["cost_usd"] or None) for row in rows) == cost
    assert sum(pico(row["cost_usd"]) for row in whole["rows"]) == pico(whole["totals"]["cost_usd"]) == cost
    assert whole["totals"]["unpriced_models"] == ["local-proxy-7b"]
    assert whole["totals"]["rows"] == len(whole["rows"]) == len(rows)
    if what != "events":
        assert sum(row["responses"] for row in whole["rows"]) == usage.events
    else:
        assert len(rows) == usage.events
    if what == "sessions":
        assert len(rows) == cards.sessions


@pytest.mark.parametrize("what", KINDS)
def test_csv_and_json_hold_the_same_rows(what: ExportKind, ledger: Ledger, tmp_path: Path) -> None:
    rows, whole = as_csv(ledger, tmp_path / "a.csv", what), as_json(ledger, tmp_path / "a.json", what)
    assert [list(row) for row in rows] == [list(COLUMNS[what])] * len(rows)
    for flat, full in zip(rows, whole["rows"], strict=True):
        assert list(full) == list(COLUMNS[what])
        for name, value in full.items():
            text = "" if value is None else " ".join(value) if isinstance(value, list) else str(value)
            assert flat[name] == (text.lower() if isinstance(value, bool) else text)


def test_rows_are_those_of_the_page(ledger: Ledger, tmp_path: Path) -> None:
    shown = list(reversed(events_of(ledger)))
    rows = as_json(ledger, tmp_path / "e.json", "events")["rows"]
    assert [(row["session"], row["model"], row["cost_usd"], row["output_tokens"]) for row in rows] == [
        (event.session, event.model, event.cost_usd, event.tokens.output_tokens) for event in shown
    ]
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert rows[0]["time"] == "2025-03-01T10:10:00.000Z"
    found = as_json(ledger, tmp_path / "s.json", "sessions")["rows"]
    assert {(row["session"], row["cost_usd"], row["responses"]) for row in found} == {
        (row.id, row.usage.cost.usd, row.usage.events) for row in sessions_of(ledger)
    }


def test_days_are_those_of_the_zone_and_without_usage_left_out(ledger: Ledger, tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    rows = as_csv(ledger, tmp_path / "d.csv", "days")
    assert [row["day"] for row in rows] == ["2025-03-01", "2025-03-02", "2025-03-03"]
    request = ExportRequest(range="alltime", what="days", format="json")
    with ledger.view(zone=ZoneInfo("Asia/Tokyo")) as view:
        export(view, request, tmp_path / "t.json", job())
    tokyo = json.loads((tmp_path / "t.json").read_text())
    assert tokyo["timezone"] == "Asia/Tokyo"
    assert [(row["day"], row["responses"]) for row in tokyo["rows"]] == [("2025-03-01", 30), ("2025-03-03", 2)]


def test_what_has_no_price_is_named_and_never_free(ledger: Ledger, tmp_path: Path) -> None:
    said = written(ledger, tmp_path / "e.csv", "events", "csv")
    assert said == "32 responses written. Without a price, and without a cost in the file: local-proxy-7b."
    for row in as_csv(ledger, tmp_path / "e.csv", "events"):
        unpriced = row["model"] == "local-proxy-7b"
        assert (row["cost_usd"] == "", row["unpriced_models"]) == (unpriced, "local-proxy-7b" if unpriced else "")
    day = as_csv(ledger, tmp_path / "d.csv", "days")[1]
    assert (day["cost_usd"], day["unpriced_models"], day["unpriced_tokens"]) == ("", "local-proxy-7b", "403")
    ledger.prices.save([rule("local-*", "0", "0")])
    assert as_csv(ledger, tmp_path / "d.csv", "days")[1]["cost_usd"] == "0.000000000000"
    assert written(ledger, tmp_path / "s.csv", "sessions", "csv") == "2 sessions written."


@pytest.mark.parametrize("text", (*TRIGGERS, *LATER))
def test_c3_no_cell_is_a_formula_and_all_text_comes_back(text: str, home: Path, data: Path, tmp_path: Path) -> None:
    """The text stands in every column that a log can fill."""
    log = Log(home, "2025-03-01T10:00:00Z", cwd=text, originator=text)
    log.turn("2025-03-01T10:00:00Z", text, text, text).respond("2025-03-01T10:01:00Z").save()
    with ledger_of(data, home) as ledger:
        for what in KINDS:
            target = tmp_path / f"{what}.csv"
            flat, full = as_csv(ledger, target, what), as_json(ledger, tmp_path / "j.json", what)["rows"]
            raw = target.read_bytes()
            assert raw.endswith(b"\r\n")
            for row, exact in zip(flat, full, strict=True):
                for name, cell in row.items():
                    assert not cell.startswith(tuple("=+-@\t\r\n\0＝＋－＠")), (name, cell)
                    value = exact[name]
                    if isinstance(value, str):
                        assert meant(cell) == value
            assert any(meant(cell) != cell for row in flat for cell in row.values()), "the text is in it"


@pytest.mark.parametrize("text", ["12", "3.25", "plain", "", "'=1", "5-3", " =1"])
def test_c3_plain_text_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", ["-5", "+3.25", "-5%", "--5", "+1e5", "-", "+", "-1,5", "-٣"])
def test_c3_a_name_that_looks_like_a_number_is_text(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


def test_quotes_commas_and_lines_within_text(home: Path, data: Path, tmp_path: Path) -> None:
    folder = '/w/"a", b\r\nc'
    Log(home, "2025-03-01T10:00:00Z", cwd=folder).turn(
        "2025-03-01T10:00:00Z", cwd=folder
    ).respond("2025-03-01T10:01:00Z").save()  # fmt: skip
    with ledger_of(data, home) as ledger:
        exact = as_json(ledger, tmp_path / "e.json", "events")["rows"][0]["project"]
        assert '"a"' in exact
        assert as_csv(ledger, tmp_path / "e.csv", "events")[0]["project"] == exact


def test_an_empty_ledger_gives_a_file_without_rows(home: Path, data: Path, tmp_path: Path) -> None:
    with ledger_of(data, home) as ledger:
        for what in KINDS:
            assert as_csv(ledger, tmp_path / "e.csv", what) == []
            assert (tmp_path / "e.csv").read_text().startswith(",".join(COLUMNS[what][:2]))
            assert as_json(ledger, tmp_path / "e.json", what)["rows"] == []


def test_cancelling_leaves_the_file_that_was_there(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "e.csv"
    target.write_text("older")
    request = ExportRequest(range="alltime", what="events", format="csv")
    with pytest.raises(Cancelled), ledger.view(zone=UTC) as view:
        stopped = job()
        stopped.cancel()
        export(view, request, target, stopped)
    assert target.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_place_that_cannot_be_written_is_named(ledger: Ledger, tmp_path: Path) -> None:
    for target in (tmp_path / "missing" / "e.csv", tmp_path):
        with pytest.raises(CannotWrite) as error:
            written(ledger, target, "events", "csv")
        assert str(target) in error.value.message


def test_a_range_that_makes_no_sense_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        written(ledger, tmp_path / "e.csv", "days", "csv", range="custom", start="2025-03-02", end="2025-03-01")
    assert not (tmp_path / "e.csv").exists()


def test_the_name_says_what_and_of_when(ledger: Ledger) -> None:
    with ledger.view(zone=UTC) as view:
        for request, wanted in (
            (ExportRequest(range="alltime", what="days", format="csv"), "tokendial-days-alltime.csv"),
            (
                ExportRequest(range="custom", start="2025-03-01", end="2025-03-02", what="events", format="json"),
                "tokendial-events-2025-03-01-to-2025-03-02.json",
            ),
        ):
            assert file_name(request, resolved(view.range(request))) == wanted


def test_memory_does_not_grow_with_the_rows_and_progress_does(home: Path, data: Path, tmp_path: Path) -> None:
    for number in range(40):
        session(500, number=number, first=number * 1000).write(home)
    with ledger_of(data, home) as ledger:
        request, told = ExportRequest(range="alltime", what="events", format="json"), list[float | None]()
        with ledger.view(zone=UTC) as view, pytest.MonkeyPatch.context() as patch:
            patch.setattr("tokendial.services.jobs.TELL_SECONDS", 0.0)
            tracemalloc.start()
            export(view, request, tmp_path / "e.json", job(told=told))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert (tmp_path / "e.json").stat().st_size > 8_000_000
    assert peak < 3_000_000
    assert told == sorted(told, key=lambda share: share or 0.0)
    assert len(told) >= 40 and (told[-1] or 0) > 0.9
