"""Alerts through the program: what is published, what commands answer, and what wakes the watch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import HOUR, Log, window
from tests.services.support import now_ms, program_of

from tokendial.api.commands import registry
from tokendial.api.events import Alert, Subscription
from tokendial.api.parts.alerts import IN_BROWSER
from tokendial.api.program import Program
from tokendial.errors import BadRequest, NotFound
from tokendial.services.contract.alerts import AlertSettings
from tokendial.services.contract.common import Empty
from tokendial.services.contract.system import RefreshRequest

Told = list[tuple[str, str]]


class FakeNotices:
    """Takes notes in place of the system."""

    def __init__(self) -> None:
        self.shown: Told = []

    def why_not(self) -> str | None:
        return None

    def show(self, title: str, message: str) -> str | None:
        self.shown.append((title, message))
        return None


class World:
    """The program over a log that says 70 % now."""

    def __init__(self, program: Program, log: Log, events: Subscription) -> None:
        self.program, self.log, self.events = program, log, events
        self.notices = program.notices = FakeNotices()

    def call(self, name: str, **request: object) -> dict:
        answer = registry.invoke(self.program, name, request)
        assert isinstance(answer, dict)
        return answer

    def use(self, percent: float) -> None:
        now = now_ms()
        self.log.limits(now, window(percent, 300, now + HOUR)).save()
        self.program.refresh(RefreshRequest(wait=True))

    def next(self, name: str, seconds: float = 10) -> object:
        """The payload of the next event of a name; None where none comes."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            event = self.events.get(left)
            if event is not None and event.name == name:
                return event.payload
        return None


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    now = now_ms()
    log = Log(tmp_path / "codex", now - HOUR).limits(now - 1000, window(70, 300, now + HOUR)).save()
    with program_of(tmp_path / "data", tmp_path / "codex") as program, program.hub.subscribe() as events:
        yield World(program, log, events)


def test_a_new_alert_is_published_with_and_without_its_names(world: World) -> None:
    world.use(92)
    told = world.next("alert")
    assert isinstance(told, Alert)
    assert (told.title, told.plain_title) == ("Codex: 5 hours at 92 %", "Codex: 5 hours at 92 %")
    assert isinstance(world.next("alerts-updated"), Empty)
    assert [title for title, _ in world.notices.shown] == ["Codex: 5 hours at 92 %"]
    (entry,) = [one for one in world.call("alerts.get")["current"] if one["kind"] == "threshold"]
    assert (entry["provider"], entry["window_minutes"], entry["step"], entry["status"]) == ("codex", 300, 90, "active")


def test_a_lowered_step_is_told_without_a_new_reading(world: World) -> None:
    world.program.watch.request()
    assert world.next("alert", 1) is None
    world.call("settings.set", values={"alerts": {"steps": [60], "runs_out": False}})
    told = world.next("alert")
    assert isinstance(told, Alert)
    assert told.title == "Codex: 5 hours at 70 %"


def test_snooze_wake_and_dismiss_answer_the_list(world: World) -> None:
    world.call("settings.set", values={"alerts": {"steps": [60], "runs_out": False}})
    world.next("alert")
    identity = world.call("alerts.get")["current"][0]["id"]
    assert world.call("alerts.snooze", id=identity, until="hour")["current"][0]["status"] == "snoozed"
    assert world.call("alerts.wake", id=identity)["current"][0]["status"] == "active"
    gone = world.call("alerts.dismiss", id=identity)
    assert (gone["current"], gone["history"][0]["status"]) == ([], "dismissed")
    assert world.call("alerts.snooze", until="tomorrow")["all_snoozed_until_ms"] > now_ms()
    assert world.call("alerts.wake")["all_snoozed_until_ms"] is None


@pytest.mark.parametrize(
    ("name", "request_", "error"),
    [
        ("alerts.snooze", {"id": "99", "until": "hour"}, NotFound),
        ("alerts.snooze", {"id": "99", "until": "never"}, BadRequest),
        ("alerts.snooze", {"until": "reset"}, BadRequest),
        ("alerts.dismiss", {"id": "99"}, NotFound),
        ("alerts.wake", {"id": "99"}, NotFound),
        ("alerts.budget", {"budget": {"id": "a", "unit": "usd", "amount": "x", "period": "day"}}, BadRequest),
        ("settings.set", {"values": {"alerts": {"steps": [200]}}}, BadRequest),
        ("settings.set", {"values": {"alerts": {"quiet_start": "22:00"}}}, BadRequest),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: World, name: str, request_: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        world.call(name, **request_)
    assert world.program.own.settings.current.alerts == AlertSettings()


def test_a_notification_is_tested_the_same_way_and_the_browser_says_why_there_is_none(world: World) -> None:
    assert world.call("alerts.notices") == {"possible": True, "why": None}
    assert world.call("alerts.test") == {"shown": True, "why": None}
    assert world.notices.shown == [("Tokendial", "This is how an alert looks.")]
    world.program.notices = None
    assert world.call("alerts.test") == {"shown": False, "why": IN_BROWSER}
    assert world.call("alerts.notices") == {"possible": False, "why": IN_BROWSER}


def test_settings_of_alerts_go_to_a_file_and_back(world: World, tmp_path: Path) -> None:
    from tokendial.services import settings_file

    budget = {"id": "a", "unit": "usd", "amount": "12.50", "period": "cycle", "start_day": 31, "project": "/work/shop"}
    world.call(
        "settings.set",
        values={"alerts": {"steps": [50], "quiet_start": "22:00", "quiet_end": "06:00", "budgets": [budget]}},
    )
    desk = world.program.own.settings
    kept, text = desk.current.alerts, settings_file.export(desk)
    desk.change({"alerts": AlertSettings()})
    settings_file.take(desk, text.encode())
    assert desk.current.alerts == kept
