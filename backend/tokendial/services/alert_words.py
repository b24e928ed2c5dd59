"""The words of alerts: in full, and without names and amounts for privacy mode and whoever looks over a shoulder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tokendial.domain.alerts import clock_text
from tokendial.domain.limits import window_label
from tokendial.domain.money import PICO_PER_USD
from tokendial.providers import PROVIDERS
from tokendial.services.alert_subjects import BudgetFacts, LimitFacts, Watched
from tokendial.services.contract.alerts import Budget, BudgetPeriod
from tokendial.services.contract.settings import Settings
from tokendial.services.panels.dimensions import project_name
from tokendial.services.settings_alerts import amount_of

_NAME_LENGTH = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_THIS: dict[BudgetPeriod, str] = {
    "day": "today",
    "week": "this week",
    "month": "this month",
    "cycle": "this billing cycle",
}


class Words(NamedTuple):
    """What is said of an alert."""

    headline: str
    detail: str
    plain_headline: str
    plain_detail: str


def words_of(one: Watched, settings: Settings, now_ms: int, zone: ZoneInfo) -> Words:
    """The words of something that is to be told now."""
    if isinstance(one.facts, BudgetFacts):
        return _of_budget(one.facts, one.subject.step, settings)
    return _of_limit(one.facts, one.kind == "runs_out", now_ms, zone)


def summary_of(headlines: Sequence[str]) -> tuple[str, str]:
    """Several alerts in one: a title and a message."""
    return f"{len(headlines)} alerts", "\n".join(headlines[:5]) + ("\n…" if len(headlines) > 5 else "")


def provider_name(provider: str) -> str:
    """What a provider is called."""
    return next((p.descriptor.name for p in PROVIDERS if p.descriptor.id == provider), provider)


def _of_limit(facts: LimitFacts, runs_out: bool, now_ms: int, zone: ZoneInfo) -> Words:
    label, window = window_label(facts.window.minutes), facts.window
    named = "" if facts.limit_id == facts.provider else f" ({_shown(facts.limit_name or facts.limit_id)})"
    name = provider_name(facts.provider)
    resets = f"Resets {clock_text(window.end_ms, now_ms, zone)}."
    if runs_out and facts.ahead is not None and facts.ahead.runs_out_at_ms is not None:
        rest = f"{label} will run out before it resets"
        detail = f"At this rate it is spent {clock_text(facts.ahead.runs_out_at_ms, now_ms, zone)}. {resets}"
    else:
        used = window.used_percent or 0
        rest = f"{label} is spent" if used >= 100 else f"{label} at {int(used)} %"
        detail = resets
    return Words(f"{name}{named}: {rest}", detail, f"{name}: {rest}", detail)


def _of_budget(facts: BudgetFacts, step: int, settings: Settings) -> Words:
    budget, this = facts.budget, _THIS[facts.budget.period]
    percent = facts.used * 100 // amount_of(budget)
    scope = _scope(budget)
    headline = f"Budget{scope} at {percent} %"
    if budget.unit == "usd":
        used, whole = _money(facts.used, settings), _money(amount_of(budget), settings)
    else:
        used, whole = f"{facts.used:,}", f"{amount_of(budget):,} tokens"
    detail = f"{this.capitalize()}: {used} of {whole}."
    unpriced = " Some models have no price and are not in it." if facts.unpriced_tokens and budget.unit == "usd" else ""
    return Words(headline, detail + unpriced, f"A budget passed {step} %", f"{this.capitalize()}.")


def _scope(budget: Budget) -> str:
    if budget.provider is not None:
        return f" for {provider_name(budget.provider)}"
    if budget.model is not None:
        return f" for {_shown(budget.model)}"
    if budget.project is not None:
        return f" for {_shown(project_name(budget.project))}"
    return ""


def _money(pico: int, settings: Settings) -> str:
    amount = Decimal(pico) / PICO_PER_USD * Decimal(settings.currency_rate)
    return f"{settings.currency_sign}{amount.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,}"


def _shown(text: str) -> str:
    """A name from a log as a line of text, cut where it is long."""
    line = _CONTROL.sub(" ", text).strip()
    return line if len(line) <= _NAME_LENGTH else f"{line[: _NAME_LENGTH - 1]}…"
