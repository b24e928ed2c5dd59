"""Reads the snapshot inside the `genai-prices` package. Slow to import, so `catalogue` does it when first asked.

Only the data that was installed is read; the package's updater is never started, so nothing goes over the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
from genai_prices.data import providers
from genai_prices.types import ModelInfo, ModelPrice, PriceVariant, Provider, StartDateConstraint, TieredPrices

from tokendial.domain.money import MICRO
from tokendial.domain.pricing import LONG_CONTEXT_BANDS, LongContext, PriceRule, Rates
from tokendial.services.catalogue_names import find_model, spellings

_Price = Decimal | TieredPrices | None
_STANDARD = frozenset({"default", "standard"})
_BEFORE_ALL = date(2000, 1, 1)


def package_rules(name: str, vendors: Sequence[str]) -> tuple[str, list[PriceRule]] | None:
    """The catalogue's id of the model and its rules, oldest first; None where it is not listed.

    The vendors of the hint are searched first, then those that say the name is theirs.
    """
    for spelling in spellings(name):
        for vendor in _vendors(spelling, vendors):
            model = find_model(vendor.models, spelling)
            if model is not None:
                return model.id, _rules(model)
    return None


def _vendors(spelling: str, hint: Sequence[str]) -> Iterator[Provider]:
    by_id = {vendor.id: vendor for vendor in providers}
    yield from (by_id[vendor] for vendor in hint if vendor in by_id)
    for vendor in providers:
        if vendor.id not in hint and vendor.model_match is not None and vendor.model_match.is_match(spelling):
            yield vendor


def _rules(model: ModelInfo) -> list[PriceRule]:
    """A rule for each period between two of the model's dates; neighbours with the same price are one."""
    factors, flat = _factors(model)
    dates = [None, *sorted(_dates(model))]
    found: list[PriceRule] = []
    for start, end in zip(dates, [*dates[1:], None], strict=True):
        price = model.get_prices(_noon(start or _BEFORE_ALL))
        rates = _rates(price, 0)
        if rates is None:
            continue
        long, exact = _long(price)
        rule = PriceRule(
            pattern=model.id,
            rates=rates,
            effective_from_ms=_utc_ms(start),
            effective_to_ms=_utc_ms(end),
            long=long,
            tiers=factors,
            flat_tiers=flat,
            source="catalogue",
            estimated=not exact or _varies_by_hour(model),
        )
        if found and _same_price(found[-1], rule):
            found[-1] = msgspec.structs.replace(found[-1], effective_to_ms=rule.effective_to_ms)
        else:
            found.append(rule)
    return found


def _same_price(left: PriceRule, right: PriceRule) -> bool:
    return left.effective_to_ms == right.effective_from_ms and (left.rates, left.long) == (right.rates, right.long)


def _dates(model: ModelInfo) -> set[date]:
    if isinstance(model.prices, ModelPrice):
        return set()
    constraints = (conditional.constraint for conditional in model.prices)
    return {constraint.start_date for constraint in constraints if isinstance(constraint, StartDateConstraint)}


def _varies_by_hour(model: ModelInfo) -> bool:
    """Whether the price depends on the time of day; the one at noon stands in."""
    return not isinstance(model.prices, ModelPrice) and any(
        conditional.constraint is not None and not isinstance(conditional.constraint, StartDateConstraint)
        for conditional in model.prices
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _utc_ms(day: date | None) -> int | None:
    return None if day is None else (day - date(1970, 1, 1)) // timedelta(milliseconds=1)


def _micro(price: _Price, prompt: int) -> int | None:
    """A price in micro-dollars per million tokens, for prompts just above `prompt` tokens."""
    if isinstance(price, TieredPrices):
        above = [tier.price for tier in price.tiers if tier.start <= prompt]
        price = above[-1] if above else price.base
    return None if price is None else int((price * MICRO).to_integral_value(ROUND_HALF_EVEN))


def _rates(price: ModelPrice, prompt: int) -> Rates | None:
    fresh, output = _micro(price.input_mtok, prompt), _micro(price.output_mtok, prompt)
    if fresh is None or output is None:
        return None
    write = price.cache_write_mtok if price.cache_write_mtok is not None else price.cache_write_5m_mtok
    return Rates(
        input=fresh,
        output=output,
        cache_read=_micro(price.cache_read_mtok, prompt),
        cache_write=_micro(write, prompt),
        cache_write_1h=_micro(price.cache_write_1h_mtok, prompt),
    )


def _long(price: ModelPrice) -> tuple[LongContext | None, bool]:
    """The highest long-context step, and whether it says everything: one step, at a threshold the ledger keeps."""
    parts: list[_Price] = [price.input_mtok, price.output_mtok, price.cache_read_mtok, price.cache_write_mtok]
    starts = {tier.start for part in parts if isinstance(part, TieredPrices) for tier in part.tiers}
    if not starts:
        return None, True
    start = max(starts)
    rates = _rates(price, start)
    threshold = min(LONG_CONTEXT_BANDS, key=lambda band: abs(band - start))
    return (None if rates is None else LongContext(threshold, rates)), len(starts) == 1 and threshold == start


def _factors(model: ModelInfo) -> tuple[dict[str, int], tuple[str, ...]]:
    """The factors in millionths of the model's tiers, and the tiers that are not charged long context on top.

    The catalogue lists tier prices from the day they were verified; as factors they hold for every period. A cached or
    an output price that was rounded for print is not followed.
    """
    factors: dict[str, int] = {}
    flat: list[str] = []
    for variant in model.price_variants or ():
        tier = next(iter(variant.when.values())).lower()
        price = variant.prices.input_mtok
        standard = _standard(model, variant)
        paid, usual = _micro(price, 0), _micro(standard, 0)
        if tier in _STANDARD or tier in factors or len(variant.when) != 1 or paid is None or not usual:
            continue
        factors[tier] = int((Decimal(paid) * MICRO / usual).to_integral_value(ROUND_HALF_EVEN))
        if isinstance(standard, TieredPrices) and not isinstance(price, TieredPrices):
            flat.append(tier)
    return factors, tuple(flat)


def _standard(model: ModelInfo, variant: PriceVariant) -> _Price:
    """The standard input price of the time that a variant was listed for."""
    constraint = variant.constraint
    day = constraint.start_date if isinstance(constraint, StartDateConstraint) else date.max
    return model.get_prices(_noon(day)).input_mtok
