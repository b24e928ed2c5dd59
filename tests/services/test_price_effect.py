"""What rules would change is exactly what they change once they are saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.parity.logs import Log
from tests.services.mixed import RULES, write_mixed
from tests.services.support import UTC, board, ledger_of, pico, rule

from tokendial.services.contract.prices import PriceEffect, PricePreview, PriceRuleInput
from tokendial.services.ledger import Ledger
from tokendial.services.price_effect import preview

MILLION = 1_000_000


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    """A million tokens on the last hour of March and one on the first of April 2025 (UTC), and a house model."""
    log = Log(home, "2025-03-31T10:00:00Z").turn("2025-03-31T10:00:01Z")
    log.respond("2025-03-31T23:30:00Z", MILLION, 0, 0).respond("2025-04-01T00:30:00Z", MILLION, 0, 0)
    log.turn("2025-05-01T00:30:00Z", "house-model").respond("2025-05-01T00:31:00Z", MILLION, 0, 0)
    log.save()
    with ledger_of(data, home) as opened:
        opened.prices.save([rule("gpt-5.5", "1", "1")])
        yield opened


def asked(ledger: Ledger, *rules: PriceRuleInput, zone: ZoneInfo = UTC) -> PricePreview:
    with ledger.view(zone=zone) as view:
        return preview(view, ledger.prices, rules)


def effect(ledger: Ledger, *rules: PriceRuleInput, zone: ZoneInfo = UTC) -> PriceEffect:
    found = asked(ledger, *rules, zone=zone)
    assert found.problems == []
    assert found.effect is not None
    return found.effect


def test_the_effect_is_told_by_month_and_by_model(ledger: Ledger) -> None:
    found = effect(
        ledger,
        rule("gpt-5.5", "1", "1", effective_to="2025-04-01"),
        rule("gpt-5.5", "3", "1", effective_from="2025-04-01"),
    )
    assert [(one.month, one.label, one.before_usd, one.after_usd, one.change_usd) for one in found.months] == [
        ("2025-04", "Apr 2025", "1.000000000000", "3.000000000000", "2.000000000000")
    ]
    assert [(one.provider, one.model, one.change_usd) for one in found.models] == [
        ("codex", "gpt-5.5", "2.000000000000")
    ]
    assert (found.before_usd, found.after_usd, found.change_usd) == (
        "2.000000000000",
        "4.000000000000",
        "2.000000000000",
    )


def test_months_are_those_of_the_users_zone(ledger: Ledger) -> None:
    found = effect(ledger, rule("gpt-5.5", "2", "1"), zone=ZoneInfo("America/New_York"))
    assert [(one.month, one.change_usd) for one in found.months] == [("2025-03", "2.000000000000")]
    found = effect(ledger, rule("gpt-5.5", "2", "1"), zone=ZoneInfo("Asia/Tokyo"))
    assert [(one.month, one.change_usd) for one in found.months] == [("2025-04", "2.000000000000")]


def test_a_price_for_an_unpriced_model_is_no_change_from_zero(ledger: Ledger) -> None:
    found = effect(ledger, rule("gpt-5.5", "1", "1"), rule("house-*", "0", "0"))
    assert (found.unpriced_tokens_before, found.unpriced_tokens_after) == (MILLION, 0)
    assert [(one.month, one.before_usd, one.after_usd, one.change_usd) for one in found.months] == [
        ("2025-05", None, "0.000000000000", "0.000000000000")
    ]
    assert [(one.model, one.before_usd) for one in found.models] == [("house-model", None)]


def test_what_changes_nothing_says_so(ledger: Ledger) -> None:
    found = effect(ledger, rule("gpt-5.5", "1", "1"), rule("nobody-uses-this", "9", "9"))
    assert (found.change_usd, found.months, found.models) == ("0.000000000000", [], [])


def test_problems_are_told_instead_and_nothing_is_stored(ledger: Ledger) -> None:
    found = asked(ledger, rule("gpt-5.5", "-1", "1"), rule("", "1", ""))
    assert found.effect is None
    assert [(one.index, one.field) for one in found.problems] == [(0, "input"), (1, "pattern"), (1, "output")]
    with ledger.database.reading() as connection:
        before = connection.execute("SELECT * FROM price_rule").fetchall()
    effect(ledger, rule("*", "5", "5"))
    with ledger.database.reading() as connection:
        assert connection.execute("SELECT * FROM price_rule").fetchall() == before
    assert board(ledger).cards.usage.cost.usd == "2.000000000000"  # type: ignore[union-attr]  # no panel failed


def test_it_is_what_saving_does(tmp_path: Path) -> None:
    write_mixed(tmp_path / "home")
    with ledger_of(tmp_path / "data", tmp_path / "home") as ledger:
        changed = [
            rule("*", "1.234567", "7.1", cache_read="0.01", tiers={"priority": "2.5"}, effective_from="2025-03-01")
        ]
        for rules in (RULES, changed, []):
            promised = effect(ledger, *rules)
            before = pico(total(ledger))
            assert before == pico(promised.before_usd)
            ledger.prices.save(rules)
            assert pico(total(ledger)) == pico(promised.after_usd)
            assert sum(signed(one.change_usd) for one in promised.months) == signed(promised.change_usd)
            assert sum(signed(one.change_usd) for one in promised.models) == signed(promised.change_usd)
            assert pico(total(ledger)) - before == signed(promised.change_usd)


def total(ledger: Ledger) -> str | None:
    cards = board(ledger).cards
    assert cards is not None
    return cards.usage.cost.usd


def signed(usd: str) -> int:
    return -pico(usd[1:]) if usd.startswith("-") else pico(usd)
