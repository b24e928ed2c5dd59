"""The last change of the price rules can be taken back, exactly, also after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parity.logs import Log
from tests.services.support import board, ledger_of, pricing_of, rule

from tokendial.errors import InvalidPriceRule, NotFound
from tokendial.services.contract.prices import PriceImportRequest, PriceUndo
from tokendial.services.ledger import Ledger
from tokendial.services.price_file import write
from tokendial.services.price_import import import_rules
from tokendial.services.price_rules import to_rules
from tokendial.store import settings

MILLION = 1_000_000
FIRST, SECOND = rule("gpt-5.5", "1", "1"), rule("gpt-*", "2", "2", tiers={"flex": "0.5"}, flat_tiers=["flex"])


@pytest.fixture
def ledger(home: Path, data: Path) -> Iterator[Ledger]:
    log = Log(home, "2025-03-01T10:00:00Z").turn("2025-03-01T10:00:01Z")
    log.respond("2025-03-01T10:01:00Z", MILLION, 0, 0).save()
    with ledger_of(data, home) as opened:
        yield opened


def cost(ledger: Ledger) -> str | None:
    cards = board(ledger).cards
    assert cards is not None
    return cards.usage.cost.usd


def patterns(ledger: Ledger) -> list[str]:
    return [one.pattern for one in pricing_of(ledger).rules]


def undo_of(ledger: Ledger) -> PriceUndo:
    found = pricing_of(ledger).undo
    assert found is not None
    return found


def test_there_is_nothing_to_undo_at_first(ledger: Ledger) -> None:
    assert pricing_of(ledger).undo is None
    with pytest.raises(NotFound):
        ledger.prices.undo()


def test_undo_restores_exactly_what_was_and_can_be_undone_itself(ledger: Ledger) -> None:
    listed = cost(ledger)
    ledger.prices.save([FIRST])
    ledger.prices.save([SECOND, FIRST])
    before, (was, _) = cost(ledger), (pricing_of(ledger).rules, 0)
    assert before == "1.000000000000"
    ledger.prices.save([rule("gpt-5.5", "9", "9")])
    assert (cost(ledger), undo_of(ledger).redo) == ("9.000000000000", False)
    ledger.prices.undo()
    assert cost(ledger) == before
    plain = [(one.pattern, one.input, one.tiers, one.flat_tiers) for one in pricing_of(ledger).rules]
    assert plain == [(one.pattern, one.input, one.tiers, one.flat_tiers) for one in was]
    assert undo_of(ledger).redo
    ledger.prices.undo()
    assert (cost(ledger), patterns(ledger)) == ("9.000000000000", ["gpt-5.5"])
    assert not undo_of(ledger).redo
    ledger.prices.save([])
    assert cost(ledger) == listed


def test_undo_works_after_a_restart(home: Path, data: Path, ledger: Ledger) -> None:
    ledger.prices.save([FIRST])
    ledger.prices.save([])
    ledger.close()
    with ledger_of(data, home) as again:
        assert undo_of(again).what == "Deleted the rule for gpt-5.5"
        again.prices.undo()
        assert cost(again) == "1.000000000000"


def test_each_change_has_a_name(ledger: Ledger) -> None:
    seen = []
    changed = rule("gpt-5.5", "3", "1")
    for rules in ([FIRST], [changed], [changed, SECOND], [rule("a"), rule("b")], [], [rule("x" * 100)], []):
        ledger.prices.save(rules)
        seen.append(undo_of(ledger).what)
    assert seen == [
        "Added the rule for gpt-5.5",
        "Changed the rule for gpt-5.5",
        "Added the rule for gpt-*",
        "Changed the rules: 2 new, 2 gone",
        "Reset to the catalogue",
        f"Added the rule for {'x' * 60}…",
        f"Deleted the rule for {'x' * 60}…",
    ]


def test_an_import_is_undone_like_a_save(ledger: Ledger) -> None:
    ledger.prices.save([FIRST])
    text = write(to_rules([rule("a"), rule("b")]), 0)
    import_rules(ledger.prices, PriceImportRequest(text, "replace"))
    assert (patterns(ledger), undo_of(ledger).what) == (["a", "b"], "Imported 2 rules")
    ledger.prices.undo()
    assert patterns(ledger) == ["gpt-5.5"]


def test_what_was_refused_or_changed_nothing_leaves_the_undo_alone(ledger: Ledger) -> None:
    ledger.prices.save([FIRST])
    ledger.prices.save([FIRST, SECOND])
    kept = undo_of(ledger)
    ledger.prices.save(pricing_of(ledger).rules)
    ledger.prices.save([SECOND, FIRST])
    with pytest.raises(InvalidPriceRule):
        ledger.prices.save([rule("", "1")])
    assert undo_of(ledger) == kept
    ledger.prices.undo()
    assert patterns(ledger) == ["gpt-5.5"]


@pytest.mark.parametrize("text", ["", "{", '{"rules": 3}', "[]"])
def test_a_kept_change_that_cannot_be_read_is_no_undo(ledger: Ledger, text: str) -> None:
    ledger.prices.save([FIRST])
    settings.write(ledger.database, "price_undo", text)
    assert (pricing_of(ledger).undo, patterns(ledger)) == (None, ["gpt-5.5"])
    with pytest.raises(NotFound):
        ledger.prices.undo()
