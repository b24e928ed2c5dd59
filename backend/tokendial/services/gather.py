"""Sums of a stretch of time by bucket, by what is stacked and by what is broken down, made in one pass over the rows.

Cost is linear, so tokens are added up first, per rates; the few sums that are left are priced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tokendial.domain.tokens import TokenCounts
from tokendial.services.totals import Pricer, Totals
from tokendial.store.usage import LabelRow, UsageSum

Key = Callable[[LabelRow], str]
_K = TypeVar("_K", str, int)
_Slot = tuple[int, int, int, str, str, str]


class Gathered:
    """Totals of one stretch. Merging gives a new one; the parts stay as they are."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.total = Totals()
        self.buckets: dict[int, Totals] = {}
        self.cells: dict[str, dict[int, Totals]] = {}
        self.groups: dict[str, Totals] = {}
        self.children: dict[str, dict[str, Totals]] = {}
        self.providers: dict[str, set[str]] = {}

    def absorb(self, other: Gathered) -> None:
        """Add another stretch."""
        self.total.merge(other.total)
        _merge(self.buckets, other.buckets)
        _merge(self.groups, other.groups)
        for key, cells in other.cells.items():
            _merge(self.cells.setdefault(key, {}), cells)
        for key, children in other.children.items():
            _merge(self.children.setdefault(key, {}), children)
        for key, names in other.providers.items():
            self.providers.setdefault(key, set()).update(names)


def gather(rows: Iterable[UsageSum], labels: Mapping[int, LabelRow], pricer: Pricer, stack: Key, by: Key) -> Gathered:
    """Add up rows: `stack` and `by` give the keys of a label set."""
    keys: dict[int, tuple[str, str, str]] = {}
    sums: dict[_Slot, list[int]] = {}
    for bucket, epoch, label_id, tokens, events in rows:
        names = keys.get(label_id)
        if names is None:
            label = labels[label_id]
            names = keys[label_id] = (stack(label), by(label), label.effort or "")
        slot = (bucket, epoch, pricer.rate_class(label_id), *names)
        known = sums.get(slot)
        if known is None:
            sums[slot] = [*tokens, events]
            continue
        a, b, c, d, e, f = tokens
        known[0] += a
        known[1] += b
        known[2] += c
        known[3] += d
        known[4] += e
        known[5] += f
        known[6] += events
    return _priced(sums, labels, pricer)


def _priced(sums: Mapping[_Slot, list[int]], labels: Mapping[int, LabelRow], pricer: Pricer) -> Gathered:
    """Price each sum once; what is coarser is added up from what is finer."""
    found = Gathered()
    for (bucket, epoch, rate_class, stack, by, effort), counts in sums.items():
        label = labels[rate_class]
        one = Totals()
        row = UsageSum(bucket, epoch, rate_class, TokenCounts(*counts[:6]), counts[6])
        one.add(row, label, pricer.rates(rate_class, epoch))
        _add(found.cells.setdefault(stack, {}), bucket, one)
        _add(found.children.setdefault(by, {}), effort, one)
        found.providers.setdefault(by, set()).add(label.provider)
    for cells in found.cells.values():
        _merge(found.buckets, cells)
    for by, children in found.children.items():
        group = found.groups[by] = Totals()
        for one in children.values():
            group.merge(one)
        found.total.merge(group)
    return found


def _add(into: dict[_K, Totals], key: _K, one: Totals) -> None:
    known = into.get(key)
    if known is None:
        known = into[key] = Totals()
    known.merge(one)


def _merge(into: dict[_K, Totals], other: Mapping[_K, Totals]) -> None:
    for key, totals in other.items():
        _add(into, key, totals)
