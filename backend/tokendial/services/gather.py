"""Sums of a stretch of time by bucket, by what is stacked and by what is broken down, made in one pass over the rows.

Cost is linear, so tokens are added up first, per rates; the few sums that are left are priced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple, TypeVar

from tokendial.domain.tokens import TokenCounts
from tokendial.services.totals import Pricer, Totals
from tokendial.store.day_sums import DaySums
from tokendial.store.usage import LabelRow, UsageSum

Key = Callable[[LabelRow], str]
_K = TypeVar("_K", str, int)
_LEFT_OUT = -1


class _Place(NamedTuple):
    """Where usage goes: the label set that stands for its rates, and the keys of its cells."""

    rate_class: int
    stack: str
    by: str
    effort: str


def alike(_label: LabelRow) -> str:
    """The key of what is not told apart."""
    return ""


def by_provider(label: LabelRow) -> str:
    """The key by provider."""
    return label.provider


def by_model(label: LabelRow) -> str:
    """The key by model."""
    return label.model


def by_effort(label: LabelRow) -> str:
    """The key by effort."""
    return label.effort or ""


_IMPLIED = frozenset({alike, by_provider, by_model, by_effort})


def keys_of_fold(stack: Key, by: Key) -> tuple[Key, Key]:
    """Keys that `fold_days` does the same with: what the rates already tell apart counts as alike."""
    return alike if stack in _IMPLIED else stack, alike if by in _IMPLIED else by


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
        self.by_provider: dict[str, dict[int, Totals]] = {}
        self.model_tokens: dict[str, Counter[str]] = {}

    def absorb(self, other: Gathered) -> None:
        """Add another stretch."""
        self.total = self.total.plus(other.total)
        _share(self.buckets, other.buckets)
        _share(self.groups, other.groups)
        for key, cells in other.cells.items():
            _share(self.cells.setdefault(key, {}), cells)
        for key, children in other.children.items():
            _share(self.children.setdefault(key, {}), children)
        for key, names in other.providers.items():
            self.providers.setdefault(key, set()).update(names)
        for key, cells in other.by_provider.items():
            _share(self.by_provider.setdefault(key, {}), cells)
        for key, models in other.model_tokens.items():
            self.model_tokens.setdefault(key, Counter()).update(models)

    def of_provider(self, provider: str) -> Totals:
        """The sum of one provider."""
        total = Totals()
        for one in self.by_provider.get(provider, {}).values():
            total.merge(one)
        return total


class _Slots:
    """Gives each label set the place that its usage goes to."""

    def __init__(self, labels: Mapping[int, LabelRow], pricer: Pricer, stack: Key, by: Key) -> None:
        self._labels, self._pricer, self._stack, self._by = labels, pricer, stack, by
        self._numbers: dict[_Place, int] = {}

    @property
    def places(self) -> list[_Place]:
        """The places by their number."""
        return list(self._numbers)

    def number(self, label_id: int) -> int:
        """The number of a label set's place: one for all that are priced alike and go to the same cells."""
        label = self._labels[label_id]
        effort = "" if self._by is alike else label.effort or ""  # children of one group of all tell nothing
        place = _Place(self._pricer.rate_class(label_id), self._stack(label), self._by(label), effort)
        return self._numbers.setdefault(place, len(self._numbers))


def gather(rows: Iterable[UsageSum], labels: Mapping[int, LabelRow], pricer: Pricer, stack: Key, by: Key) -> Gathered:
    """Add up rows by price epoch: `stack` and `by` give the keys of a label set."""
    flat = ((bucket, epoch, label_id, *tokens, events) for bucket, epoch, label_id, tokens, events in rows)
    return _gather(flat, _Slots(labels, pricer, stack, by), labels, pricer, lambda epoch: epoch)


def gather_alike(rows: Iterable[tuple[int, ...]], labels: Mapping[int, LabelRow], pricer: Pricer) -> Gathered:
    """Add up flat rows by bucket and price epoch alone."""
    return _gather(rows, _Slots(labels, pricer, alike, alike), labels, pricer, lambda epoch: epoch)


def gather_days(
    rows: DaySums, labels: Mapping[int, LabelRow], pricer: Pricer, stack: Key = alike, by: Key = alike
) -> Gathered:
    """Add up rows by UTC day, which hold whatever the prices are."""
    return _gather(rows, _Slots(labels, pricer, stack, by), labels, pricer, pricer.epoch_of_day)


