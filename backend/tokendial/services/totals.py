"""Adds up usage and what it costs. Every figure of every panel comes from here, so two panels cannot disagree."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from tokendial.domain.money import divide_half_even, usd_string
from tokendial.domain.pricing import (
    CostParts,
    PriceBook,
    PriceRule,
    Rates,
    cost_at,
    effective_rates,
    is_long,
    saved_at,
)
from tokendial.domain.tokens import TokenCounts
from tokendial.domain.zones import DAY_MS
from tokendial.services.contract.common import Cost, Tokens, Usage
from tokendial.store.usage import LabelRow, UsageSum

MILLION = 1_000_000


class Pricer:
    """What a sum costs: the rates of its label set within its price epoch, looked up once."""

    def __init__(self, book: PriceBook, epochs: Sequence[int], labels: Mapping[int, LabelRow]) -> None:
        """`epochs` are the instants that cut the price epochs, ascending."""
        self._book = book
        self._epochs = epochs
        self._labels = labels
        self._rates: dict[tuple[int, int], Rates | None] = {}
        self._classes: dict[int, int] = {}
        self._first: dict[tuple[str, str, str | None, int, int], int] = {}
        self._paying: dict[tuple[str, str, int, tuple[Rates | None, ...]], int] = {}

    def rates(self, label_id: int, epoch: int) -> Rates | None:
        """The rates that hold; None is unpriced."""
        key = (label_id, epoch)
        if key not in self._rates:
            label, rule = self._labels[label_id], self._rule(label_id, epoch)
            self._rates[key] = None if rule is None else effective_rates(rule, label.tier, label.band)
        return self._rates[key]

    def is_long(self, label_id: int, epoch: int) -> bool:
        """Whether long-context rates hold."""
        label, rule = self._labels[label_id], self._rule(label_id, epoch)
        return rule is not None and is_long(rule, label.band, label.tier)

    def _rule(self, label_id: int, epoch: int) -> PriceRule | None:
        label = self._labels[label_id]
        at_ms = self._epochs[epoch - 1] if epoch else (self._epochs[0] - 1 if self._epochs else 0)
        return self._book.rule_for(label.provider, label.model, at_ms)

    def rate_class(self, label_id: int) -> int:
        """A label set that stands for all of its model that are always priced alike and have its context window."""
        known = self._classes.get(label_id)
        if known is None:
            label = self._labels[label_id]
            alike = (label.provider, label.model, label.tier, label.band, label.context_window)
            first = self._first.setdefault(alike, label_id)
            if first == label_id:
                # Tiers without a factor and prompts below the threshold pay the same: most bands are one class.
                paid = tuple(self.rates(label_id, epoch) for epoch in range(len(self._epochs) + 1))
                same = (label.provider, label.model, label.context_window, paid)
                known = self._paying.setdefault(same, label_id)
            else:
                known = self.rate_class(first)
            self._classes[label_id] = known
        return known

    def epoch_of(self, time_ms: int) -> int:
        """The price epoch of an instant."""
        return bisect_right(self._epochs, time_ms)

    def epoch_of_day(self, day: int) -> int:
        """The price epoch of a UTC day (counted from 1970): prices change at UTC midnights only."""
        return bisect_right(self._epochs, day * DAY_MS)


class Totals:
    """A running sum of tokens, cost and responses."""

    __slots__ = (
        "_cost", "_tokens", "events", "priced_events", "saved", "unpriced_models", "unpriced_tokens",
        "window_capacity", "window_tokens",
    )  # fmt: skip

    def __init__(self) -> None:
        """Nothing yet."""
        self._tokens = [0, 0, 0, 0, 0, 0]
        self._cost = [0, 0, 0, 0]
        self.saved = 0
        self.events = 0
        self.priced_events = 0
        self.unpriced_tokens = 0
        self.unpriced_models: set[str] = set()
        self.window_tokens = 0
        self.window_capacity = 0

    @property
    def tokens(self) -> TokenCounts:
        """The tokens."""
        return TokenCounts(*self._tokens)

    @property
    def cost(self) -> CostParts:
        """What the priced ones cost, in pico-dollars."""
        return CostParts(*self._cost)

    def add(self, tokens: TokenCounts, events: int, label: LabelRow, rates: Rates | None) -> None:
        """Add what a label set used."""
        self._add_tokens(tokens)
        self.events += events
        if label.context_window:
            self.window_tokens += tokens.total
            self.window_capacity += label.context_window * events
        if rates is None:
            self.unpriced_tokens += tokens.total
            self.unpriced_models.add(label.model)
            return
        self.priced_events += events
        parts = cost_at(tokens, rates)
        self._add_cost(parts)
        self.saved += saved_at(tokens, rates, parts)

    def merge(self, other: Totals) -> None:
        """Add another sum."""
        self._add_tokens(other._tokens)
        self._add_cost(other._cost)
        self.saved += other.saved
        self.events += other.events
        self.priced_events += other.priced_events
        self.unpriced_tokens += other.unpriced_tokens
        if other.unpriced_models:
            self.unpriced_models |= other.unpriced_models
        self.window_tokens += other.window_tokens
        self.window_capacity += other.window_capacity

    def plus(self, other: Totals) -> Totals:
        """Both together; neither changes."""
        whole = Totals()
        whole.merge(self)
        whole.merge(other)
        return whole

    # Spelled out: a dashboard adds tens of thousands of sums.
    def _add_tokens(self, more: Sequence[int]) -> None:
        mine = self._tokens
        a, b, c, d, e, f = more
        mine[0] += a
        mine[1] += b
        mine[2] += c
        mine[3] += d
        mine[4] += e
        mine[5] += f

    def _add_cost(self, more: Sequence[int]) -> None:
        mine = self._cost
        a, b, c, d = more
        mine[0] += a
        mine[1] += b
        mine[2] += c
        mine[3] += d

    @property
    def usd(self) -> str | None:
        """Exact dollars; None where there was usage and none of it has a price."""
        return usd_string(self.cost.total) if self.priced_events or not self.events else None

    @property
    def dollars(self) -> float:
        """Dollars as a float: only for drawing."""
        return self.cost.total / 1e12

    @property
    def prompt_tokens(self) -> int:
        """Everything that was sent: fresh, read from and written to a cache."""
        return self.tokens.total - self.tokens.output

    @property
    def cached_share(self) -> float:
        """Percent of the prompt that came from a cache."""
        return 100 * self.tokens.cache_read / self.prompt_tokens if self.prompt_tokens else 0.0

    def per_million(self) -> str | None:
        """What a million tokens cost on the whole, rounded to a pico-dollar."""
        if self.usd is None or not self.tokens.total:
            return None
        return usd_string(divide_half_even(self.cost.total * MILLION, self.tokens.total))

    def usage(self) -> Usage:
        """As the contract has it."""
        return Usage(tokens=tokens_of(self.tokens), cost=self._priced(), events=self.events)

    def _priced(self) -> Cost:
        cost = self.cost
        return Cost(
            usd=self.usd,
            input_usd=usd_string(cost.input),
            cache_read_usd=usd_string(cost.cache_read),
            cache_write_usd=usd_string(cost.cache_write),
            output_usd=usd_string(cost.output),
            unpriced_tokens=self.unpriced_tokens,
            unpriced_models=sorted(self.unpriced_models),
        )


def total_of(rows: Iterable[UsageSum], labels: Mapping[int, LabelRow], pricer: Pricer) -> Totals:
    """The sum of some rows."""
    totals = Totals()
    for row in rows:
        totals.add(row.tokens, row.events, labels[row.label_id], pricer.rates(row.label_id, row.epoch))
    return totals


def tokens_of(counts: TokenCounts) -> Tokens:
    """As the contract has it."""
    return Tokens(
        input_tokens=counts.input,
        cache_read_tokens=counts.cache_read,
        cache_write_tokens=counts.cache_write,
        cache_write_1h_tokens=counts.cache_write_1h,
        output_tokens=counts.output,
        reasoning_tokens=counts.reasoning,
        total_tokens=counts.total,
    )
