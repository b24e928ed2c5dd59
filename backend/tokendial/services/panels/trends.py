"""Tokens and cost over time, stacked."""

from __future__ import annotations

from tokendial.domain.labels import bucket_labels
from tokendial.services.contract.common import Dimension
from tokendial.services.contract.dashboard import Series, TrendBucket, Trends
from tokendial.services.panels.dimensions import key_of, label_of
from tokendial.services.panels.slices import Slices, group
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
        series=_series(view, slices, stack),
    )


def _series(view: View, slices: Slices, stack: Dimension) -> list[Series]:
    key = key_of(stack)
    ranked = list(group(view, slices.rows, key))
    kept = set(ranked if len(ranked) <= MAX_SERIES else ranked[: MAX_SERIES - 1])
    cells: dict[str, dict[int, Totals]] = {}
    for row in slices.rows:
        label = view.labels[row.label_id]
        name = key(label) if key(label) in kept else OTHER
        cell = cells.setdefault(name, {}).setdefault(row.bucket, Totals())
        cell.add(row, label, view.pricer.rates(row.label_id, row.epoch))
    order = [name for name in ranked if name in cells] + ([OTHER] if OTHER in cells else [])
    return [_one(name, stack, cells[name], len(slices.buckets), len(ranked) - len(kept)) for name in order]


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
