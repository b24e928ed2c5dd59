"""Which price holds for a response, and what it costs.

Prices are integers in micro-dollars per million tokens, costs integers in pico-dollars (see `money`), times UTC
milliseconds, periods half-open: a rule holds from `effective_from_ms` until just before `effective_to_ms`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from tokendial.domain.money import MICRO, scaled_price
from tokendial.domain.patterns import is_exact, literal_length, matches
from tokendial.domain.tokens import TokenCounts

LONG_CONTEXT_BANDS = (100_000, 128_000, 199_999, 200_000, 256_000, 272_000, 512_000, 524_288)
"""Every prompt size above which some vendor charges more. A band may be added, never removed: ledgers hold them."""

_FAST, _PRIORITY = "fast", "priority"

FLAT_TIERS = (_PRIORITY,)
"""The tiers that are not charged long context on top, where a rule does not say (log-formats 6)."""


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """Micro-dollars per million tokens of each part. None is "not stated" and falls back, see the properties."""

    input: int
    output: int
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_1h: int | None = None

    @property
    def read_rate(self) -> int:
        """The rate of cache reads; where none is stated a cached token is an ordinary one."""
        return self.input if self.cache_read is None else self.cache_read

    @property
    def write_rate(self) -> int:
        """The rate of cache writes; where none is stated a write is ordinary input (peers 5.4.3)."""
        return self.input if self.cache_write is None else self.cache_write

    @property
    def write_1h_rate(self) -> int:
        """The rate of one-hour cache writes; where none is stated that of the short ones."""
        return self.write_rate if self.cache_write_1h is None else self.cache_write_1h


class LongContext(msgspec.Struct, frozen=True):
    """The rates of the whole request once its prompt is larger than `threshold` tokens (peers 5.4.2)."""

    threshold: int
    rates: Rates


class PriceRule(msgspec.Struct, frozen=True, kw_only=True):
    """A price for the models that `pattern` fits, of one provider or (None) of all, within a period.

    `tiers` are factors in millionths by tier name. `flat_tiers` are the tiers that are not charged long context on top
    (log-formats 6: priority). `estimated` marks a price that stands in for one nobody published.
    """

    pattern: str
    rates: Rates
    provider: str | None = None
    effective_from_ms: int | None = None
    effective_to_ms: int | None = None
    long: LongContext | None = None
    tiers: dict[str, int] = {}
    flat_tiers: tuple[str, ...] = FLAT_TIERS
    source: Literal["user", "catalogue"] = "user"
    estimated: bool = False
    id: int | None = None

    def holds_at(self, at_ms: int) -> bool:
        """Whether the instant lies in the rule's period."""
        return (self.effective_from_ms is None or self.effective_from_ms <= at_ms) and (
            self.effective_to_ms is None or at_ms < self.effective_to_ms
        )

    def applies_to(self, provider: str, model: str) -> bool:
        """Whether the rule is about this model of this provider, at whatever time."""
        return (self.provider is None or self.provider == provider) and matches(self.pattern, model)


class CostParts(NamedTuple):
    """What each part costs, in pico-dollars; `cache_write` holds both kinds of writes."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return self.input + self.cache_read + self.cache_write + self.output

    def plus(self, other: CostParts) -> CostParts:
        """The part-wise sum."""
        return CostParts(*(a + b for a, b in zip(self, other, strict=True)))


NO_COST = CostParts()


def prompt_band(prompt_tokens: int) -> int:
    """The largest known threshold that a prompt (input, cache reads and cache writes together) is larger than, else 0.

    The ledger keeps this number instead of the prompt's size. A prompt of exactly the threshold is not above it.
    """
    index = bisect_left(LONG_CONTEXT_BANDS, prompt_tokens)
    return LONG_CONTEXT_BANDS[index - 1] if index else 0


def band_exceeds(band: int, threshold: int) -> bool:
    """Whether prompts of this band are larger than `threshold`, which must be one of LONG_CONTEXT_BANDS."""
    return band >= threshold


def resolved_tier(rule: PriceRule, tier: str | None) -> str | None:
    """The name in `rule.tiers` that a request's tier is charged by; None is the standard price.

    `fast` is charged as `priority` where the rule knows no `fast` (peers 5.4.5); an unknown tier as standard.
    """
    if tier is None:
        return None
    name = tier.lower()
    if name in rule.tiers:
        return name
    return _PRIORITY if name == _FAST and _PRIORITY in rule.tiers else None


def is_long(rule: PriceRule, band: int, tier: str | None = None) -> bool:
    """Whether the long-context rates hold for a request of this band (`prompt_band`) and tier."""
    return (
        rule.long is not None
        and band_exceeds(band, rule.long.threshold)
        and resolved_tier(rule, tier) not in rule.flat_tiers
    )


def effective_rates(rule: PriceRule, tier: str | None, band: int) -> Rates:
    """The rates a request pays, every one stated: long context moves all of them, then the tier's factor scales."""
    rates = rule.long.rates if rule.long is not None and is_long(rule, band, tier) else rule.rates
    name = resolved_tier(rule, tier)
    factor = MICRO if name is None else rule.tiers[name]
    return Rates(
        input=scaled_price(rates.input, factor),
        output=scaled_price(rates.output, factor),
        cache_read=scaled_price(rates.read_rate, factor),
        cache_write=scaled_price(rates.write_rate, factor),
        cache_write_1h=scaled_price(rates.write_1h_rate, factor),
    )


