"""Cards, trends, active sessions and the calendar."""

from __future__ import annotations

from datetime import UTC as PYTHON_UTC
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.parity.logs import DAY, HOUR, MINUTE, Log
from tests.services.support import board, ledger_of, now_ms, rule

from tokendial.services.contract.sessions import SessionFacts


def active(ledger_board: object) -> list[SessionFacts]:
    found = ledger_board.active_sessions  # type: ignore[attr-defined]  # a Dashboard
    assert found is not None
    return list(found.sessions)


def test_the_calendar_tells_days_without_coverage_from_days_of_nothing(home: Path, data: Path) -> None:
    now = now_ms()
    log = Log(home, now - 10 * DAY).turn(now - 10 * DAY).respond(now - 10 * DAY + MINUTE, 900)
    log.respond(now - 1000, 1900).save()
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("*", "1", "1")])
        found = board(ledger).calendar
    assert found is not None
    today = datetime.fromtimestamp(now / 1000, PYTHON_UTC).date()
    assert [day.day for day in found.days] == [str(today - timedelta(days=back)) for back in range(364, -1, -1)]
    assert [day.covered for day in found.days].index(True) == 364 - 10
    assert all(day.covered for day in found.days[354:])
    assert (found.active_days, found.usage.tokens.total_tokens) == (2, 3000)
    assert (found.days[354].tokens, found.days[355].tokens, found.days[364].tokens) == (1000, 0, 2000)
    assert found.days[364].cost == pytest.approx(0.002)


def test_an_empty_ledger_has_a_whole_empty_page(home: Path, data: Path) -> None:
    with ledger_of(data, home) as ledger:
        page = board(ledger)
        assert page.ledger_empty
        assert page.cards is not None
        assert page.calendar is not None
        assert page.trends is not None
        assert page.breakdown is not None
        assert (page.cards.usage.events, page.cards.sessions, page.cards.usage.cost.usd) == (0, 0, "0.000000000000")
        assert (len(page.calendar.days), any(day.covered for day in page.calendar.days)) == (365, True)
        assert (page.trends.series, page.breakdown.rows) == ([], [])
        for name in ("today", "last24h", "last7days", "thismonth"):
            assert board(ledger, range=name).ledger_empty


def test_active_sessions_are_those_of_the_last_minutes_latest_first(home: Path, data: Path) -> None:
    now = now_ms()
    ids = []
    for number, ago in enumerate((2, 50, 70)):
        log = Log(home, now - 3 * HOUR, number).turn(now - 3 * HOUR).respond(now - ago * MINUTE, 900 + number)
        ids.append(log.save().id)
    with ledger_of(data, home) as ledger:
        assert [row.id for row in active(board(ledger, minutes=60))] == ids[:2]
        assert [row.id for row in active(board(ledger, minutes=90))] == ids
        assert active(board(ledger, minutes=1)) == []
        first = active(board(ledger, minutes=60))[0]
    assert (first.started_at_ms, first.last_seen_ms) == (now - 3 * HOUR, now - 2 * MINUTE)
    assert (first.model, first.effort, first.project) == ("gpt-5.5", "medium", "/work/shop")
    assert (first.context_used, first.context_window) == (1000, 258_400)


def test_the_average_context_is_over_responses_of_the_range(home: Path, data: Path) -> None:
    now = now_ms()
    log = Log(home, now - HOUR).turn(now - HOUR)
    log.respond(now - 50 * MINUTE, 900, context=2000).respond(now - 40 * MINUTE, 2900, context=4000)
    log.count(now - 39 * MINUTE, log.total, [2900, 0, 0, 100, 0, 3000]).save()
    with ledger_of(data, home) as ledger:
        found = board(ledger, range="last24h").active_sessions
    assert found is not None
    assert (found.samples, found.average_context_tokens) == (2, 2000), "a repeated line is no sample (W25)"
    assert found.average_context_percent == pytest.approx(100 * 4000 / 6000)


def test_cards_compare_with_the_range_before(home: Path, data: Path) -> None:
    now = now_ms()
    log = Log(home, now - 20 * DAY).turn(now - 20 * DAY).respond(now - 19 * DAY, 100)
    log.respond(now - 9 * DAY, 1900, 950).respond(now - DAY, 3900, 3900).save()
    with ledger_of(data, home) as ledger:
        ledger.prices.save([rule("*", "1", "1")])
        cards = board(ledger, range="last7days").cards
        assert cards is not None
        assert (cards.tokens_card.value, cards.tokens_card.previous) == (4000, 2000)
        assert (cards.cached_share_card.value, cards.cached_share_card.previous) == (100, 50)
        assert (cards.sessions_card.value, cards.sessions_card.previous) == (1, 1)
        assert cards.cost_card.previous == pytest.approx(0.002)
        assert sum(cards.tokens_card.sparkline) == 4000
        assert len(cards.tokens_card.sparkline) == 7
        everything = board(ledger, range="alltime").cards
        assert everything is not None
        assert everything.tokens_card.previous is None, "before all time there is nothing"


def test_gaps_of_a_trend_are_filled_with_nothing(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:00Z").respond("2025-03-01T10:00:01Z", 900)
    log.respond("2025-03-04T10:00:00Z", 1900).save()
    with ledger_of(data, home) as ledger:
        asked = {"range": "custom", "start": "2025-02-28", "end": "2025-03-05"}
        trends = board(ledger, **asked).trends
        assert trends is not None
        assert [bucket.usage.tokens.total_tokens for bucket in trends.buckets] == [0, 1000, 0, 0, 2000, 0]
        assert trends.series[0].tokens == [0, 1000, 0, 0, 2000, 0]
        hours = board(ledger, ZoneInfo("Asia/Kolkata"), bucket="hour", **asked).trends
        assert hours is not None
        assert len(hours.buckets) == 6 * 24
        assert all("2025" in bucket.title for bucket in hours.buckets), "hours carry their date (W32)"


def test_many_models_are_gathered_as_others(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z")
    for number in range(12):
        log.turn("2025-03-01T10:00:00Z", f"house-{number:02d}").respond("2025-03-01T10:01:00Z", 1000 + number, 0, 1)
    log.save()
    with ledger_of(data, home) as ledger:
        page = board(ledger)
    assert page.trends is not None
    assert page.breakdown is not None
    assert [row.key for row in page.trends.series] == [f"house-{n:02d}" for n in range(11, 4, -1)] + ["other"]
    assert (page.trends.series[-1].label, page.trends.series[-1].usage.events) == ("5 others", 5)
    assert len(page.breakdown.rows) == 12, "the table names all of them"
