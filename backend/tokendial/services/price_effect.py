"""What other price rules would change, by month and by model: computed from the roll-up, nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from tokendial.domain.labels import bucket_labels
from tokendial.domain.money import usd_string
from tokendial.domain.periods import Bucket, buckets
from tokendial.domain.pricing import PriceRule
from tokendial.domain.zones import local_day
from tokendial.services.contract.common import Filter
from tokendial.services.contract.prices import (
    ModelEffect,
    MonthEffect,
    PriceEffect,
    PricePreview,
    PriceRuleInput,
)
from tokendial.services.gather import Gathered, alike, gather_days
from tokendial.services.price_rules import check_rules, to_rules
from tokendial.services.prices import PriceDesk
from tokendial.services.totals import Pricer, Totals
from tokendial.services.view import View
from tokendial.store.usage import LabelRow

_BETWEEN = "\0"


def preview(view: View, desk: PriceDesk, rules: Sequence[PriceRuleInput]) -> PricePreview:
    """What is wrong with rules, or what they would change."""
    problems = check_rules(rules)
    return PricePreview(problems, None if problems else effect(view, desk, to_rules(rules)))


def effect(view: View, desk: PriceDesk, rules: Sequence[PriceRule]) -> PriceEffect:
    """What the user's rules would change if they were these: over all time, of the homes that the view looks at."""
    period = view.range(Filter(range="alltime"))
    months = buckets(period, "month", view.zone)
    cuts = tuple(month.start_ms for month in months)
    name = ("effect", view.zone.key)
    before = view.gathered(period.start_ms, period.end_ms, cuts, name, _model, alike)
    drafted = desk.drafted(rules)
    pricer = Pricer(drafted.book, drafted.epochs, view.labels)
    after = Gathered()
    for low, high, over in view.parts(period.start_ms, period.end_ms):
        rows = view.folded(low, high, cuts, name, _model, alike, over=over)
        after.absorb(gather_days(rows, view.labels, pricer, _model))
    return PriceEffect(
        before_usd=before.total.usd,
        after_usd=after.total.usd,
        change_usd=_change(before.total, after.total),
        unpriced_tokens_before=before.total.unpriced_tokens,
        unpriced_tokens_after=after.total.unpriced_tokens,
        months=_months(view, months, before, after),
        models=_models(before, after),
    )


def _months(view: View, months: Sequence[Bucket], before: Gathered, after: Gathered) -> list[MonthEffect]:
    names = bucket_labels(months, "month", view.zone)
    found = []
    for place, (month, name) in enumerate(zip(months, names, strict=True)):
        old, new = before.buckets.get(place), after.buckets.get(place)
        if old is not None and new is not None and _differ(old, new):
            day = local_day(month.start_ms, view.zone)
            found.append(MonthEffect(f"{day:%Y-%m}", name.title, old.usd, new.usd, _change(old, new)))
    return found[::-1]


def _models(before: Gathered, after: Gathered) -> list[ModelEffect]:
    found: list[tuple[int, ModelEffect]] = []
    for key in before.cells:
        old, new = _sum(before, key), _sum(after, key)
        if _differ(old, new):
            provider, _, model = key.partition(_BETWEEN)
            size = abs(new.cost.total - old.cost.total)
            found.append((size, ModelEffect(provider, model, old.usd, new.usd, _change(old, new))))
    return [one for _, one in sorted(found, key=lambda item: (-item[0], item[1].provider, item[1].model))]


def _sum(found: Gathered, key: str) -> Totals:
    total = Totals()
    for cell in found.cells[key].values():
        total.merge(cell)
    return total


def _differ(old: Totals, new: Totals) -> bool:
    return (old.cost.total, old.unpriced_tokens) != (new.cost.total, new.unpriced_tokens)


def _change(old: Totals, new: Totals) -> str:
    return usd_string(new.cost.total - old.cost.total)


def _model(label: LabelRow) -> str:
    return f"{label.provider}{_BETWEEN}{label.model}"