def cost(tokens: TokenCounts, rule: PriceRule, tier: str | None = None, band: int = 0) -> CostParts:
    """What the tokens cost, exact, in pico-dollars.

    Linear: the cost of a sum is the sum of the costs, as long as rule, tier and band are the same. Reasoning is part of
    output and is never charged again (peers 5.4.4).
    """
    return cost_at(tokens, effective_rates(rule, tier, band))


def cost_at(tokens: TokenCounts, rates: Rates) -> CostParts:
    """What the tokens cost at the rates that `effective_rates` gave, in pico-dollars."""
    return CostParts(
        input=tokens.input * rates.input,
        cache_read=tokens.cache_read * rates.read_rate,
        cache_write=tokens.cache_write * rates.write_rate + tokens.cache_write_1h * rates.write_1h_rate,
        output=tokens.output * rates.output,
    )


def saved_by_cache(tokens: TokenCounts, rule: PriceRule, tier: str | None = None, band: int = 0) -> int:
    """What the cache saved, in pico-dollars: the prompt at the input rate, less what it did cost.

    The surcharge of cache writes counts against it, so it is negative where more was written than was ever read back.
    """
    rates = effective_rates(rule, tier, band)
    return saved_at(tokens, rates, cost_at(tokens, rates))


def saved_at(tokens: TokenCounts, rates: Rates, parts: CostParts) -> int:
    """What the cache saved of tokens that cost `parts` at these rates, in pico-dollars."""
    cached = tokens.cache_read + tokens.cache_write + tokens.cache_write_1h
    return cached * rates.input - parts.cache_read - parts.cache_write


def precedence(rule: PriceRule) -> tuple[bool, int, bool, float, float]:
    """A key that sorts rules by who wins, the winner first (codex-tracker W13).

    Exact before wildcard, longer pattern before shorter, bound to a provider before open to all, newer before older,
    and at last the smaller id, so that a reload changes nothing.
    """
    start = float("-inf") if rule.effective_from_ms is None else rule.effective_from_ms
    number = float("inf") if rule.id is None else rule.id
    return (not is_exact(rule.pattern), -literal_length(rule.pattern), rule.provider is None, -start, number)


class PriceBook:
    """All rules, ready to be asked. The user's rules win; the catalogue's only fit a model named exactly."""

    def __init__(self, user_rules: Iterable[PriceRule], catalogue_rules: Iterable[PriceRule] = ()) -> None:
        """The rules may come in any order."""
        self._user = sorted(user_rules, key=precedence)
        self._catalogue: dict[str, list[PriceRule]] = {}
        for rule in sorted(catalogue_rules, key=precedence):
            self._catalogue.setdefault(rule.pattern.lower(), []).append(rule)
        self._candidates: dict[tuple[str, str], tuple[PriceRule, ...]] = {}

    def candidates(self, provider: str, model: str) -> tuple[PriceRule, ...]:
        """Every rule about a model at whatever time, the winning one first."""
        key = (provider, model)
        found = self._candidates.get(key)
        if found is None:
            user = [rule for rule in self._user if rule.applies_to(provider, model)]
            named = self._catalogue.get(model.lower(), [])
            found = (*user, *(rule for rule in named if rule.provider is None or rule.provider == provider))
            self._candidates[key] = found
        return found

    def rule_for(self, provider: str, model: str, at_ms: int) -> PriceRule | None:
        """The rule that prices a response of this model at this instant; None is unpriced."""
        return next((rule for rule in self.candidates(provider, model) if rule.holds_at(at_ms)), None)

    def boundaries_ms(self, provider: str, models: Sequence[str]) -> list[int]:
        """The instants, ascending, at which `rule_for` of one of the models can change: sums between two are exact."""
        instants: set[int] = set()
        for model in models:
            for rule in self.candidates(provider, model):
                instants.update(at for at in (rule.effective_from_ms, rule.effective_to_ms) if at is not None)
        return sorted(instants)
