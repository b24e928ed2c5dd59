"""The range of a dashboard cut into buckets, read once for cards, trends and breakdown alike."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.domain.periods import Bucket, Range, Unit, buckets, choose_bucket, previous_range
from tokendial.services.contract.common import Dimension
from tokendial.services.gather import Gathered
from tokendial.services.panels.dimensions import key_of
from tokendial.services.totals import Totals
from tokendial.services.view import View


class Slices(NamedTuple):
    """The buckets of a range, and what was used: in each, by what is stacked, by what is broken down, and in all.

    `before` is what was used in the range of the same length before, none where the ledger does not reach back so far.
    `sessions` are how many sessions used something, by provider.
    """

    period: Range
    unit: Unit
    buckets: list[Bucket]
    gathered: Gathered
    before: Gathered | None
    sessions: dict[str, int]

    @property
    def total(self) -> Totals:
        """The sum of all."""
        return self.gathered.total

    @property
    def per_bucket(self) -> list[Totals]:
        """The sum of each bucket, also of the empty ones."""
        empty = Totals()
        return [self.gathered.buckets.get(place, empty) for place in range(len(self.buckets))]


def cut(view: View, period: Range, wanted: Unit | None, stack: Dimension = "model", by: Dimension = "model") -> Slices:
    """Cut a range into buckets of the wanted unit, or of one that fits."""
    unit = choose_bucket(period, wanted)
    parts = buckets(period, unit, view.zone, view.first_weekday)
    cuts = tuple(part.start_ms for part in parts)
    name = (unit, view.zone.key, view.first_weekday, stack, by)
    gathered = view.gathered(period.start_ms, period.end_ms, cuts, name, key_of(stack), key_of(by))
    counts = view.session_counts(period.start_ms, period.end_ms)
    return Slices(period, unit, parts, gathered, _before(view, period), counts)


def _before(view: View, period: Range) -> Gathered | None:
    previous = previous_range(period)
    if previous is None or previous.end_ms is None or view.span is None or view.span[0] >= previous.end_ms:
        return None
    return view.by_provider_between(previous.start_ms, previous.end_ms)
