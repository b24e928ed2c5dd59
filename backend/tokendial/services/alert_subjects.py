"""What is watched now, from the ledger: the running windows of every limit, and the running periods of the budgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from tokendial.domain import alerts as rules
from tokendial.domain import limits
from tokendial.domain.alerts import Subject
from tokendial.domain.budgets import Period, current_period
from tokendial.domain.forecast import Forecast, forecast
from tokendial.domain.limits import Window
from tokendial.domain.money import usd_string
from tokendial.services.contract.alerts import AlertKind, AlertSettings, Budget, BudgetStatus
from tokendial.services.gather import alike, by_model
from tokendial.services.panels.limits import by_length, grouped
from tokendial.services.settings_alerts import amount_of
from tokendial.services.totals import Totals
from tokendial.services.view import View
from tokendial.store.usage import LabelRow


class LimitFacts(NamedTuple):
    """A running window with its limit."""

    provider: str
    limit_id: str
    limit_name: str | None
    window: Window
    ahead: Forecast | None


class BudgetFacts(NamedTuple):
    """A budget with what was used of it in its running period, in pico-dollars or tokens."""

    budget: Budget
    period: Period
    used: int
    unpriced_tokens: int


class Watched(NamedTuple):
    """A subject with what it is."""

    kind: AlertKind
    subject: Subject
    facts: LimitFacts | BudgetFacts


def watched(view: View, settings: AlertSettings) -> list[Watched]:
    """Everything that is watched. A window that was not read, or has reset since, is not among it."""
    return [*_windows(view, settings), *_budgets(view, settings)]


def _windows(view: View, settings: AlertSettings) -> Iterator[Watched]:
    own = {(w.provider, w.limit_id, w.window_minutes): w.steps for w in settings.windows}
    for (provider, limit_id), rows in sorted(grouped(view).items()):
        newest = max(rows, key=lambda row: row.last_ms)
        for minutes, readings in by_length(rows):
            steps = own.get((provider, limit_id, minutes), settings.steps)
            window = limits.running(limits.windows(readings, minutes), view.now_ms)
            if window is None or not steps:
                continue
            facts = LimitFacts(provider, limit_id, newest.limit_name, window, forecast(window, view.now_ms))
            state = limits.reading_state(window.observed_at_ms, window.end_ms, view.now_ms)
            name = f"{provider}/{limit_id}/{minutes}"
            yield Watched("threshold", rules.of_window(f"limit/{name}", window, steps, state), facts)
            if settings.runs_out:
                subject = rules.of_forecast(f"runs-out/{name}", window, facts.ahead, state)
                yield Watched("runs_out", subject, facts)


def _budgets(view: View, settings: AlertSettings) -> Iterator[Watched]:
    for budget in settings.budgets:
        facts = budget_facts(view, budget)
        step = rules.highest_step(facts.used, amount_of(budget), budget.steps)
        # Another amount, period or scope is another budget: it may tell its steps anew.
        scope = budget.provider or budget.model or budget.project or ""
        key = f"budget/{budget.id}/{budget.unit}/{budget.amount}/{budget.period}/{budget.start_day}/{scope}"
        mark = facts.period.first.toordinal()
        yield Watched("budget", Subject(key, (mark,), 0, facts.period.end_ms, step), facts)


def budget_facts(view: View, budget: Budget) -> BudgetFacts:
    """What was used of a budget in the period that runs."""
    period = current_period(budget.period, view.now_ms, view.zone, view.first_weekday, budget.start_day)
    total = _total(view, budget, period)
    used = total.cost.total if budget.unit == "usd" else total.tokens.total
    return BudgetFacts(budget, period, used, total.unpriced_tokens)


def _total(view: View, budget: Budget, period: Period) -> Totals:
    start, end = period.start_ms, period.end_ms
    if budget.model is not None:
        found = view.gathered(start, end, (), "by model", alike, by_model)
        return found.groups.get(budget.model, Totals())
    if budget.project is not None:
        found = view.gathered(start, end, (), "by project", alike, _project)
        return found.groups.get(budget.project, Totals())
    return view.total_between(start, end, budget.provider)


def _project(label: LabelRow) -> str:
    return label.project or ""


def status_of(facts: BudgetFacts) -> BudgetStatus:
    """A budget as the contract has it."""
    budget, period = facts.budget, facts.period
    return BudgetStatus(
        id=budget.id,
        used=usd_string(facts.used) if budget.unit == "usd" else str(facts.used),
        amount=budget.amount,
        percent=100 * facts.used / amount_of(budget),
        first_day=period.first.isoformat(),
        last_day=(period.after - timedelta(days=1)).isoformat(),
        end_ms=period.end_ms,
        unpriced_tokens=facts.unpriced_tokens if budget.unit == "usd" else 0,
    )
