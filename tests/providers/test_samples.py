"""The sample sessions of every provider, through its own parser: nothing refused, every response counted once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.support import added, board, events_of, of_usage

from tokendial.providers import PROVIDERS
from tokendial.providers.base import Provider
from tokendial.providers.samples import SampleResponse, SampleSession, choose
from tokendial.services.ledger import Ledger
from tokendial.store import files

START = 1_783_735_200_000


def session(number: int) -> SampleSession:
    start = START + number * 3_600_000
    responses = [SampleResponse(start + at * 1000, 1000 + at, 9000, 300, 100, prompt=at == 0) for at in range(5)]
    return SampleSession(number, number * 31 % 100, f"Title {number}", "/demo/shop-web", responses)


@pytest.mark.parametrize("source", PROVIDERS, ids=[one.descriptor.id for one in PROVIDERS])
def test_samples_are_read_as_they_were_told(source: Provider, tmp_path: Path) -> None:
    assert source.write_sample is not None
    home = tmp_path / "home"
    home.mkdir()
    told = [session(number) for number in range(6)]
    for one in told:
        source.write_sample(home, one)
    ledger = Ledger(tmp_path / "data", [(source.descriptor.id, home)], workers=0)
    try:
        assert ledger.scan().events_added == 30
        found = events_of(ledger)
        assert {row.session for row in found} == {one.id for one in told}
        assert {row.project for row in found} == {"/demo/shop-web"}
        assert sorted(row.time_ms for row in found) == sorted(each.time_ms for one in told for each in one.responses)
        page = board(ledger)
        assert page.cards is not None
        tokens = page.cards.usage.tokens
        assert tokens.total_tokens == sum(
            each.fresh + each.cached + each.output for one in told for each in one.responses
        )
        assert tokens.cache_read_tokens == 9000 * 30
        assert tokens.output_tokens == 300 * 30
        assert added([of_usage(card.usage) for card in page.providers or []]) == of_usage(page.cards.usage)
        with ledger.database.reading() as connection:
            assert files.refused_total(connection) == 0
    finally:
        ledger.close()


def test_every_pick_chooses_by_weight() -> None:
    picks = [choose(pick, {"a": 70, "b": 30}) for pick in range(100)]
    assert (picks.count("a"), picks.count("b")) == (70, 30)
