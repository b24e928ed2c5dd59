"""The limits panel: what the logs said of each window, and never more than that."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parity.logs import DAY, HOUR, MINUTE, Log, snapshot, window
from tests.services.support import board, ledger_of, limits_of, now_ms, program_of, rule

from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.homes import HomeUpdateRequest
from tokendial.store import homes

WEEK = 10_080


def test_limit_ids_are_kept_apart_and_an_empty_snapshot_erases_nothing(home: Path, data: Path) -> None:
    now = now_ms()
    log = Log(home, now - 2 * HOUR)
    log.limits(now - HOUR, window(10, 300, now + HOUR), window(20, WEEK, now + 3 * DAY))
    log.limits(
        now - 50 * MINUTE, window(70, 300, now + 2 * HOUR), limit_id="codex_spark", limit_name="Spark", plan_type="pro"
    )
    log.limits(now - 40 * MINUTE, limit_id="premium")
    log.limits(now - 30 * MINUTE).save()
    with ledger_of(data, home) as ledger:
        found = limits_of(ledger)
    assert set(found) == {"codex", "codex_spark"}
    assert [(one.label, one.used_percent) for one in found["codex"].windows] == [("5 hours", 10), ("Weekly", 20)]
    assert [(one.label, one.used_percent) for one in found["codex_spark"].windows] == [("5 hours", 70)]
    assert (found["codex_spark"].limit_name, found["codex_spark"].plan, found["codex"].plan) == ("Spark", "pro", "plus")
    assert found["codex"].observed_at_ms == now - HOUR
    assert (found["codex"].provider, found["codex"].source) == ("codex", "logs")


@pytest.mark.parametrize(
    ("short", "long", "blocked"), [(20, 100, "Weekly"), (100, 100, "Weekly"), (100, 20, None), (99.9, 99.9, None)]
)
def test_blocked_by_a_longer_window_that_is_spent(
    home: Path, data: Path, short: float, long: float, blocked: str | None
) -> None:
    now = now_ms()
    Log(home, now - HOUR).limits(now - MINUTE, window(short, 300, now + HOUR), window(long, WEEK, now + 3 * DAY)).save()
    with ledger_of(data, home) as ledger:
        assert limits_of(ledger)["codex"].blocked_by == blocked


@pytest.mark.parametrize("used", [0, 37, 100])
def test_a_window_that_has_reset_is_unknown_and_never_0_or_100(home: Path, data: Path, used: float) -> None:
    now = now_ms()
    Log(home, now - 7 * HOUR).limits(now - 6 * HOUR, window(used, 300, now - 2 * HOUR)).save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
    assert (found.used_percent, found.state, found.resets_at_ms) == (None, "reset", None)
    assert (found.inside, found.forecast, found.elapsed_percent) == (None, None, None)
    assert [(one.used_percent, one.complete) for one in found.history] == [(used, True)]


def test_a_reading_without_a_reset_is_unknown_and_not_reset(home: Path, data: Path) -> None:
    now = now_ms()
    Log(home, now - HOUR).limits(now - MINUTE, window(40, 300, None)).save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
    assert (found.used_percent, found.state, found.observed_at_ms) == (None, "unknown", now - MINUTE)


def test_a_window_without_a_percentage_is_no_reading(home: Path, data: Path) -> None:
    now = now_ms()
    Log(home, now - HOUR).limits(now - MINUTE, window(None, 300, now + HOUR), window(5, WEEK, now + DAY)).save()
    with ledger_of(data, home) as ledger:
        assert [one.label for one in limits_of(ledger)["codex"].windows] == ["Weekly"]


def test_old_readings_are_stale_and_very_old_ones_are_not_forgotten(home: Path, data: Path) -> None:
    now = now_ms()
    Log(home, now - DAY).limits(now - 2 * HOUR, window(40, 300, now + HOUR)).save()
    Log(home, now - 200 * DAY, 2).limits(now - 200 * DAY, window(5, 300, now - 200 * DAY + HOUR), limit_id="old").save()
    with ledger_of(data, home) as ledger:
        found = limits_of(ledger)
    assert (found["codex"].windows[0].state, found["codex"].windows[0].used_percent) == ("stale", 40)
    assert (found["old"].windows[0].state, found["old"].windows[0].used_percent) == ("reset", None)


def test_inside_a_window_are_its_tokens_cost_and_prompts(home: Path, data: Path) -> None:
    now = now_ms()
    start = (now // MINUTE) * MINUTE - 2 * HOUR
    reset = start + 300 * MINUTE
    log = Log(home, start - HOUR).turn(start - HOUR).prompt(start - 2).respond(start - 1, 5000)
    log.prompt(start).respond(start, 900).prompt(start + HOUR).respond(start + HOUR, 1900)
    log.limits(now - MINUTE, window(12, 300, reset)).save()
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("*", "1", "1")])
        (found,) = limits_of(ledger)["codex"].windows
    assert found.inside is not None
    assert (found.inside.start_ms, found.inside.end_ms, found.inside.messages) == (start, reset, 2)
    assert found.inside.usage.tokens.total_tokens == 3000
    assert found.inside.usage.cost.usd == "0.003000000000"
    assert found.elapsed_percent == pytest.approx(100 * 120 / 300, abs=0.5)


def test_change_is_told_only_between_complete_windows(home: Path, data: Path) -> None:
    now = now_ms() // MINUTE * MINUTE
    length = 300 * MINUTE
    starts = [now - HOUR - step * length for step in (3, 2, 1, 0)]
    log = Log(home, starts[0]).turn(starts[0])
    for start, tokens in zip(starts, (1000, 2000, 1500, 400), strict=True):
        log.respond(start + MINUTE, tokens - 100, limits=snapshot(window(tokens / 100, 300, start + length)))
    log.save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
    told = [(one.complete, one.window.usage.tokens.total_tokens, one.change_percent) for one in found.history]
    assert [one.current for one in found.history] == [True, False, False, False]
    assert told == [(False, 400, None), (True, 1500, -25.0), (True, 2000, 100.0), (True, 1000, None)]


def test_what_one_percent_was_worth_shows_that_a_limit_shrank(home: Path, data: Path) -> None:
    now = now_ms() // MINUTE * MINUTE
    length = 300 * MINUTE
    starts = [now - HOUR - step * length for step in (3, 2, 1, 0)]
    log = Log(home, starts[0]).turn(starts[0])
    told = ((10_000, 20.0), (10_000, 5.0), (10_000, 40.0), (4_000, 12.5))
    for start, (tokens, used) in zip(starts, told, strict=True):
        log.respond(start + MINUTE, tokens, output=0, limits=snapshot(window(used, 300, start + length)))
    log.save()
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("*", "1", "1")])
        (found,) = limits_of(ledger)["codex"].windows
    rows = [(one.tokens_per_percent, one.usd_per_percent, one.worth_change_percent) for one in found.history]
    assert rows == [
        (320, "0.000320000000", None),  # it runs
        (250, "0.000250000000", -50.0),  # one percent is half as much as before
        (None, None, None),  # five percent are too few
        (500, "0.000500000000", None),
    ]


def test_relative_resets_count_from_their_line(home: Path, data: Path) -> None:
    now = now_ms() // 1000 * 1000
    given = {"used_percent": 3, "window_minutes": 299, "resets_in_seconds": 3600}
    Log(home, now - HOUR).limits(now - 30 * MINUTE, given).save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
    assert (found.label, found.window_minutes, found.used_percent) == ("5 hours", 300, 3)
    assert found.resets_at_ms is not None
    assert abs(found.resets_at_ms - (now + 30 * MINUTE)) <= MINUTE


def test_an_inactive_home_has_no_limits_and_no_prompts(tmp_path: Path, data: Path) -> None:
    now = now_ms()
    places = [tmp_path / "one", tmp_path / "two"]
    for number, place in enumerate(places):
        log = Log(place, now - HOUR, number).turn(now - HOUR).prompt(now - 30 * MINUTE)
        log.respond(now - 20 * MINUTE, 900).limits(now - MINUTE + number, window(10 + number, 300, now + HOUR)).save()
    with ledger_of(data, *places) as ledger:
        (both,) = limits_of(ledger)["codex"].windows
        assert both.inside is not None
        assert (both.inside.messages, both.inside.usage.events) == (2, 2)
        for home in ledger.homes():
            homes.update(ledger.database, home.id, label=None, active=home.path.endswith("one"))
        (left,) = limits_of(ledger)["codex"].windows
        assert left.inside is not None
        assert (left.used_percent, left.inside.messages, left.inside.usage.events) == (10, 1, 1)
        for home in ledger.homes():
            homes.update(ledger.database, home.id, label=None, active=False)
        assert limits_of(ledger) == {}


def test_a_forecast_is_made_of_a_running_window(home: Path, data: Path) -> None:
    now = now_ms()
    log = Log(home, now - 3 * HOUR)
    for step in range(10):
        log.limits(now - 2 * HOUR + step * 12 * MINUTE, window(4.0 * step, 300, now + 3 * HOUR))
    log.save()
    with ledger_of(data, home) as ledger:
        (found,) = limits_of(ledger)["codex"].windows
    assert found.forecast is not None
    ahead = found.forecast
    assert 36 < ahead.low_percent <= ahead.at_reset_percent <= ahead.high_percent
    assert 15 < ahead.percent_per_hour < 25


def test_the_page_and_its_filter_of_a_home(tmp_path: Path, data: Path) -> None:
    now = now_ms()
    Log(tmp_path / "one", now - HOUR).limits(now - MINUTE, window(10, 300, now + HOUR)).save()
    (tmp_path / "two").mkdir()
    with program_of(data, tmp_path / "one", tmp_path / "two") as program:
        first, second = program.homes(Empty()).homes
        assert len(program.dashboard(DashboardRequest(home=first.id)).limits or []) == 1
        assert program.dashboard(DashboardRequest(home=second.id)).limits == []
        program.update_home(HomeUpdateRequest(id=first.id, active=False))
        assert program.dashboard(DashboardRequest()).limits == []


def test_without_any_log_there_is_no_limit(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        assert board(ledger).limits == []
