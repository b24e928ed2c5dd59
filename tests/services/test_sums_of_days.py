"""Days that are over are read once and cut anew: each bucket is what the roll-up says of its own stretch of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from tests.services.mixed import RULES, write_mixed
from tests.services.support import ledger_of

from tokendial.domain.periods import Unit
from tokendial.services.contract.common import Dimension, Filter
from tokendial.services.ledger import Ledger
from tokendial.services.panels import slices
from tokendial.services.totals import Totals
from tokendial.services.view import View

# The clock changes within the logs in the first two, by an hour and by half an hour; the last is not at full hours.
ZONES = ("America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")
RANGES = ({"range": "alltime"}, {"range": "custom", "start": "2025-03-03", "end": "2025-04-06"})


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("days")
    write_mixed(folder / "home", seed=11, sessions=30)
    with ledger_of(folder / "data", folder / "home") as ledger:
        ledger.prices.save(RULES)
        yield ledger


def figures(totals: Totals) -> tuple[object, ...]:
    return totals.tokens, totals.events, totals.cost.total, totals.unpriced_tokens


def sums(view: View, start_ms: int, end_ms: int) -> Totals:
    """From the roll-up itself."""
    return view.total(view.sums(start_ms, end_ms))


@pytest.mark.parametrize("stack", get_args(Dimension))
@pytest.mark.parametrize("zone", ZONES)
def test_each_bucket_is_what_its_time_holds(mixed: Ledger, zone: str, stack: Dimension) -> None:
    with mixed.view(zone=ZoneInfo(zone)) as view:
        for wanted in RANGES:
            period = view.range(Filter(**wanted))
            for unit in get_args(Unit):
                if unit == "hour" and wanted["range"] == "alltime":
                    continue  # too many for so little
                found = slices.cut(view, period, unit, stack, "effort")
                assert found.total.events > 0
                for bucket, totals in zip(found.buckets, found.per_bucket, strict=True):
                    assert figures(totals) == figures(sums(view, *bucket)), (unit, bucket)
                cells = [cell for row in found.gathered.cells.values() for cell in row.values()]
                assert sum(cell.tokens.total for cell in cells) == found.total.tokens.total


def test_what_a_filter_holds_back_stays_out(mixed: Ledger) -> None:
    with mixed.view(provider="claude") as view:
        found = slices.cut(view, view.range(Filter(range="alltime")), "week")
        assert found.total.events == 0


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_read_once_for_every_cut_of_them(mixed: Ledger, zone: str) -> None:
    statements: list[str] = []
    mixed._begin()  # as after a start: nothing is remembered
    with mixed.view(zone=ZoneInfo(zone)) as view:
        view.connection.set_trace_callback(statements.append)
        for unit in ("day", "week", "month"):
            for stack in get_args(Dimension):
                slices.cut(view, view.range(Filter(range="alltime")), unit, stack, stack)
        view.connection.set_trace_callback(None)
    whole = [text for text in statements if "FROM usage_rollup" in text and "AS cut" in text]
    assert len([text for text in whole if "bucket >= " not in text]) == 1
