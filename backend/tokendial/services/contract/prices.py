"""Prices: the rules, and what prices each model."""

from __future__ import annotations

from typing import Literal

import msgspec

PriceSource = Literal["user", "catalogue", "unpriced"]
ImportMode = Literal["merge", "replace"]


class PriceRuleInput(msgspec.Struct, kw_only=True):
    """A user's price rule. Rates are dollars per million tokens as decimal strings.

    Days are UTC, `effective_to` is not included.

    `cache_read` and `cache_write` null mean the input rate; `long_*` null mean no long-context rate, and
    `long_cache_write_1h` null as much above the short-lived write as without long context. `flat_tiers` are the tiers
    that do not pay the long-context rates; null means `priority`, where the rule has it.
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
    long_cache_write_1h: str | None = None
    long_output: str | None = None
    tiers: dict[str, str] = {}
    flat_tiers: list[str] | None = None


class PriceRules(msgspec.Struct):
    """The user's rules in order of precedence."""

    rules: list[PriceRuleInput]


class PriceProblem(msgspec.Struct):
    """What is wrong with a rule, beside its field; `index` is the rule's place in the list that was sent."""

    index: int
    field: str
    message: str


class PricePeriod(msgspec.Struct):
    """What prices a model in a stretch of UTC days, the last one not included; null is open.

    `rule` null means unpriced. `tokens` is what was used in it.
    """

    effective_from: str | None
    effective_to: str | None
    source: PriceSource
    rule: PriceRuleInput | None
    estimated: bool
    tokens: int


class ModelPrice(msgspec.Struct):
    """Which rule prices a model today, and by which source; `rule` null means unpriced.

    `first_day` and `last_day` are the UTC days of its first and last use; `periods` tells, from the first use on, what
    priced it when, oldest first.
    """

    provider: str
    model: str
    tokens: int
    unpriced_tokens: int
    source: PriceSource
    rule: PriceRuleInput | None
    estimated: bool
    first_day: str
    last_day: str
    periods: list[PricePeriod]


class PriceUndo(msgspec.Struct):
    """The last change of the rules, which can be taken back; `redo`: it was, and can be made again."""

    at_ms: int
    what: str
    redo: bool


class Pricing(msgspec.Struct):
    """The user's rules, what prices each model seen, the version of the catalogue, and what can be undone."""

    rules: list[PriceRuleInput]
    models: list[ModelPrice]
    catalogue_version: str
    undo: PriceUndo | None


class MonthEffect(msgspec.Struct):
    """A month of the user's zone whose cost changes; null is unpriced."""

    month: str
    label: str
    before_usd: str | None
    after_usd: str | None
    change_usd: str


class ModelEffect(msgspec.Struct):
    """A model whose cost changes; null is unpriced."""

    provider: str
    model: str
    before_usd: str | None
    after_usd: str | None
    change_usd: str


class PriceEffect(msgspec.Struct):
    """What rules would change over all time: months newest first, models by the size of their change."""

    before_usd: str | None
    after_usd: str | None
    change_usd: str
    unpriced_tokens_before: int
    unpriced_tokens_after: int
    months: list[MonthEffect]
    models: list[ModelEffect]


class PricePreview(msgspec.Struct):
    """What is wrong with rules; where nothing is, what they would change."""

    problems: list[PriceProblem]
    effect: PriceEffect | None


class PriceFile(msgspec.Struct):
    """A file of price rules: its name, and its text as UTF-8; both null if the user cancelled."""

    name: str | None
    content: str | None


class PriceExport(msgspec.Struct):
    """Exported rules: `content` for the browser to save as `name`, or the `path` that the window has written to.

    Both are null if the user cancelled.
    """

    name: str
    rules: int
    content: str | None
    path: str | None


class PriceImportRequest(msgspec.Struct):
    """Text of a price file. `merge` keeps the rules that it does not speak about, `replace` keeps none."""

    content: str
    mode: ImportMode = "merge"


class PriceImportPreview(msgspec.Struct):
    """What an import would do to the rules, counted, and to the cost."""

    in_file: int
    added: int
    replaced: int
    removed: int
    unchanged: int
    effect: PriceEffect
