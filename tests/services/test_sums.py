"""Every way to cut, group or page the same usage gives the same tokens and the same cost to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parity.logs import DAY, HOUR, MINUTE, Log
from tests.services.mixed import DAYS, RULES, START, write_mixed
from tests.services.support import (
    UTC,
    added,
    board,
    events_of,
    ledger_of,
    of_figures,
    of_usage,
    pico,
    rule,
    sessions_of,
)

from tokendial.domain.tokens import ZERO, TokenCounts
from tokendial.domain.zones import day_start_ms
from tokendial.ingest.scanner import ScanReport
from tokendial.services.contract.common import Dimension
from tokendial.services.ledger import Ledger
from tokendial.services.report import By, report
from tokendial.services.totals import Totals
from tokendial.services.view import View

DIMENSIONS = get_args(Dimension)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("mixed")
    write_mixed(folder / "home")
    with ledger_of(folder / "data", folder / "home") as ledger:
        ledger.prices.save(RULES)
        yield ledger


def of_totals(totals: Totals) -> tuple[TokenCounts, int, int]:
    return totals.tokens, totals.events, totals.cost.total


def check_cut(view: View, cuts: list[int]) -> None:
    whole = view.total(view.sums(None, None))
    parts = [view.total(view.sums(a, b)) for a, b in pairwise([None, *sorted(cuts), None])]
    tokens = ZERO
    for part in parts:
        tokens = tokens.plus(part.tokens)
    together = (tokens, sum(part.events for part in parts), sum(part.cost.total for part in parts))
    assert together == of_totals(whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cuts=st.lists(st.integers(START - DAY, START + (DAYS + 2) * DAY), max_size=12))
def test_any_cuts_in_time_sum_to_the_whole(mixed: Ledger, cuts: list[int]) -> None:
    with mixed.view(zone=UTC) as view:
        check_cut(view, cuts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(start=st.integers(START, START + DAYS * DAY), length=st.integers(0, 3 * HOUR))
def test_a_short_span_equals_its_responses(mixed: Ledger, start: int, length: int) -> None:
    with mixed.view(zone=UTC) as view:
        total = view.total(view.sums(start, start + length))
    rows = [row for row in events_of(mixed) if start <= row.time_ms < start + length]
    assert total.tokens.total == sum(row.tokens.total_tokens for row in rows)
    assert total.cost.total == sum(pico(row.cost_usd) for row in rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    first=st.integers(0, DAYS), length=st.integers(0, 9), unit=st.sampled_from(("hour", "day", "week", "month")),
    zone=st.sampled_from(("UTC", "Asia/Kolkata", "America/New_York", "Pacific/Chatham")),
)  # fmt: skip
def test_buckets_of_any_unit_sum_to_the_range(mixed: Ledger, first: int, length: int, unit: str, zone: str) -> None:
    start = date(2025, 2, 20) + timedelta(days=first)
    asked = {"range": "custom", "start": start.isoformat(), "end": (start + timedelta(days=length)).isoformat()}
    page = board(mixed, ZoneInfo(zone), bucket=unit, **asked)
    assert page.cards is not None
    assert page.trends is not None
    assert added([of_usage(bucket.usage) for bucket in page.trends.buckets]) == of_usage(page.cards.usage)
    assert added([of_usage(row.usage) for row in page.trends.series] or [of_usage(page.cards.usage)]) == of_usage(
        page.cards.usage
    )
    rows = events_of(mixed, ZoneInfo(zone), **asked)
    assert sum(pico(row.cost_usd) for row in rows) == pico(page.cards.usage.cost.usd)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_panel_shows_the_same_sum(mixed: Ledger, dimension: Dimension) -> None:
    page = board(mixed, stack=dimension, breakdown=dimension)
    assert page.cards is not None
    assert page.trends is not None
    assert page.breakdown is not None
    whole = of_usage(page.cards.usage)
    assert whole[-1] > 0
    assert added([of_usage(bucket.usage) for bucket in page.trends.buckets]) == whole
    assert added([of_usage(row.usage) for row in page.trends.series]) == whole
    assert added([of_usage(row.usage) for row in page.breakdown.rows]) == whole
    assert of_usage(page.breakdown.total.usage) == whole
    assert sum(row.share for row in page.breakdown.rows) == pytest.approx(100)
    for row in page.breakdown.rows:
        if row.children:
            assert added([of_usage(child.usage) for child in row.children]) == of_usage(row.usage)
    assert any(row.children for row in page.breakdown.rows) == (dimension == "model")


def test_responses_and_sessions_sum_to_the_cards(mixed: Ledger) -> None:
    page = board(mixed)
    assert page.cards is not None
    rows, listed = events_of(mixed, page=7), sessions_of(mixed)
    usage = page.cards.usage
    assert sum(row.tokens.total_tokens for row in rows) == usage.tokens.total_tokens
    assert sum(pico(row.cost_usd) for row in rows) == pico(usage.cost.usd)
    assert added([of_usage(row.usage) for row in listed]) == of_usage(usage)
    assert len(listed) == page.cards.sessions == 12
    assert len(rows) == len({row.id for row in rows}) == usage.events


def test_the_parts_of_the_cost_add_up_to_it(mixed: Ledger) -> None:
    cards = board(mixed).cards
    assert cards is not None
    cost = cards.usage.cost
    parts = (cost.input_usd, cost.cache_read_usd, cost.cache_write_usd, cost.output_usd)
    assert sum(pico(part) for part in parts) == pico(cost.usd)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Australia/Lord_Howe"])
@pytest.mark.parametrize("by", get_args(By))
def test_a_report_by_anything_sums_to_the_same_totals(mixed: Ledger, by: By, zone: str) -> None:
    answer = report(mixed, by, ScanReport(), zone=ZoneInfo(zone))
    cards = board(mixed).cards
    assert cards is not None
    assert added([of_figures(row) for row in answer.rows]) == of_figures(answer.totals) == of_usage(cards.usage)
    assert answer.totals.unpriced_models == cards.usage.cost.unpriced_models == ["house-model", "other-house-model"]
    assert len({row.key for row in answer.rows}) == len(answer.rows)


@pytest.mark.parametrize("by", get_args(By))
def test_reports_of_neighbouring_days_sum_to_the_report_of_both(mixed: Ledger, by: By) -> None:
    zone = ZoneInfo("America/New_York")
    spans = [("2025-02-25", "2025-03-08"), ("2025-03-09", "2025-03-09"), ("2025-03-10", "2025-03-20")]
    parts = [report(mixed, by, ScanReport(), since=a, until=b, zone=zone) for a, b in spans]
    whole = report(mixed, by, ScanReport(), since=spans[0][0], until=spans[-1][1], zone=zone)
    assert added([of_figures(part.totals) for part in parts]) == of_figures(whole.totals)


def test_a_price_edit_moves_all_panels_at_once(mixed: Ledger) -> None:
    seen = set()
    try:
        for rules in ([*RULES, rule("*", "3", "3")], [], RULES):
            mixed.prices.save(rules)
            page = board(mixed)
            assert page.cards is not None
            assert page.breakdown is not None
            assert page.trends is not None
            whole = pico(page.cards.usage.cost.usd)
            assert sum(pico(row.usage.cost.usd) for row in page.breakdown.rows) == whole
            assert sum(pico(row.usage.cost.usd) for row in page.trends.buckets) == whole
            assert sum(pico(row.cost_usd) for row in events_of(mixed)) == whole
            assert pico(report(mixed, "model", ScanReport(), zone=UTC).totals.cost_usd) == whole
            assert sum(pico(row.usage.cost.usd) for row in sessions_of(mixed)) == whole
            seen.add(whole)
    finally:
        mixed.prices.save(RULES)
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/New_York", date(2025, 3, 8)),
        ("Europe/Berlin", date(2025, 3, 29)),
        ("Australia/Lord_Howe", date(2025, 4, 5)),
        ("America/Santiago", date(2025, 9, 6)),
        ("Africa/Cairo", date(2025, 4, 24)),
    ],
)
def test_a_day_of_a_clock_change_is_one_bucket_and_whole(home: Path, data: Path, zone: str, first: date) -> None:
    """One response in every quarter of an hour of three days: a day holds as many as it has quarters."""
    named = ZoneInfo(zone)
    days = [first + timedelta(days=step) for step in range(4)]
    starts = [day_start_ms(day, named) for day in days]
    log = Log(home, starts[0] - DAY).turn(starts[0] - DAY)
    for at in range(starts[0], starts[-1], 15 * MINUTE):
        log.respond(at, 90, 0, 10)
    log.save()
    quarters = [(b - a) // (15 * MINUTE) for a, b in pairwise(starts)]
    assert quarters != [96] * 3, "the clock does change"
    with ledger_of(data, home) as ledger:
        trends = board(ledger, named, range="custom", start=str(days[0]), end=str(days[2]), bucket="day").trends
        assert trends is not None
        assert [bucket.usage.events for bucket in trends.buckets] == quarters
        rows = report(ledger, "day", ScanReport(), zone=named).rows
        assert [(row.key, row.events) for row in rows] == [(str(d), q) for d, q in zip(days, quarters, strict=False)]
        hours = report(ledger, "hour", ScanReport(), zone=named).rows
        assert len({row.key for row in hours}) == len(hours)
        assert sum(row.events for row in hours) == sum(quarters)
