"""Live sources in the program: off until switched on, their readings kept once, and nothing lost by a failure."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.live.played import Played, Stage, stage
from tests.services.support import limits_of

from tokendial.api.program import Program
from tokendial.errors import NotFound
from tokendial.live.line import HttpLine
from tokendial.providers import PROVIDERS
from tokendial.providers.codex.live import CodexLive
from tokendial.services import live as service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.homes import HomeRequest
from tokendial.services.contract.live import LiveHome, LiveSwitch
from tokendial.services.contract.providers import ProviderSwitch
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.ledger import Ledger
from tokendial.services.live import LiveDesk

ON, OFF = LiveSwitch("codex", on=True), LiveSwitch("codex", on=False)


def answer(used: float, resets_in_s: int = 7_200) -> Played:
    """What the service says."""
    window = {"used_percent": used, "limit_window_seconds": 18_000, "reset_at": int(time.time()) + resets_in_s}
    return Played(body=json.dumps({"plan_type": "pro", "rate_limit": {"primary_window": window}}).encode())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The service of the one provider that has its source here."""
    with stage() as played:
        source = CodexLive(played.url, find_program=lambda: None)
        only: dict[str, tuple[CodexLive, ...]] = {"codex": (source,)}
        known = tuple(one._replace(live_sources=partial(only.get, one.descriptor.id, ())) for one in PROVIDERS)
        monkeypatch.setattr(service, "PROVIDERS", known)
        yield played


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "auth.json").write_text('{"tokens": {"access_token": "nothing-real"}}')
    return tmp_path / "home"


@contextmanager
def running(data: Path, home: Path) -> Iterator[Program]:
    program = Program(Ledger(data, [("codex", home)], workers=0), "browser")
    try:
        yield program
    finally:
        program.close()


def until_tried(program: Program) -> LiveHome:
    """The home, once it was asked."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        (found,) = (one for one in program.live_sources(Empty()).sources if one.id == "codex")
        if found.homes and found.homes[0].tried_ms is not None:
            return found.homes[0]
        time.sleep(0.02)
    raise AssertionError("nobody was asked")


def test_nothing_is_asked_before_it_is_switched_on(server: Stage, tmp_path: Path, home: Path) -> None:
    with running(tmp_path / "data", home) as program:
        program.refresh_live(Empty())
        time.sleep(0.2)
        assert server.requests == []
        (found,) = program.live_sources(Empty()).sources
        assert (found.on, found.homes[0].state, found.homes[0].reads) == (False, "off", str(home / "auth.json"))
        assert found.asks == f"{server.url}/backend-api/wham/usage"
        with pytest.raises(NotFound):
            program.switch_live(LiveSwitch("claude", on=True))


def test_a_reading_is_kept_once_with_its_source(server: Stage, tmp_path: Path, home: Path) -> None:
    server.play(answer(40))
    with running(tmp_path / "data", home) as program, program.hub.subscribe() as heard:
        program.switch_live(ON)
        assert until_tried(program).state == "live"
        names = {event.name for event in iter(lambda: heard.get(0.1), None)}
        assert "limits-updated" in names
        limit = limits_of(program.own)["codex"]
        assert (limit.source, limit.plan, limit.windows[0].used_percent) == ("live", "pro", 40.0)
    with Ledger(tmp_path / "data", [("codex", home)], workers=0).database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM limit_reading").fetchone() == (1,)


def test_a_restart_goes_on_and_does_not_ask_sooner(server: Stage, tmp_path: Path, home: Path) -> None:
    server.play(answer(40))
    with running(tmp_path / "data", home) as program:
        program.switch_live(ON)
        until_tried(program)
    with running(tmp_path / "data", home) as program:
        program.refresh_live(Empty())
        time.sleep(0.2)
        assert until_tried(program).state == "live"
    assert len(server.requests) == 1


def test_a_failure_says_why_and_the_last_reading_stays(server: Stage, tmp_path: Path, home: Path) -> None:
    with running(tmp_path / "data", home) as program:
        server.play(answer(40), Played(429, headers={"Retry-After": "60"}))
        program.switch_live(ON)
        until_tried(program)
        clock = [time.time() + 3_600]
        desk = LiveDesk(program.own, lambda: None, HttpLine(seconds=2))
        desk._coordinator._now = lambda: clock[0]
        desk._coordinator.ask_due(by_hand=False)
        ((_, asked),) = desk._coordinator.asked.items()
        assert (asked.kind, asked.good_ms is not None) == ("throttled", True)
        (found,) = desk.listed().sources
        assert (found.homes[0].state, found.homes[0].message) == ("stale", asked.message)
        assert limits_of(program.own)["codex"].windows[0].used_percent == 40.0


@pytest.mark.parametrize("way", ["source", "provider", "home"])
def test_what_is_off_is_not_asked(server: Stage, tmp_path: Path, home: Path, way: str) -> None:
    server.play(answer(40))
    with running(tmp_path / "data", home) as program:
        program.switch_live(ON)
        until_tried(program)
        if way == "source":
            program.switch_live(OFF)
        elif way == "provider":
            program.switch_provider(ProviderSwitch("codex", on=False))
        else:
            program.remove_home(HomeRequest(program.own.homes()[0].id))
        coordinator = program.live._coordinator
        coordinator._now = lambda: time.time() + 7_200
        assert coordinator.ask_due(by_hand=True) == 0
        if way == "home":
            assert limits_of(program.own) == {}
    assert len(server.requests) == 1


def test_the_cadence_is_one_of_the_offered_and_by_hand_asks_nobody(server: Stage, tmp_path: Path, home: Path) -> None:
    server.play(answer(40))
    with running(tmp_path / "data", home) as program:
        program.change_settings(SettingsPatch(values={"live_every_seconds": 0, "live_sources": ["codex"]}))
        time.sleep(0.2)
        coordinator = program.live._coordinator
        assert coordinator.ask_due(by_hand=False) == 0
        assert coordinator.ask_due(by_hand=True) == 1
        (found,) = program.live_sources(Empty()).sources
        assert found.homes[0].next_ms is None
        with pytest.raises(Exception, match="offered"):
            program.change_settings(SettingsPatch(values={"live_every_seconds": 7}))


def test_less_than_before_is_a_reading_too(server: Stage, tmp_path: Path, home: Path) -> None:
    """A provider that gives some back says so itself; it is not an old session's memory."""
    server.play(answer(40), answer(15))
    with running(tmp_path / "data", home) as program:
        program.switch_live(ON)
        until_tried(program)
        coordinator = program.live._coordinator
        coordinator._now = lambda: time.time() + 600
        assert coordinator.ask_due(by_hand=False) == 1
        with program.own.database.reading() as connection:
            rows = connection.execute("SELECT used_percent FROM limit_reading ORDER BY time_ms").fetchall()
        assert rows == [(40.0,), (15.0,)]


def test_no_secret_is_in_any_file(server: Stage, tmp_path: Path, home: Path) -> None:
    server.play(answer(40), Played(401))
    with running(tmp_path / "data", home) as program:
        program.switch_live(ON)
        until_tried(program)
        assert server.requests[0].headers["authorization"] == "Bearer nothing-real"
        program.live._coordinator._now = lambda: time.time() + 600
        assert program.live._coordinator.ask_due(by_hand=True) == 1
        written = [file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file()]
    written += [file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert sum(map(len, written)) > 10_000
    assert not any(b"nothing-real" in one for one in written)
