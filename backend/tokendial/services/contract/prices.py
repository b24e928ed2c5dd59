"""Prices: the rules, and what prices each model."""

from __future__ import annotations

from typing import Literal

import msgspec


class PriceRuleInput(msgspec.Struct, kw_only=True):
    """A user's price rule. Rates are dollars per million tokens as decimal strings.

    Days are UTC, `effective_to` is not included.

    `cache_read` and `cache_write` null mean the input rate; `long_*` null mean no long-context rate.
    """

    id: int | None = None
    pattern: str
    provider: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None
    input: str
    cache_read: str | None = None
    cache_write: str | None = None
    cache_write_1h: str | None = None
    output: str
    long_threshold: int | None = None
    long_input: str | None = None
    long_cache_read: str | None = None
    long_cache_write: str | None = None
    long_output: str | None = None
    tiers: dict[str, str] = {}


class PriceRules(msgspec.Struct):
    """The user's rules in order of precedence."""

    rules: list[PriceRuleInput]


class PriceProblem(msgspec.Struct):
    """What is wrong with a rule, beside its field; `index` is the rule's place in the list that was sent."""

    index: int
    field: str
    message: str


class ModelPrice(msgspec.Struct):
    """Which rule prices a model today, and by which source; `rule` null means unpriced."""

    provider: str
    model: str
    tokens: int
    source: Literal["user", "catalogue", "unpriced"]
    rule: PriceRuleInput | None
    estimated: bool


class Pricing(msgspec.Struct):
    """The user's rules, what prices each model seen, and the version of the catalogue."""

    rules: list[PriceRuleInput]
    models: list[ModelPrice]
    catalogue_version: str
