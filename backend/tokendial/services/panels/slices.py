"""The range of a dashboard cut into buckets, read once for cards, trends and breakdown alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokendial.domain.periods import Bucket, Range, Unit, buckets, choose_bucket
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store.usage import LabelRow, UsageSum


class Slices(NamedTuple):
    """The buckets of a range, what was used in each, and the sum of each and of all."""

    period: Range
    unit: Unit
    buckets: list[Bucket]
    rows: list[UsageSum]
    per_bucket: list[Totals]
    total: Totals


def cut(view: View, period: Range, wanted: Unit | None) -> Slices:
    """Cut a range into buckets of the wanted unit, or of one that fits."""
    unit = choose_bucket(period, wanted)
    parts = buckets(period, unit, view.zone, view.first_weekday)
    rows = view.sums(period.start_ms, period.end_ms, [part.start_ms for part in parts])
    per_bucket = [Totals() for _ in parts] or [Totals()]
    total = Totals()
    for row in rows:
        per_bucket[row.bucket].add(row, view.labels[row.label_id], view.pricer.rates(row.label_id, row.epoch))
    for one in per_bucket:
        total.merge(one)
    return Slices(period, unit, parts, rows, per_bucket if parts else [], total)


def group(view: View, rows: Sequence[UsageSum], key: Callable[[LabelRow], str]) -> dict[str, Totals]:
    """Sums by a key of the labels, most tokens first."""
    found: dict[str, Totals] = {}
    for row in rows:
        label = view.labels[row.label_id]
        found.setdefault(key(label), Totals()).add(row, label, view.pricer.rates(row.label_id, row.epoch))
    return dict(sorted(found.items(), key=lambda item: (-item[1].tokens.total, item[0])))
