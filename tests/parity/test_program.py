"""Extra tests 7, 17 and 24 to 28 of the survey: the program behind the page, over its real transports."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from tests.api.support import Client
from tests.parity.logs import DAY, MINUTE, Log, ms
from tests.services.support import UTC, ledger_of, now_ms, program_of

from tokendial.api.bridge import invoke_function
from tokendial.api.program import Program
from tokendial.api.server import Server
from tokendial.errors import BadRequest, HomeUnavailable
from tokendial.ingest import service
from tokendial.paths import ledger_path
from tokendial.services import dashboard as overview
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.homes import (
    HomeAddRequest,
    HomeCheckRequest,
    HomeClearRequest,
    HomeRequest,
    HomeUpdateRequest,
)
from tokendial.services.contract.system import RefreshRequest
from tokendial.services.ledger import Ledger

WAIT_SECONDS = 20.0


def some_log(home: Path, number: int = 1, given: int = 900, born: str = "2025-03-01T10:00:00Z") -> Log:
    at = ms(born)
    return Log(home, at, number).turn(at + 1).respond(at + MINUTE, given + number).save()


def tokens(program: Program, **request: object) -> int:
    cards = program.dashboard(DashboardRequest(**{"range": "alltime", **request})).cards
    assert cards is not None
    return cards.usage.tokens.total_tokens


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not met():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def served(home: Path, data: Path, tmp_path: Path) -> Iterator[tuple[Program, Client]]:
    """The program behind a real server."""
    some_log(home)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("<!doctype html><title>page</title>")
    with program_of(data, home) as program, Server(program, static=tmp_path / "static") as server:
        yield program, Client(server)


def test_07_w7_active_minutes_are_saved_and_read_over_both_transports(served: tuple[Program, Client]) -> None:
    program, client = served
    reply = client.post("/api/settings.set", json.dumps({"values": {"active_minutes": 45}}).encode())
    assert (reply.status, reply.json["active_minutes"]) == (200, 45)
    assert client.post("/api/app.state").json["settings"]["active_minutes"] == 45
    assert client.post("/api/dashboard.get", b'{"range":"alltime"}').json["active_sessions"]["minutes"] == 45
    invoke = invoke_function(program)
    invoke("settings.set", {"values": {"active_minutes": 15}})
    state = invoke("app.state", None)["ok"]
    assert isinstance(state, dict)
    assert state["settings"]["active_minutes"] == 15
    wrong = client.post("/api/settings.set", json.dumps({"values": {"activeMinutes": 5}}).encode())
    assert (wrong.status, wrong.json["error"]["details"]["field"]) == (400, "activeMinutes")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (None, "2025-03-01", "start"),
        ("2025-03-01", None, "end"),
        (None, None, "start"),
        ("2025-03-02", "2025-03-01", "end"),
    ],
)
def test_17_w17_half_or_reversed_custom_ranges_are_refused(
    served: tuple[Program, Client], start: str | None, end: str | None, field: str
) -> None:
    """The page does not even ask: `frontend/src/state/filters.test.ts`."""
    _, client = served
    body = json.dumps({"range": "custom", "start": start, "end": end}).encode()
    for command in ("dashboard.get", "events.list", "sessions.list"):
        reply = client.post(f"/api/{command}", body)
        assert (reply.status, reply.json["error"]["details"]["field"]) == (400, field)


def test_24_w34_an_answer_says_which_range_it_is_for(home: Path, data: Path) -> None:
    """The page drops answers to older questions: `frontend/src/state/resource.test.ts`."""
    now = now_ms()
    Log(home, now - 2 * MINUTE).turn(now - 2 * MINUTE).respond(now - MINUTE, 900).save()
    some_log(home)
    with program_of(data, home) as program:
        stop = threading.Event()

        def write() -> None:
            for number in range(2, 40):
                some_log(home, number)
                program.refresh(RefreshRequest(wait=True))
                if stop.is_set():
                    return

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(15):
                page = program.dashboard(DashboardRequest(range="custom", start="2025-03-02", end="2025-03-03"))
                assert (page.range.start_ms, page.range.end_ms) == (ms("2025-03-02"), ms("2025-03-04"))
                assert page.cards is not None
                assert page.cards.usage.events == 0
                page = program.dashboard(DashboardRequest(range="last24h"))
                assert page.cards is not None
                assert (page.range.name, page.cards.usage.events) == ("last24h", 1)
        finally:
            stop.set()
            writer.join()
        assert tokens(program, range="last24h") == 1000


def test_25_w35_what_was_removed_stays_away_until_it_is_asked_for(
    home: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(home))
    some_log(home)
    with program_of(data) as program:
        (own,) = program.homes(Empty()).homes
        assert tokens(program) == 1001
        program.remove_home(HomeRequest(own.id))
        program.refresh(RefreshRequest(wait=True))
        some_log(home, 2)
        program.refresh(RefreshRequest(wait=True))
        assert (tokens(program), program.homes(Empty()).homes) == (0, [])
    with program_of(data) as program:
        assert (tokens(program), program.homes(Empty()).homes) == (0, []), "nor does a restart bring it back"
        program.add_home(HomeAddRequest("codex", str(home)))
        until(lambda: tokens(program) == 1001 + 1002)
    with program_of(data) as program:
        assert tokens(program) == 1001 + 1002


def test_25_w35_cleared_data_stays_cleared_until_a_rescan_is_asked_for(
    home: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a refresh, a file event, the reconcile every few minutes (here: all the time) or a restart reads it."""
    monkeypatch.setenv("CODEX_HOME", str(home))
    monkeypatch.setattr(service, "RECONCILE_SECONDS", 0.05)
    log = some_log(home)
    with program_of(data) as program:
        (own,) = program.homes(Empty()).homes
        with pytest.raises(BadRequest, match="'clear'"):
            program.clear_home(HomeClearRequest(own.id, "yes"))
        assert tokens(program) == 1001
        (own,) = program.clear_home(HomeClearRequest(own.id, " Clear ")).homes
        assert (own.state, own.files, tokens(program)) == ("cleared", 0, 0)
        log.respond("2025-03-01T11:00:00Z", 400).save()
        some_log(home, 2)
        finished = program.scan_status(Empty()).finished_at_ms or 0
        until(lambda: (program.scan_status(Empty()).finished_at_ms or 0) > finished + 1000)
        program.refresh(RefreshRequest(wait=True))
        program.update_home(HomeUpdateRequest(id=own.id, active=False))
        program.update_home(HomeUpdateRequest(id=own.id, active=True))
        program.add_home(HomeAddRequest("codex", str(home)))
        program.refresh(RefreshRequest(wait=True))
        assert tokens(program) == 0
    with program_of(data) as program:
        assert (tokens(program), program.homes(Empty()).homes[0].state) == (0, "cleared")
        program.rescan_home(HomeRequest(own.id))
        until(lambda: tokens(program) == 1001 + 500 + 1002)


