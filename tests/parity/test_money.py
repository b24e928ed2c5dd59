"""Extra tests 9 and 11 to 15 of the survey: one price for every panel, and rules that mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parity.logs import Log
from tests.services.support import board, events_of, ledger_of, pico, pricing_of, program_of, rule

from tokendial.domain.patterns import matches
from tokendial.errors import InvalidPriceRule
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import DashboardRequest
from tokendial.services.contract.prices import PriceRules
from tokendial.services.contract.settings import SettingsPatch
from tokendial.services.ledger import Ledger

MILLION = 1_000_000


def cost(ledger: Ledger) -> str | None:
    cards = board(ledger).cards
    assert cards is not None
    return cards.usage.cost.usd


def test_09_w9_chart_and_card_agree_before_and_after_a_price_edit(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T22:00:00Z").turn("2025-03-01T22:00:01Z")
    log.respond("2025-03-01T22:30:00Z", 1234, 500, 77).turn("2025-03-02T01:00:00Z", "gpt-5.6-sol")
    log.respond("2025-03-02T01:30:00Z", 300_000, 7, 1).save()
    seen = []
    with ledger_of(data, home) as ledger:
        for rules in ([], [rule("gpt-5.5", "3", "30", cache_read="0.3")], [rule("gpt-*", "0.000001", "7")]):
            ledger.prices.save(rules)
            page = board(ledger)
            assert page.cards is not None
            assert page.trends is not None
            usage = page.cards.usage
            for parts in (page.trends.buckets, page.trends.series):
                assert sum(pico(part.usage.cost.usd) for part in parts) == pico(usage.cost.usd) > 0
                assert sum(part.usage.tokens.total_tokens for part in parts) == usage.tokens.total_tokens
            seen.append(usage.cost.usd)
    assert len(set(seen)) == 3


def test_11_w11_a_partly_unpriced_range_names_its_models(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z").respond("2025-03-01T10:01:00Z", 900)
    log.turn("2025-03-01T10:02:00Z", "house-model").respond("2025-03-01T10:03:00Z", 400).save()
    with ledger_of(data, home) as ledger:
        page = board(ledger)
        assert page.cards is not None
        assert page.breakdown is not None
        usage = page.cards.usage.cost
        assert (usage.unpriced_models, usage.unpriced_tokens) == (["house-model"], 500)
        assert pico(usage.usd) > 0, "what has a price is counted all the same"
        assert {row.key: row.unpriced for row in page.breakdown.rows} == {"gpt-5.5": False, "house-model": True}
        assert next(row for row in page.breakdown.rows if row.unpriced).usage.cost.usd is None


@pytest.mark.parametrize("pattern", ["*codex", "*-codex*", "gpt*codex"])
def test_12_w12_wildcards_lead_trail_and_backtrack(home: Path, data: Path, pattern: str) -> None:
    assert matches(pattern, "gpt-codex-codex")
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z", "gpt-codex-codex")
    log.respond("2025-03-01T10:01:00Z", MILLION, 0, MILLION).save()
    with ledger_of(data, home) as ledger:
        assert cost(ledger) is None
        ledger.prices.save([rule(pattern, "2", "3")])
        assert cost(ledger) == "5.000000000000"


def test_13_w13_exact_beats_wildcard_also_after_a_reload_and_a_save(home: Path, data: Path) -> None:
    log = (
        Log(home, "2025-03-01T10:00:00Z")
        .turn("2025-03-01T10:00:01Z")
        .respond("2025-03-01T10:01:00Z", MILLION, 0, MILLION)
    )
    log.save()
    rules = [
        rule("gpt-*", "9", "9", effective_from="2025-02-01"),
        rule("gpt-5*", "8", "8", effective_from="2025-02-02"),
        rule("gpt-5.5", "1", "1"),
    ]
    for given in (rules, rules[::-1]):
        with ledger_of(data, home) as ledger:
            ledger.prices.save(given)
            assert cost(ledger) == "2.000000000000"
        for _ in range(2):
            with ledger_of(data, home) as ledger:
                listed = pricing_of(ledger).rules
                assert [one.pattern for one in listed] == ["gpt-5.5", "gpt-5*", "gpt-*"]
                ledger.prices.save(listed)
                assert cost(ledger) == "2.000000000000"


def test_14_w14_periods_that_touch_leave_no_hole(home: Path, data: Path) -> None:
    log = Log(home, "2025-03-01T22:00:00Z").turn("2025-03-01T22:00:01Z")
    for at in ("2025-03-01T23:59:59.999Z", "2025-03-02T00:00:00Z"):
        log.respond(at, MILLION - 1, 0, 1)
    log.save()
    first = rule("gpt-5.5", "1", "1", effective_to="2025-03-02")
    with ledger_of(data, home) as ledger:
        ledger.prices.save([first, rule("gpt-5.5", "2", "2", effective_from="2025-03-02")])
        assert [row.cost_usd for row in events_of(ledger)] == ["2.000000000000", "1.000000000000"]
        assert cost(ledger) == "3.000000000000"
        with pytest.raises(InvalidPriceRule) as refused:
            ledger.prices.save([first, rule("gpt-5.5", "2", "2", effective_from="2025-03-01")])
        assert refused.value.details["field"] == "effective_from"
        assert cost(ledger) == "3.000000000000", "what was refused changes nothing"


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param("America/New_York", marks=pytest.mark.zone("America/New_York")),
        pytest.param("Asia/Tokyo", marks=pytest.mark.zone("Asia/Tokyo")),
    ],
)
def test_15_w15_a_price_date_comes_back_as_it_went_in(home: Path, data: Path, zone: str) -> None:
    log = Log(home, "2025-01-09T22:00:00Z").turn("2025-01-09T22:00:01Z")
    log.respond("2025-01-09T23:59:59Z", MILLION - 1, 0, 1).respond("2025-01-10T00:00:00Z", MILLION - 1, 0, 1).save()
    with program_of(data, home) as program:
        program.change_settings(SettingsPatch(values={"timezone": zone}))
        given = rule("gpt-5.5", "5", "5", effective_from="2025-01-10", effective_to="2025-01-11")
        listed = program.save_prices(PriceRules([given])).rules
        assert [(one.effective_from, one.effective_to) for one in listed] == [("2025-01-10", "2025-01-11")]
        again = program.save_prices(PriceRules(listed)).rules
        assert [(one.effective_from, one.effective_to) for one in again] == [("2025-01-10", "2025-01-11")]
        assert program.pricing(Empty()).rules == again
        cards = program.dashboard(DashboardRequest(range="alltime")).cards
        assert cards is not None
        assert cards.usage.cost.usd != "5.000000000000", "the response before it has the catalogue's price"
        program.save_prices(PriceRules([*again, rule("gpt-5*", "1", "1")]))
        cards = program.dashboard(DashboardRequest(range="alltime")).cards
        assert cards is not None
        assert cards.usage.cost.usd == "6.000000000000"
