"""Tokens and cost over time, stacked."""

from __future__ import annotations

from tokendial.domain.labels import bucket_labels
from tokendial.services.contract.common import Dimension
from tokendial.services.contract.dashboard import Series, TrendBucket, Trends
from tokendial.services.panels.dimensions import label_of
from tokendial.services.panels.slices import Slices
from tokendial.services.totals import Totals
from tokendial.services.view import View

MAX_SERIES = 8
OTHER = "\0other"


def trends(view: View, slices: Slices, stack: Dimension) -> Trends:
    """Every bucket of the range, also the empty ones, and the series stacked on them."""
    names = bucket_labels(slices.buckets, slices.unit, view.zone, view.first_weekday)
    return Trends(
        bucket=slices.unit,
        stack=stack,
        buckets=[
            TrendBucket(bucket.start_ms, bucket.end_ms, name.axis, name.title, total.usage())
            for bucket, name, total in zip(slices.buckets, names, slices.per_bucket, strict=True)
        ],
        series=_series(slices, stack),
    )


def _series(slices: Slices, stack: Dimension) -> list[Series]:
    found = slices.gathered.cells
    ranked = sorted(found, key=lambda name: (-sum(cell.tokens.total for cell in found[name].values()), name))
    kept = ranked if len(ranked) <= MAX_SERIES else ranked[: MAX_SERIES - 1]
    count = len(slices.buckets)
    series = [_one(name, stack, found[name], count, 0) for name in kept]
    if len(kept) < len(ranked):
        rest: dict[int, Totals] = {}
        for name in ranked[len(kept) :]:
            for bucket, cell in found[name].items():
                rest.setdefault(bucket, Totals()).merge(cell)
        series.append(_one(OTHER, stack, rest, count, len(ranked) - len(kept)))
    return series


def _one(key: str, stack: Dimension, cells: dict[int, Totals], count: int, others: int) -> Series:
    total, empty = Totals(), Totals()
    for cell in cells.values():
        total.merge(cell)
    line = [cells.get(place, empty) for place in range(count)]
    return Series(
        key="other" if key == OTHER else key,
        label=f"{others} others" if key == OTHER else label_of(stack, key),
        tokens=[one.tokens.total for one in line],
        cost=[one.dollars for one in line],
        usage=total.usage(),
        unpriced=total.usd is None,
    )