def test_26_w36_a_home_that_is_switched_on_is_read_at_once(home: Path, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    some_log(home)
    some_log(other, 2)
    with program_of(data, home) as program, program.hub.subscribe() as heard:
        added = program.add_home(HomeAddRequest("codex", str(other), "second")).homes[-1]
        until(lambda: tokens(program) == 1001 + 1002)
        program.update_home(HomeUpdateRequest(id=added.id, active=False))
        assert tokens(program) == 1001
        some_log(other, 3)
        program.refresh(RefreshRequest(wait=True))
        program.update_home(HomeUpdateRequest(id=added.id, active=True))
        until(lambda: tokens(program) == 1001 + 1002 + 1003)
        names = {event.name for event in iter(lambda: heard.get(0), None)}
        assert names == {"usage-updated", "ingest-progress"}


def test_27_w37_a_tilde_is_the_home_folder_and_a_missing_folder_is_told(
    data: Path, clean_environment: Path, tmp_path: Path
) -> None:
    some_log(clean_environment / "logs")
    with program_of(data, tmp_path) as program:
        checked = program.check_home(HomeCheckRequest("codex", "~/logs"))
        assert (checked.path, checked.files, checked.problem) == (str(clean_environment / "logs"), 1, None)
        program.add_home(HomeAddRequest("codex", "~/logs"))
        until(lambda: tokens(program) == 1001)
        missing = program.check_home(HomeCheckRequest("codex", "~/nowhere"))
        assert (missing.exists, missing.problem) == (False, "This folder does not exist.")
        with pytest.raises(HomeUnavailable, match="does not exist"):
            program.add_home(HomeAddRequest("codex", "~/nowhere"))
        (clean_environment / "logs").rename(clean_environment / "elsewhere")
        status = program.refresh(RefreshRequest(wait=True))
        assert str(clean_environment / "logs") in (status.message or "")
        assert [one.state for one in program.homes(Empty()).homes] == ["empty", "missing"]
        assert tokens(program) == 1001, "what was counted stays"


def test_28_w39_one_panel_that_fails_leaves_the_others(home: Path, data: Path) -> None:
    """How the page shows it: `frontend/src/views/overview/OverviewPage.test.tsx`."""
    now = now_ms()
    log = Log(home, now - DAY).turn(now - DAY).respond(now - MINUTE, 900)
    log.limits(now - MINUTE, {"used_percent": 5, "window_minutes": 300, "resets_in_seconds": 600}).save()
    with ledger_of(data, home) as ledger:
        outside = sqlite3.connect(ledger.database.path)
        outside.execute("DROP TABLE prompt")
        outside.close()
        request = DashboardRequest(range="alltime")
        with ledger.view(zone=UTC) as view:
            page = overview.dashboard(view, request, active_minutes=60, demo=False)
        assert list(page.errors) == ["limits"]
        assert page.limits is None
        assert page.cards is not None
        assert page.cards.usage.tokens.total_tokens == 1000
        assert None not in (page.trends, page.breakdown, page.active_sessions, page.calendar)
        assert "prompt" not in page.errors["limits"].message, "a person reads words, the log has the details"
        assert msgspec.json.decode(msgspec.json.encode(page))["limits"] is None


def test_a_program_of_named_homes_leaves_the_configured_ledger_alone(home: Path, data: Path) -> None:
    some_log(home)
    with ledger_of(data, home):
        assert ledger_path(data, [("codex", home)]).exists()
        assert not ledger_path(data, []).exists()
    with pytest.raises(BadRequest), program_of(data, home) as program:
        program.dashboard(DashboardRequest(provider="nobody"))
    ledger = Ledger(data)
    assert ledger.homes() == []
    ledger.close()