def fold_days(
    rows: DaySums, allowed: Set[int] | None, labels: Mapping[int, LabelRow], stack: Key = alike, by: Key = alike
) -> DaySums:
    """Add up what goes to the same cells and is priced alike whatever the prices are, under one of its label sets.

    Of the label sets `allowed` (None: of all). `gather_days` with the same keys then has less to do.
    """
    stands_for: dict[int, int] = {}
    first: dict[Hashable, int] = {}
    sums: dict[tuple[int, int, int], list[int]] = {}
    for bucket, day, label_id, a, b, c, d, e, f, events in rows:
        one = stands_for.get(label_id)
        if one is None:
            label = labels[label_id]
            priced = (label.provider, label.model, label.tier, label.band, label.context_window)
            place = (priced, stack(label), by(label), label.effort)
            one = first.setdefault(place, label_id) if allowed is None or label_id in allowed else _LEFT_OUT
            stands_for[label_id] = one
        if one == _LEFT_OUT:
            continue
        slot = (bucket, day, one)
        known = sums.get(slot)
        if known is None:
            sums[slot] = [a, b, c, d, e, f, events]
            continue
        known[0] += a
        known[1] += b
        known[2] += c
        known[3] += d
        known[4] += e
        known[5] += f
        known[6] += events
    return DaySums.of((*slot, *counts) for slot, counts in sums.items())


def _gather(
    rows: Iterable[tuple[int, ...]],
    slots: _Slots,
    labels: Mapping[int, LabelRow],
    pricer: Pricer,
    epoch_of: Callable[[int], int],
) -> Gathered:
    numbers: dict[int, int] = {}
    epochs: dict[int, int] = {}
    sums: dict[tuple[int, int, int], list[int]] = {}
    for bucket, step, label_id, a, b, c, d, e, f, events in rows:
        number = numbers.get(label_id)
        if number is None:
            number = numbers[label_id] = slots.number(label_id)
        epoch = epochs.get(step)
        if epoch is None:
            epoch = epochs[step] = epoch_of(step)
        slot = (bucket, epoch, number)
        known = sums.get(slot)
        if known is None:
            sums[slot] = [a, b, c, d, e, f, events]
            continue
        known[0] += a
        known[1] += b
        known[2] += c
        known[3] += d
        known[4] += e
        known[5] += f
        known[6] += events
    return _priced(sums, slots.places, labels, pricer)


def _priced(
    sums: Mapping[tuple[int, int, int], list[int]],
    places: Sequence[_Place],
    labels: Mapping[int, LabelRow],
    pricer: Pricer,
) -> Gathered:
    """Price each sum once; what is coarser is added up from what is finer."""
    leaves: dict[tuple[int, str, str, str, str], Totals] = {}
    found = Gathered()
    for (bucket, epoch, number), (a, b, c, d, e, f, events) in sums.items():
        rate_class, stack, by, effort = places[number]
        label = labels[rate_class]
        leaf = (bucket, stack, by, effort, label.provider)
        one = leaves.get(leaf)
        if one is None:
            one = leaves[leaf] = Totals()
        one.add(TokenCounts(a, b, c, d, e, f), events, label, pricer.rates(rate_class, epoch))
        models = found.model_tokens.get(label.provider)
        if models is None:
            models = found.model_tokens[label.provider] = Counter()
        models[label.model] += a + b + c + d + e
    for (bucket, stack, by, effort, provider), one in leaves.items():
        _add(found.by_provider.setdefault(provider, {}), bucket, one)
        _add(found.cells.setdefault(stack, {}), bucket, one)
        _add(found.children.setdefault(by, {}), effort, one)
    for rate_class, _, by, _ in places:
        found.providers.setdefault(by, set()).add(labels[rate_class].provider)
    for cells in found.by_provider.values():
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


def _share(into: dict[_K, Totals], other: Mapping[_K, Totals]) -> None:
    """As `_merge`, but no sum that is there is changed: most stand in one part alone, and are taken as they are."""
    for key, totals in other.items():
        known = into.get(key)
        into[key] = totals if known is None else known.plus(totals)


def _merge(into: dict[_K, Totals], other: Mapping[_K, Totals]) -> None:
    for key, totals in other.items():
        _add(into, key, totals)
