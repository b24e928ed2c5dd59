"""What the settings of alerts may be beyond their types; each rule names its field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tokendial.domain.alerts import minute_of
from tokendial.domain.money import PICO_PER_USD
from tokendial.errors import BadRequest
from tokendial.services.contract.alerts import AlertSettings, Budget

MOST_STEPS = 6
MOST_BUDGETS = 50
MOST_WINDOWS = 100
_NAME_LENGTH = 1000
_DOLLARS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", re.ASCII)
_TOKENS = re.compile(r"[0-9]{1,15}", re.ASCII)


def check(alerts: AlertSettings) -> None:
    """Raise BadRequest for the first value that cannot be, with its field."""
    _check_steps(alerts.steps, "alerts.steps", 100)
    _check_quiet(alerts)
    if len(alerts.windows) > MOST_WINDOWS:
        raise BadRequest(f"At most {MOST_WINDOWS} windows can have steps of their own.", field="alerts.windows")
    for window in alerts.windows:
        _check_steps(window.steps, "alerts.windows", 100)
    if len(alerts.budgets) > MOST_BUDGETS:
        raise BadRequest(f"At most {MOST_BUDGETS} budgets can be kept.", field="alerts.budgets")
    if len({budget.id for budget in alerts.budgets}) < len(alerts.budgets):
        raise BadRequest("Two budgets have the same id.", field="alerts.budgets")
    for budget in alerts.budgets:
        try:
            check_budget(budget)
        except BadRequest as error:
            raise BadRequest(error.message, field="alerts.budgets") from error


def check_budget(budget: Budget) -> None:
    """Raise BadRequest for the first value of a budget that cannot be; the field is `amount`, `start_day` and so on."""
    shape = _DOLLARS if budget.unit == "usd" else _TOKENS
    if not shape.fullmatch(budget.amount):
        words = (
            "Write dollars with digits and a point, such as 50 or 12.50."
            if budget.unit == "usd"
            else "Write a whole number of tokens, such as 5000000."
        )
        raise BadRequest(words, field="amount")
    if amount_of(budget) == 0:
        raise BadRequest("The amount must be more than zero.", field="amount")
    if not 1 <= budget.start_day <= 31:
        raise BadRequest("A cycle begins on a day from 1 to 31.", field="start_day")
    names = [name for name in (budget.provider, budget.model, budget.project) if name is not None]
    if len(names) > 1:
        raise BadRequest("A budget is for everything, or for one provider, model or project.", field="scope")
    if any(not 1 <= len(name) <= _NAME_LENGTH for name in names) or not 1 <= len(budget.id) <= 60:
        raise BadRequest("Choose what the budget is for.", field="scope")
    if not budget.steps:
        raise BadRequest("Write at least one step, such as 80, 100.", field="steps")
    _check_steps(budget.steps, "steps", 1000)


def amount_of(budget: Budget) -> int:
    """A budget's amount in pico-dollars or tokens."""
    if budget.unit == "tokens":
        return int(budget.amount)
    whole, _, part = budget.amount.partition(".")
    return int(whole) * PICO_PER_USD + int(part.ljust(12, "0") or "0")


def _check_steps(steps: Sequence[int], field: str, most: int) -> None:
    if len(steps) > MOST_STEPS:
        raise BadRequest(f"There can be at most {MOST_STEPS} steps.", field=field)
    if any(not 1 <= step <= most for step in steps):
        raise BadRequest(f"Steps lie between 1 and {most} percent.", field=field)
    if list(steps) != sorted(set(steps)):
        raise BadRequest("Write each step once, the lowest first.", field=field)


def _check_quiet(alerts: AlertSettings) -> None:
    for name in ("quiet_start", "quiet_end"):
        text = getattr(alerts, name)
        if text is not None and minute_of(text) is None:
            raise BadRequest("Write a time of the day such as 22:00.", field=f"alerts.{name}")
    if (alerts.quiet_start is None) != (alerts.quiet_end is None):
        raise BadRequest("Quiet hours need both a beginning and an end.", field="alerts.quiet_end")
    if alerts.quiet_start is not None and alerts.quiet_start == alerts.quiet_end:
        raise BadRequest("Quiet hours must end at another time than they begin.", field="alerts.quiet_end")
