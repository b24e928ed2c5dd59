"""Price rules as people type them and as the engine takes them, with every problem beside its field.

Rates are dollars per million tokens as text, days are UTC days, the last one not included: a rule that ends on the day
another begins leaves no hole and no overlap (codex-tracker W14, W15).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tokendial.domain.money import (
    InvalidAmount,
    divide_half_even,
    multiplier_string,
    parse_multiplier,
    parse_usd_per_million,
    price_string,
)
from tokendial.domain.periods import parse_day
from tokendial.domain.pricing import FLAT_TIERS, LONG_CONTEXT_BANDS, LongContext, PriceRule, Rates
from tokendial.errors import BadRequest, InvalidPriceRule
from tokendial.services.contract.prices import PriceProblem, PriceRuleInput
from tokendial.services.price_periods import day_text, overlaps

MAX_RULES = 1_000
_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1)
_DAY_MS = 86_400_000
_LONGEST_PATTERN = 200


class _Reader:
    """Reads the fields of one rule and gathers what is wrong with them."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.problems: list[PriceProblem] = []

    def refuse(self, field: str, message: str) -> None:
        self.problems.append(PriceProblem(self.index, field, message))

    def price(self, field: str, text: str) -> int:
        """A rate; 0 stands in for one that is refused, whose rule is never used."""
        try:
            return parse_usd_per_million(text)
        except InvalidAmount as error:
            self.refuse(field, error.message)
            return 0

    def optional_price(self, field: str, text: str | None) -> int | None:
        """A rate that may be left blank: then it is not stated, which is not free."""
        return None if text is None or not text.strip() else self.price(field, text)

    def day_ms(self, field: str, text: str | None) -> int | None:
        if text is None or not text.strip():
            return None
        try:
            return (parse_day(text.strip(), field) - _EPOCH) // _DAY * _DAY_MS
        except BadRequest as error:
            self.refuse(field, error.message)
            return None


def to_rules(inputs: Sequence[PriceRuleInput]) -> list[PriceRule]:
    """The engine's rules. Raises InvalidPriceRule for the first problem, naming its field and its place."""
    problems = check_rules(inputs)
    if problems:
        first = problems[0]
        raise InvalidPriceRule(first.message, field=first.field, index=first.index)
    return [_read(rule, _Reader(index)) for index, rule in enumerate(inputs)]


def check_rules(inputs: Sequence[PriceRuleInput]) -> list[PriceProblem]:
    """Everything wrong with a list of rules, by their place in it; empty where all of them hold.

    Two rules of the same pattern and provider may touch but not overlap; an overlap is told beside both.
    """
    if len(inputs) > MAX_RULES:
        return [PriceProblem(MAX_RULES, "pattern", f"There can be at most {MAX_RULES:,} rules.")]
    problems: list[PriceProblem] = []
    rules: list[tuple[int, PriceRule]] = []
    for index, given in enumerate(inputs):
        reader = _Reader(index)
        rule = _read(given, reader)
        problems += reader.problems
        if not reader.problems:
            rules.append((index, rule))
    problems += overlaps(rules)
    return sorted(problems, key=lambda problem: problem.index)


def from_rule(rule: PriceRule) -> PriceRuleInput:
    """A rule as a person reads and edits it; reads back as the same rates, days and tiers."""
    rates, long = rule.rates, rule.long
    return PriceRuleInput(
        id=rule.id,
        pattern=rule.pattern,
        provider=rule.provider,
        effective_from=day_text(rule.effective_from_ms),
        effective_to=day_text(rule.effective_to_ms),
        input=price_string(rates.input),
        cache_read=_text(rates.cache_read),
        cache_write=_text(rates.cache_write),
        cache_write_1h=_text(rates.cache_write_1h),
        output=price_string(rates.output),
        long_threshold=None if long is None else long.threshold,
        long_input=None if long is None else price_string(long.rates.input),
        long_cache_read=None if long is None else _text(long.rates.cache_read),
        long_cache_write=None if long is None else _text(long.rates.cache_write),
        long_cache_write_1h=None if long is None else _text(_stated_long_write_1h(rates, long.rates)),
        long_output=None if long is None else price_string(long.rates.output),
        tiers={name: multiplier_string(factor) for name, factor in rule.tiers.items()},
        flat_tiers=_stated_flat(rule),
    )


