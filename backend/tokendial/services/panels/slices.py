"""The range of a dashboard cut into buckets, read once for cards, trends and breakdown alike."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.domain.periods import Bucket, Range, Unit, buckets, choose_bucket
from tokendial.services.contract.common import Dimension
from tokendial.services.gather import Gathered
from tokendial.services.panels.dimensions import key_of
from tokendial.services.totals import Totals
from tokendial.services.view import View


class Slices(NamedTuple):
    """The buckets of a range, and what was used: in each, by what is stacked, by what is broken down, and in all."""

    period: Range
    unit: Unit
    buckets: list[Bucket]
    gathered: Gathered

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
    return Slices(period, unit, parts, gathered)
