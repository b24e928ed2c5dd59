"""Sums of parts of time are put together without changing any of them: the parts that are over stay in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path

import pytest
from tests.services.mixed import RULES, write_mixed
from tests.services.support import ledger_of

from tokendial.domain.tokens import TokenCounts
from tokendial.services.gather import Gathered, by_effort, by_model, fold_days, gather
from tokendial.services.ledger import Ledger
from tokendial.services.totals import Totals
from tokendial.store.day_sums import DaySums
from tokendial.store.usage import LabelRow


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Gathered]]:
    """Thirds of a mixed home, which share buckets, models and efforts."""
    folder: Path = tmp_path_factory.mktemp("mixed")
    write_mixed(folder / "home")
    with ledger_of(folder / "data", folder / "home") as ledger:
        ledger.prices.save(RULES)
        yield [gathered(ledger, third) for third in (0, 1, 2)]


def gathered(ledger: Ledger, third: int) -> Gathered:
    with ledger.view() as view:
        rows = list(view.sums(None, None))
        return gather(rows[third::3], view.labels, view.pricer, by_model, by_effort)


def plain(totals: Totals) -> tuple[TokenCounts, int, int, int, tuple[str, ...]]:
    names = tuple(sorted(totals.unpriced_models))
    return totals.tokens, totals.events, totals.cost.total, totals.saved, names


def told(one: Gathered) -> tuple[object, ...]:
    """All of it, in figures."""
    cells = {(name, key): plain(total) for name, row in one.cells.items() for key, total in row.items()}
    children = {(name, key): plain(total) for name, row in one.children.items() for key, total in row.items()}
    owners = {(name, key): plain(total) for name, row in one.by_provider.items() for key, total in row.items()}
    groups = {key: plain(total) for key, total in one.groups.items()}
    return plain(one.total), {key: plain(t) for key, t in one.buckets.items()}, cells, children, owners, groups


def test_any_order_gives_the_same_and_leaves_the_parts_as_they_are(parts: list[Gathered]) -> None:
    before = [told(part) for part in parts]
    assert all(part.total.events for part in parts)
    found = []
    for order in permutations(parts):
        whole = Gathered()
        for part in order:
            whole.absorb(part)
        found.append(told(whole))
        assert [told(part) for part in parts] == before
    assert all(one == found[0] for one in found)
    assert sum(part.total.events for part in parts) == whole.total.events


def test_a_part_alone_is_what_it_was(parts: list[Gathered]) -> None:
    whole = Gathered()
    whole.absorb(parts[0])
    assert told(whole) == told(parts[0])
    whole.absorb(Gathered())
    assert told(whole) == told(parts[0])


def test_the_database_adds_up_days_as_this_program_does(tmp_path: Path) -> None:
    """What is priced alike and has one effort, over homes and projects, is one row of a day either way."""
    for name in ("one", "two"):
        write_mixed(tmp_path / name)
    with ledger_of(tmp_path / "data", tmp_path / "one", tmp_path / "two") as ledger, ledger.view() as view:
        single = view.closed_days()
        expected = fold_days(single, None, view.labels)
        found = view.read_days_alike()
        assert len(found) < len(single)
        assert _by_meaning(found, view.labels) == _by_meaning(expected, view.labels)
        buckets = [row[0] for row in found]
        assert buckets == sorted(buckets), "`moved` looks for them"


def _by_meaning(rows: DaySums, labels: Mapping[int, LabelRow]) -> dict[tuple[object, ...], tuple[int, ...]]:
    found = {}
    for bucket, day, label_id, *counts in rows:
        label = labels[label_id]
        rates = (label.provider, label.model, label.tier, label.band, label.context_window)
        found[bucket, day, rates, label.effort] = tuple(counts)
    assert len(found) == len(rows)
    return found
