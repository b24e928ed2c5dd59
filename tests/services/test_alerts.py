"""Alerts over real logs and a real ledger: told once, kept over a restart, quiet, snoozed and dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from tests.parity.logs import DAY, HOUR, MINUTE, Log, window
from tests.services.support import now_ms, rule

from tokendial.domain.zones import day_start_ms
from tokendial.errors import BadRequest, NotFound
from tokendial.services import view as view_module
from tokendial.services.alerts import AlertDesk, Listed
from tokendial.services.contract.alerts import AlertSettings, Budget, WindowSteps
from tokendial.services.ledger import Ledger
from tokendial.services.settings_alerts import amount_of, check_budget

WEEK = 10_080


class Clock:
    """The time that the ledger's looks believe in."""

    def __init__(self) -> None:
        days = now_ms() // DAY - 40
        self.ms = (days - (days + 3) % 7) * DAY  # a Monday: nothing may stand after the real present

    def time(self) -> float:
        return self.ms / 1000

    def to(self, hour: int, minute: int = 0, day: int = 0) -> None:
        """To a time of day of UTC, so many days from today."""
        self.ms = (self.ms // DAY + day) * DAY + hour * HOUR + minute * MINUTE


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.to(12)
    monkeypatch.setattr(view_module, "time", clock)
    return clock


class World:
    """A ledger with its desk, and a log to write to."""

    def __init__(self, ledger: Ledger, home: Path, clock: Clock) -> None:
        self.ledger, self.clock = ledger, clock
        self.desk = AlertDesk(ledger)
        self.log = Log(home, clock.ms - 4 * HOUR, 1)
        self.reset = clock.ms + 2 * HOUR

    def settings(self, **values: object) -> None:
        alerts = AlertSettings(**{"runs_out": False, **values})
        self.ledger.settings.change({"timezone": "UTC", "alerts": alerts})

    def use(self, percent: float, minutes: int = 300, reset: int | None = None) -> None:
        """A reading of now."""
        self.log.limits(self.clock.ms, window(percent, minutes, reset or self.reset)).save()
        self.ledger.scan()

    def spend(self, tokens: int, **turn: str) -> None:
        """A response of now."""
        self.log.turn(self.clock.ms, **turn).respond(self.clock.ms, tokens, output=0).save()
        self.ledger.scan()

    def said(self) -> list[str]:
        return [one.headline for one in self.desk.check().announcements]

    def noticed(self) -> list[str]:
        return [one.headline for one in self.desk.check().announcements if one.notice]

    def listed(self) -> Listed:
        with self.ledger.view() as view:
            return self.desk.listed(view)

    def states(self) -> list[tuple[str, int, str]]:
        listed = self.listed()
        return [(one.kind, one.step, one.status) for one in (*listed.current, *listed.history)]


@contextmanager
def world_of(home: Path, data: Path, clock: Clock) -> Iterator[World]:
    ledger = Ledger(data, [("codex", home)], workers=0)
    try:
        yield World(ledger, home, clock)
    finally:
        ledger.close()


@pytest.fixture
def world(home: Path, data: Path, clock: Clock) -> Iterator[World]:
    with world_of(home, data, clock) as found:
        found.settings()
        yield found


def test_a_threshold_is_told_once_and_then_the_next(world: World) -> None:
    world.use(40)
    assert world.said() == []
    world.use(76)
    assert world.said() == ["Codex: 5 hours at 76 %"]
    assert world.said() == []
    world.clock.ms += MINUTE
    world.use(96.4)
    assert world.said() == ["Codex: 5 hours at 96 %"]
    assert world.states() == [("threshold", 95, "active"), ("threshold", 75, "over")]


def test_nothing_is_told_again_after_a_restart(home: Path, data: Path, clock: Clock) -> None:
    with world_of(home, data, clock) as world:
        world.settings()
        world.use(80)
        assert len(world.said()) == 1
    clock.ms += MINUTE
    with world_of(home, data, clock) as world:
        assert world.said() == []
        assert world.states() == [("threshold", 75, "active")]
        world.reset += 60_000  # the same reset, jittered
        world.log = Log(home, clock.ms, 2)
        world.use(81)
        assert world.said() == []


def test_an_old_ledger_tells_nothing_of_the_past(home: Path, data: Path, clock: Clock) -> None:
    log = Log(home, clock.ms - 3 * DAY, 9)
    for back in (70, 40, 10, 6):
        at = clock.ms - back * HOUR
        log.limits(at, window(99, 300, at + HOUR))
    log.limits(clock.ms - 2 * HOUR, window(99, WEEK, clock.ms + 3 * DAY)).save()  # it runs, but the reading is old
    with world_of(home, data, clock) as world:
        world.settings()
        world.ledger.scan()
        assert world.said() == []


def test_a_window_after_its_reset_is_over_and_the_next_one_tells_anew(world: World) -> None:
    world.use(92)
    assert world.said() == ["Codex: 5 hours at 92 %"]
    world.clock.ms = world.reset + MINUTE
    assert world.said() == []
    assert world.states() == [("threshold", 90, "over")]
    world.reset += 5 * HOUR
    world.use(91)
    assert world.said() == ["Codex: 5 hours at 91 %"]


def test_a_provider_that_is_off_is_silent(world: World) -> None:
    world.use(92)
    world.ledger.settings.change({"disabled_providers": ["codex"]})
    assert world.said() == []
    assert world.listed().current == []
    world.ledger.settings.change({"disabled_providers": []})
    assert world.said() == ["Codex: 5 hours at 92 %"]


def test_a_window_has_steps_of_its_own_or_none(world: World) -> None:
    own = [WindowSteps(provider="codex", limit_id="codex", window_minutes=300, steps=[30])]
    world.settings(windows=own)
    world.log.limits(world.clock.ms, window(40, 300, world.reset), window(40, WEEK, world.clock.ms + DAY)).save()
    world.ledger.scan()
    assert world.said() == ["Codex: 5 hours at 40 %"]
    world.settings(windows=[WindowSteps(provider="codex", limit_id="codex", window_minutes=300)])
    world.clock.ms += MINUTE
    world.use(99)
    assert world.said() == []


def test_running_out_is_told_before_it_happens(world: World) -> None:
    world.settings(steps=[99], runs_out=True)
    world.reset = world.clock.ms + 4 * HOUR
    for step in range(1, 9):
        world.clock.ms += 10 * MINUTE
        world.use(8.0 * step + 6)
    said = world.desk.check().announcements
    assert [one.headline for one in said] == ["Codex: 5 hours will run out before it resets"]
    assert "spent" in said[0].detail
    assert world.said() == []
    world.settings(steps=[60], runs_out=True)
    world.reset += 5 * HOUR
    world.clock.ms = world.reset - 4 * HOUR
    for step in range(1, 9):
        world.clock.ms += 10 * MINUTE
        world.use(8.0 * step + 6)
    assert world.said() == ["Codex: 5 hours at 70 %"]  # both at once are one message
    assert {one.kind for one in world.listed().current} == {"threshold", "runs_out"}


BUDGET = Budget(id="a", unit="usd", amount="10", period="month")


def test_a_budget_in_dollars_tells_its_steps_and_begins_anew_with_the_month(world: World) -> None:
    world.ledger.prices.save([rule("*", "1", "1")])
    world.settings(budgets=[BUDGET])
    world.spend(7_900_000)
    assert world.said() == []
    world.spend(200_000)
    assert world.said() == ["Budget at 81 %"]
    world.spend(3_000_000)
    said = world.desk.check().announcements
    assert [(one.headline, one.detail) for one in said] == [("Budget at 111 %", "This month: $11.10 of $10.00.")]
    assert (said[0].plain_headline, said[0].plain_detail) == ("A budget passed 100 %", "This month.")
    assert world.said() == []
    world.clock.ms += 32 * DAY
    world.log = Log(world.log.path.parents[4], world.clock.ms, 3)
    assert world.said() == []
    world.spend(8_000_000)
    assert world.said() == ["Budget at 80 %"]


def test_a_raised_budget_tells_its_steps_anew_and_a_deleted_one_is_over(world: World) -> None:
    budget = Budget(id="a", unit="tokens", amount="1000", period="day")
    world.settings(budgets=[budget])
    world.spend(900)
    assert world.said() == ["Budget at 90 %"]
    world.settings(budgets=[Budget(id="a", unit="tokens", amount="2000", period="day")])
    assert world.said() == []
    world.spend(800)
    assert world.said() == ["Budget at 85 %"]
    world.settings(budgets=[])
    assert world.listed().current == []
    world.settings(budgets=[budget])  # undone: it was told already
    assert "Budget at 90 %" not in world.said()


@pytest.mark.parametrize(
    ("scope", "tokens"),
    [
        ({}, 600),
        ({"provider": "codex"}, 600),
        ({"provider": "claude"}, 0),
        ({"model": "gpt-5.5"}, 500),
        ({"project": "/work/blog"}, 100),
    ],
)
def test_budgets_of_a_provider_model_or_project(world: World, scope: dict[str, str], tokens: int) -> None:
    from tokendial.services.alert_subjects import budget_facts, status_of

    world.spend(500)
    world.spend(100, model="gpt-5-codex", cwd="/work/blog")
    with world.ledger.view() as view:
        found = status_of(budget_facts(view, Budget(id="a", unit="tokens", amount="1000", period="day", **scope)))
    assert (found.used, found.percent) == (str(tokens), tokens / 10)


def test_a_day_that_the_clock_was_changed_on_is_one_period(home: Path, data: Path, clock: Clock) -> None:
    with world_of(home, data, clock) as world:
        budgets = [Budget(id="a", unit="tokens", amount="1000", period="day", steps=[50, 100])]
        world.ledger.settings.change({"timezone": "Europe/Berlin", "alerts": AlertSettings(budgets=budgets)})
        zone = world.ledger.settings.zone
        start = day_start_ms(date(2025, 10, 26), zone)  # 25 hours long
        for hours, tokens, said in (
            (0.5, 500, ["Budget at 50 %"]),
            (24.5, 400, []),
            (24.8, 100, ["Budget at 100 %"]),
            (25.1, 100, []),
        ):
            clock.ms = round(start + hours * HOUR)
            world.spend(tokens)
            assert world.said() == said


def test_unknown_prices_are_no_trigger_and_are_said(world: World) -> None:
    world.settings(budgets=[BUDGET])
    world.spend(9_000_000, model="nobody-knows-it")
    assert world.said() == []


def test_quiet_hours_hold_notifications_and_sum_them_up_afterwards(world: World) -> None:
    world.settings(
        quiet_start="22:00", quiet_end="07:00", budgets=[Budget(id="a", unit="tokens", amount="1000", period="week")]
    )
    world.clock.to(23)
    world.reset = world.clock.ms + 3 * DAY
    world.use(80, WEEK)
    checked = world.desk.check().announcements
    assert [(one.headline, one.notice) for one in checked] == [("Codex: Weekly at 80 %", False)]
    world.clock.to(3, day=1)
    world.spend(850)
    assert [one.notice for one in world.desk.check().announcements] == [False]
    assert [one.held for one in world.listed().current] == [True, True]
    world.clock.to(7)
    after = world.desk.check().announcements
    assert [(one.headline, one.notice) for one in after] == [("2 alerts", True)]
    assert after[0].detail == "Codex: Weekly at 80 %\nBudget at 85 %"
    assert world.noticed() == []


def test_what_ended_within_the_quiet_hours_is_not_summed_up(world: World) -> None:
    world.settings(quiet_start="22:00", quiet_end="07:00")
    world.clock.to(23)
    world.reset = world.clock.ms + 2 * HOUR
    world.use(80)
    world.said()
    world.clock.to(7, 5, day=1)
    assert world.said() == []


def test_a_snoozed_alert_comes_back_while_it_holds(world: World) -> None:
    world.use(80, reset=world.clock.ms + 4 * HOUR)
    world.said()
    identity = world.listed().current[0].id
    world.desk.snooze(identity, "hour", world.clock.ms)
    assert world.states() == [("threshold", 75, "snoozed")]
    world.clock.ms += 20 * MINUTE
    world.use(91, reset=world.clock.ms + 4 * HOUR - 20 * MINUTE)
    assert world.said() == []  # a higher step keeps the silence
    world.clock.ms += 41 * MINUTE
    assert world.said() == ["Codex: 5 hours at 91 %"]
    assert world.said() == []
    world.desk.snooze(world.listed().current[0].id, "reset", world.clock.ms)
    world.clock.ms += 2 * HOUR
    assert world.said() == []


def test_all_can_be_silent_until_tomorrow(world: World) -> None:
    world.desk.snooze(None, "tomorrow", world.clock.ms)
    world.settings(budgets=[Budget(id="a", unit="tokens", amount="1000", period="week", steps=[50])])
    world.clock.ms += HOUR
    world.spend(600)
    assert world.said() == []
    assert world.listed().all_snoozed_until_ms == (world.clock.ms // DAY + 1) * DAY
    world.clock.to(0, 1, day=1)
    assert world.said() == ["Budget at 60 %"]
    assert world.listed().all_snoozed_until_ms is None


def test_dismissed_stays_dismissed_and_can_be_taken_back(world: World) -> None:
    world.use(80)
    world.said()
    identity = world.listed().current[0].id
    world.desk.dismiss(identity, world.clock.ms)
    assert world.states() == [("threshold", 75, "dismissed")]
    assert world.said() == []
    world.desk.wake(identity, world.clock.ms)
    assert world.states() == [("threshold", 75, "active")]
    assert world.said() == []
    world.desk.dismiss(None, world.clock.ms)
    assert world.listed().current == []
    for change in (world.desk.dismiss, world.desk.wake):
        with pytest.raises(NotFound):
            change("77", world.clock.ms)
    with pytest.raises(BadRequest):
        world.desk.snooze(None, "reset", world.clock.ms)


def test_switched_off_notifications_still_show_in_the_page(world: World) -> None:
    world.settings(notify=False)
    world.use(80)
    assert [(one.headline, one.notice) for one in world.desk.check().announcements] == [
        ("Codex: 5 hours at 80 %", False)
    ]


def test_a_look_without_news_writes_nothing(world: World) -> None:
    def written() -> int:
        with world.ledger.database.reading() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    world.use(80)
    world.said()
    files = [path for path in world.ledger.database.path.parent.iterdir() if path.is_file()]
    before = (
        written(),
        {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files if "shm" not in path.name},
    )
    for _ in range(20):
        world.clock.ms += 10_000
        assert not world.desk.check().changed
    after = (
        written(),
        {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files if "shm" not in path.name},
    )
    assert before == after


def test_names_from_logs_are_cut_and_have_no_control_signs(world: World) -> None:
    name = "Spark\n\u202e" + "x" * 500
    world.log.limits(world.clock.ms, window(80, 300, world.reset), limit_id="codex_spark", limit_name=name).save()
    world.ledger.scan()
    (said,) = world.desk.check().announcements
    assert "\n" not in said.headline and "\u202e" not in said.headline
    assert len(said.headline) < 120
    assert said.plain_headline == "Codex: 5 hours at 80 %"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"steps": [0]}, "alerts.steps"),
        ({"steps": [90, 75]}, "alerts.steps"),
        ({"steps": [75, 75]}, "alerts.steps"),
        ({"steps": [101]}, "alerts.steps"),
        ({"steps": [1, 2, 3, 4, 5, 6, 7]}, "alerts.steps"),
        ({"quiet_start": "22:00"}, "alerts.quiet_end"),
        ({"quiet_start": "22:00", "quiet_end": "22:00"}, "alerts.quiet_end"),
        ({"quiet_start": "25:00", "quiet_end": "07:00"}, "alerts.quiet_start"),
        ({"budgets": [Budget(id="a", unit="usd", amount="-1", period="day")]}, "alerts.budgets"),
        ({"budgets": [Budget(id="a", unit="usd", amount="0.00", period="day")]}, "alerts.budgets"),
        ({"budgets": [Budget(id="a", unit="tokens", amount="1.5", period="day")]}, "alerts.budgets"),
        ({"budgets": [Budget(id="a", unit="usd", amount="1", period="cycle", start_day=32)]}, "alerts.budgets"),
        ({"budgets": [Budget(id="a", unit="usd", amount="1", period="day", steps=[])]}, "alerts.budgets"),
        (
            {"budgets": [Budget(id="a", unit="usd", amount="1", period="day", model="x", provider="y")]},
            "alerts.budgets",
        ),
        ({"budgets": [BUDGET, BUDGET]}, "alerts.budgets"),
    ],
)
def test_settings_that_cannot_be(world: World, values: dict[str, object], field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        world.settings(**values)
    assert caught.value.details["field"] == field
    assert world.ledger.settings.current.alerts == AlertSettings(runs_out=False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "1.1234567"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"unit": "tokens", "amount": "1.5"}, "amount"),
        ({"start_day": 0}, "start_day"),
        ({"steps": []}, "steps"),
        ({"steps": [1001]}, "steps"),
        ({"model": "x", "project": "y"}, "scope"),
        ({"project": ""}, "scope"),
    ],
)
def test_a_budget_that_cannot_be_names_its_field(values: dict[str, object], field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_budget(Budget(**{"id": "a", "unit": "usd", "amount": "10", "period": "day", **values}))
    assert caught.value.details["field"] == field


def test_amounts_are_exact() -> None:
    amounts = [amount_of(Budget(id="a", unit="usd", amount=text, period="day")) for text in ("10", "0.01", "12.345678")]
    assert amounts == [10 * 10**12, 10**10, 12_345_678 * 10**6]
