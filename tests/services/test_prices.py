"""What things cost, from the log to the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.parity.logs import Log
from tests.services.support import board, events_of, ledger_of, pricing_of, rule

from tokendial.errors import InvalidPriceRule
from tokendial.services.ledger import Ledger

MILLION = 1_000_000


@pytest.fixture
def log(home: Path) -> Log:
    return Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z")


@pytest.fixture
def ledger(log: Log, home: Path, data: Path) -> Iterator[Ledger]:
    """Opened on the logs as the test has written them when it first asks."""
    with ledger_of(data, home) as opened:
        yield opened


def costs(ledger: Ledger, log: Log) -> list[str | None]:
    """The cost of each response, oldest first."""
    log.save()
    ledger.scan()
    return [row.cost_usd for row in events_of(ledger)][::-1]


def test_a_price_changes_inside_a_session(ledger: Ledger, log: Log) -> None:
    ledger.prices.save(
        [
            rule("gpt-5.5", "1", "10", effective_to="2025-03-02"),
            rule("gpt-5.5", "2", "20", effective_from="2025-03-02", effective_to="2025-03-03"),
        ]
    )
    for at in ("2025-03-01T23:59:59.999Z", "2025-03-02T00:00:00Z", "2025-03-02T23:59:59.999Z"):
        log.respond(at, MILLION, 0, MILLION)
    assert costs(ledger, log) == ["11.000000000000", "22.000000000000", "22.000000000000"]


def test_long_context_is_decided_response_by_response(ledger: Ledger, log: Log) -> None:
    ledger.prices.save(
        [rule("gpt-5.5", "1", "10", long_threshold=200_000, long_input="2", long_output="15", long_cache_read="0.5")]
    )
    log.respond("2025-03-01T10:01:00Z", 200_000, 0, 1).respond("2025-03-01T10:02:00Z", 200_001, 100_000, 1)
    log.respond("2025-03-01T10:03:00Z", 100_000, 0, 1)
    assert costs(ledger, log) == ["0.200010000000", "0.250017000000", "0.100010000000"]
    assert [row.long_context for row in events_of(ledger)] == [False, True, False], "200,000 is not above"
    page = board(ledger)
    assert page.cards is not None
    assert page.cards.usage.cost.usd == "0.550037000000", "the sum of the prompts would be long"


def test_cache_reads_and_writes_have_their_own_prices(ledger: Ledger, log: Log) -> None:
    ledger.prices.save([rule("gpt-5.5", "1", "10", cache_read="0.1", cache_write="1.25")])
    log.respond("2025-03-01T10:01:00Z", 1000, 600, 50, written=300, reasoning=40)
    assert costs(ledger, log) == ["0.001035000000"]
    page = board(ledger)
    assert page.cards is not None
    cost = page.cards.usage.cost
    assert (cost.input_usd, cost.cache_read_usd) == ("0.000100000000", "0.000060000000")
    assert (cost.cache_write_usd, cost.output_usd) == ("0.000375000000", "0.000500000000")
    assert page.cards.cache_saved_usd == "0.000465000000", "900 cached tokens at the input price, less what they cost"


def test_a_cache_without_a_price_costs_as_input(ledger: Ledger, log: Log) -> None:
    ledger.prices.save([rule("gpt-5.5", "1", "10")])
    log.respond("2025-03-01T10:01:00Z", 1000, 600, 1, written=300)
    assert costs(ledger, log) == ["0.001010000000"]


def test_a_tier_has_its_factor_from_where_it_is_switched_on(ledger: Ledger, log: Log) -> None:
    ledger.prices.save([rule("gpt-5.5", "1", "10", tiers={"priority": "2.5"})])
    log.respond("2025-03-01T10:01:00Z", 1000, 0, 10).tier("2025-03-01T10:02:00Z", "priority")
    log.respond("2025-03-01T10:03:00Z", 1000, 0, 10).tier("2025-03-01T10:04:00Z", "default")
    log.respond("2025-03-01T10:05:00Z", 1000, 0, 10)
    assert costs(ledger, log) == ["0.001100000000", "0.002750000000", "0.001100000000"]
    assert [row.tier for row in events_of(ledger)] == [None, "priority", None]


def test_a_users_rule_wins_over_the_catalogue_and_the_catalogue_comes_back(ledger: Ledger, log: Log) -> None:
    log.respond("2025-03-01T10:01:00Z", MILLION, 0, 1)
    (listed,) = costs(ledger, log)
    assert listed not in (None, "3.000003000000")
    ledger.prices.save([rule("gpt-5.5", "3", "3")])
    assert [row.cost_usd for row in events_of(ledger)] == ["3.000003000000"]
    assert [(one.source, one.model) for one in pricing_of(ledger).models] == [("user", "gpt-5.5")]
    ledger.prices.save([])
    assert [row.cost_usd for row in events_of(ledger)] == [listed]
    assert [one.source for one in pricing_of(ledger).models] == ["catalogue"]


def test_a_users_rule_with_an_end_leaves_the_rest_to_the_catalogue(ledger: Ledger, log: Log) -> None:
    ledger.prices.save([rule("gpt-5.5", "3", "3", effective_to="2025-03-02")])
    log.respond("2025-03-01T10:01:00Z", MILLION, 0, 1).respond("2025-03-02T10:01:00Z", MILLION, 0, 1)
    before, after = costs(ledger, log)
    assert before == "3.000003000000"
    assert after not in (None, before)


def test_a_model_without_a_price_is_named_and_never_free(ledger: Ledger, log: Log) -> None:
    log.turn("2025-03-01T10:00:02Z", "house-model").respond("2025-03-01T10:01:00Z", 900)
    assert costs(ledger, log) == [None]
    page = board(ledger)
    assert page.cards is not None
    assert page.trends is not None
    assert page.breakdown is not None
    assert page.calendar is not None
    usages = [page.cards.usage, page.breakdown.total.usage, page.breakdown.rows[0].usage, page.trends.series[0].usage]
    for usage in usages:
        assert (usage.cost.usd, usage.cost.unpriced_models) == (None, ["house-model"])
    assert page.trends.series[0].unpriced
    assert page.breakdown.rows[0].cost_per_million_usd is None
    (priced,) = pricing_of(ledger).models
    assert (priced.source, priced.rule, priced.tokens) == ("unpriced", None, 1000)
    ledger.prices.save([rule("house-*", "0", "0")])
    page = board(ledger)
    assert page.cards is not None
    assert (page.cards.usage.cost.usd, page.cards.usage.cost.unpriced_models) == ("0.000000000000", [])


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("pattern", {"pattern": " "}),
        ("input", {"input": ""}),
        ("input", {"input": "-1"}),
        ("output", {"output": "NaN"}),
        ("output", {"output": "1e3"}),
        ("cache_read", {"cache_read": "free"}),
        ("cache_write", {"cache_write": "1.0000001"}),
        ("effective_from", {"effective_from": "2025-02-30"}),
        ("effective_to", {"effective_from": "2025-03-02", "effective_to": "2025-03-02"}),
        ("long_threshold", {"long_threshold": 123, "long_input": "1", "long_output": "1"}),
        ("long_output", {"long_threshold": 200_000, "long_input": "1"}),
        ("tiers", {"tiers": {"priority": "two"}}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(
    ledger: Ledger, field: str, change: dict[str, object]
) -> None:
    good = rule("gpt-5.5", "3", "3")
    ledger.prices.save([good])
    with pytest.raises(InvalidPriceRule) as refused:
        ledger.prices.save([good, msgspec.structs.replace(rule("gpt-5.4"), **change)])
    details = refused.value.details
    assert (details["field"], details["index"]) == (field, 1)
    problems = details["problems"]
    assert isinstance(problems, list)
    assert problems[0].startswith(f"1|{field}|")
    assert [one.pattern for one in pricing_of(ledger).rules] == ["gpt-5.5"], "nothing of it was saved"


def test_prices_survive_a_restart(log: Log, home: Path, data: Path) -> None:
    log.respond("2025-03-01T10:01:00Z", MILLION, 0, 1).save()
    given = rule("gpt-5.5", "3.000001", "3", cache_read="0", tiers={"flex": "0.5"}, provider="codex")
    with ledger_of(data, home) as ledger:
        ledger.prices.save([given])
        before = pricing_of(ledger).rules
    with ledger_of(data, home) as ledger:
        assert pricing_of(ledger).rules == before
        assert [row.cost_usd for row in events_of(ledger)] == ["3.000004000000"]
        assert before[0].cache_read == "0"
