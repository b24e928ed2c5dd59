"""Which rule prices each model that was seen: today, and in every period since its first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from tokendial.domain.pricing import PriceRule
from tokendial.domain.zones import DAY_MS
from tokendial.services.catalogue import catalogue_version
from tokendial.services.contract.prices import ModelPrice, PricePeriod, PriceSource, Pricing
from tokendial.services.price_rules import from_rule
from tokendial.services.prices import PriceDesk
from tokendial.services.view import View

_EPOCH = date(1970, 1, 1)
Days = dict[int, int]
"""Tokens by UTC day, counted from 1970."""


def pricing(view: View, desk: PriceDesk) -> Pricing:
    """The user's rules in order of precedence, and what prices each model, the most used one first."""
    used = _used(view)
    ranked = sorted(used.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return Pricing(
        rules=[from_rule(rule) for rule in desk.user_rules()],
        models=[_model(view, provider, model, days) for (provider, model), days in ranked],
        catalogue_version=catalogue_version(),
        undo=desk.undoable(),
    )


def _used(view: View) -> dict[tuple[str, str], Days]:
    """Tokens of each (provider, model) of the whole ledger, whatever the filter."""
    whole: dict[tuple[str, str], Days] = {}
    for start, end, over in view.parts(None, None):

        def make(start: int | None = start, end: int | None = end, over: bool = over) -> dict[tuple[str, str], Days]:
            found: dict[tuple[str, str], Days] = {}
            for _, day, label_id, *counts, _, _ in view.day_sums(start, end, (), over=over):
                label = view.labels[label_id]
                days = found.setdefault((label.provider, label.model), {})
                days[day] = days.get(day, 0) + sum(counts)
            return found

        for key, days in (view.closed(("models", end), end or 0, make) if over else make()).items():
            known = whole.setdefault(key, {})
            for day, tokens in days.items():
                known[day] = known.get(day, 0) + tokens
    return whole


def _model(view: View, provider: str, model: str, days: Mapping[int, int]) -> ModelPrice:
    rule = view.book.rule_for(provider, model, view.now_ms)
    periods = _periods(view, provider, model, days)
    return ModelPrice(
        provider=provider,
        model=model,
        tokens=sum(days.values()),
        unpriced_tokens=sum(period.tokens for period in periods if period.rule is None),
        source=_source(rule),
        rule=None if rule is None else from_rule(rule),
        estimated=rule is not None and rule.estimated,
        first_day=_text(min(days)),
        last_day=_text(max(days)),
        periods=periods,
    )


def _periods(view: View, provider: str, model: str, days: Mapping[int, int]) -> list[PricePeriod]:
    """From the first use on, neighbours of one rule being one; the last is open."""
    first = min(days)
    changes = (at // DAY_MS for at in view.book.boundaries_ms(provider, [model]))
    starts: list[int] = []
    rules: list[PriceRule | None] = []
    for start in (first, *(day for day in changes if day > first)):
        rule = view.book.rule_for(provider, model, start * DAY_MS)
        if not starts or rule is not rules[-1]:
            starts.append(start)
            rules.append(rule)
    return [
        PricePeriod(
            effective_from=_text(start),
            effective_to=None if end is None else _text(end),
            source=_source(rule),
            rule=None if rule is None else from_rule(rule),
            estimated=rule is not None and rule.estimated,
            tokens=sum(tokens for day, tokens in days.items() if start <= day and (end is None or day < end)),
        )
        for (start, end), rule in zip(pairwise([*starts, None]), rules, strict=True)
        if start is not None
    ]


def _source(rule: PriceRule | None) -> PriceSource:
    return "unpriced" if rule is None else rule.source


def _text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