def _stated_flat(rule: PriceRule) -> list[str] | None:
    """The flat tiers among those of the rule; None where they are what holds without saying so."""
    flat, usual = ([name for name in names if name in rule.tiers] for names in (rule.flat_tiers, FLAT_TIERS))
    return None if flat == usual else flat


def _stated_long_write_1h(rates: Rates, long: Rates) -> int | None:
    """The long 1 h write as it is paid: left blank it would be read as another one."""
    if long.cache_write_1h is None and _long_write_1h(rates, long.cache_write) is not None:
        return long.write_1h_rate
    return long.cache_write_1h


def _read(given: PriceRuleInput, reader: _Reader) -> PriceRule:
    pattern = given.pattern.strip()
    if not pattern:
        reader.refuse("pattern", "Name a model, or a pattern such as gpt-5*.")
    elif len(pattern) > _LONGEST_PATTERN:
        reader.refuse("pattern", f"The pattern is longer than {_LONGEST_PATTERN} characters.")
    start, end = (
        reader.day_ms("effective_from", given.effective_from),
        reader.day_ms("effective_to", given.effective_to),
    )
    if start is not None and end is not None and end <= start:
        reader.refuse("effective_to", "The end must be after the start; it is not included.")
    rates = Rates(
        input=reader.price("input", given.input),
        output=reader.price("output", given.output),
        cache_read=reader.optional_price("cache_read", given.cache_read),
        cache_write=reader.optional_price("cache_write", given.cache_write),
        cache_write_1h=reader.optional_price("cache_write_1h", given.cache_write_1h),
    )
    tiers = _read_tiers(given.tiers, reader)
    return PriceRule(
        id=given.id,
        pattern=pattern,
        provider=(given.provider or "").strip() or None,
        effective_from_ms=start,
        effective_to_ms=end,
        rates=rates,
        long=_read_long(given, rates, reader),
        tiers=tiers,
        flat_tiers=_read_flat(given.flat_tiers, tiers, reader),
        source="user",
    )


def _read_long(given: PriceRuleInput, rates: Rates, reader: _Reader) -> LongContext | None:
    """The long-context rates: none at all, or a threshold with an input and an output rate."""
    texts = (
        given.long_input, given.long_output, given.long_cache_read, given.long_cache_write, given.long_cache_write_1h,
    )  # fmt: skip
    if given.long_threshold is None and not any(text and text.strip() for text in texts):
        return None
    if given.long_threshold not in LONG_CONTEXT_BANDS:
        known = ", ".join(f"{band:,}" for band in LONG_CONTEXT_BANDS)
        reader.refuse("long_threshold", f"The threshold must be one of {known} tokens.")
    write = reader.optional_price("long_cache_write", given.long_cache_write)
    write_1h = reader.optional_price("long_cache_write_1h", given.long_cache_write_1h)
    long = Rates(
        input=reader.price("long_input", given.long_input or ""),
        output=reader.price("long_output", given.long_output or ""),
        cache_read=reader.optional_price("long_cache_read", given.long_cache_read),
        cache_write=write,
        cache_write_1h=write_1h if write_1h is not None else _long_write_1h(rates, write),
    )
    return LongContext(given.long_threshold or 0, long)


def _long_write_1h(rates: Rates, long_write: int | None) -> int | None:
    """Left blank it is as much above the long short-lived write as it is without long context."""
    if rates.cache_write_1h is None or not rates.cache_write or long_write is None:
        return None
    return divide_half_even(rates.cache_write_1h * long_write, rates.cache_write)


def _read_tiers(given: dict[str, str], reader: _Reader) -> dict[str, int]:
    tiers: dict[str, int] = {}
    for name, text in given.items():
        key = name.strip().lower()
        if not key or key in tiers:
            reader.refuse("tiers", "Each tier needs a name of its own.")
            continue
        try:
            tiers[key] = parse_multiplier(text)
        except InvalidAmount as error:
            reader.refuse("tiers", f"{key}: {error.message}")
    return tiers


def _read_flat(given: Sequence[str] | None, tiers: dict[str, int], reader: _Reader) -> tuple[str, ...]:
    """The tiers that pay no long-context rates; only a tier with a factor can be one."""
    if given is None:
        return FLAT_TIERS
    names = list(dict.fromkeys(name.strip().lower() for name in given))
    for name in names:
        if name not in tiers:
            reader.refuse("flat_tiers", f"There is no tier {name[:40]!r} in this rule.")
    return tuple(names)


def _text(price: int | None) -> str | None:
    return None if price is None else price_string(price)
