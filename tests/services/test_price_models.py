"""Which rule prices a model: today, and in every period since its first use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import Log
from tests.services.support import ledger_of, pricing_of, rule

from tokendial.services.contract.prices import ModelPrice
from tokendial.services.ledger import Ledger


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    log = Log(home, "2025-03-01T22:00:00Z").turn("2025-03-01T22:00:01Z", "house-model")
    for day in (1, 2, 2, 5):
        log.respond(f"2025-03-0{day}T23:59:59.999Z", 900, 0, 100)
    log.save()
    with ledger_of(data, home) as opened:
        yield opened


def model(ledger: Ledger) -> ModelPrice:
    (found,) = pricing_of(ledger).models
    return found


def told(found: ModelPrice) -> list[tuple[str | None, str | None, str, int]]:
    return [(one.effective_from, one.effective_to, one.source, one.tokens) for one in found.periods]


def test_an_unpriced_model_says_since_when_it_is_used(ledger: Ledger) -> None:
    found = model(ledger)
    assert (found.source, found.rule, found.tokens, found.unpriced_tokens) == ("unpriced", None, 4000, 4000)
    assert (found.first_day, found.last_day) == ("2025-03-01", "2025-03-05")
    assert told(found) == [("2025-03-01", None, "unpriced", 4000)]


def test_each_period_has_its_rule_and_what_was_used_in_it(ledger: Ledger) -> None:
    ledger.prices.save(
        [
            rule("house-*", "1", "1", effective_from="2024-01-01", effective_to="2025-03-02"),
            rule("house-model", "2", "2", effective_from="2025-03-02", effective_to="2025-03-04"),
            rule("house-model", "3", "3", effective_from="2099-01-01"),
        ]
    )
    found = model(ledger)
    assert told(found) == [
        ("2025-03-01", "2025-03-02", "user", 1000),
        ("2025-03-02", "2025-03-04", "user", 2000),
        ("2025-03-04", "2099-01-01", "unpriced", 1000),
        ("2099-01-01", None, "user", 0),
    ]
    assert [one.rule.input if one.rule else None for one in found.periods] == ["1", "2", None, "3"]
    assert (found.source, found.unpriced_tokens) == ("unpriced", 1000), "today no rule holds"


def test_neighbours_of_one_rule_are_one_period(ledger: Ledger) -> None:
    ledger.prices.save([rule("house-*", "1", "1"), rule("*", "2", "2", effective_from="2025-03-03")])
    assert told(model(ledger)) == [("2025-03-01", None, "user", 4000)]


def test_the_catalogue_tells_its_periods_too(home: Path, data: Path) -> None:
    log = Log(home, "2026-07-01T10:00:00Z").turn("2026-07-01T10:00:01Z", "codex-auto-review")
    log.respond("2026-07-01T10:00:02Z", 900).save()
    with ledger_of(data, home) as ledger:
        found = model(ledger)
    assert found.estimated
    assert {one.source for one in found.periods} == {"catalogue"}
    assert len(found.periods) > 1
    assert [one.effective_to for one in found.periods[:-1]] == [one.effective_from for one in found.periods[1:]]


def test_a_catalogue_rule_comes_back_as_a_rule_of_the_user_at_the_same_price(home: Path, data: Path) -> None:
    """Copied with its long-context rates, its tiers, and which of them are flat over long context."""
    log = Log(home, "2026-07-01T10:00:00Z").turn("2026-07-01T10:00:01Z", "gpt-5.4")
    log.respond("2026-07-01T10:00:02Z", 300_000, 100_000, 500)
    log.tier("2026-07-01T10:00:03Z", "priority", "gpt-5.4").respond("2026-07-01T10:00:04Z", 300_000, 100_000, 500)
    log.tier("2026-07-01T10:00:05Z", "flex", "gpt-5.4").respond("2026-07-01T10:00:06Z", 300_000, 100_000, 500)
    log.save()
    with ledger_of(data, home) as ledger:
        before = model(ledger)
        assert before.rule is not None and before.rule.long_threshold is not None and before.rule.tiers
        with ledger.view() as view:
            listed = view.total_between(None, None).cost
        ledger.prices.save([before.rule])
        with ledger.view() as view:
            assert view.total_between(None, None).cost == listed
        assert model(ledger).source == "user"
