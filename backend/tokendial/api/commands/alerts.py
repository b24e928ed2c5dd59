"""Alerts."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.alerts import (
    AlertRequest,
    Alerts,
    BudgetRequest,
    BudgetStatus,
    NoticeTest,
    SnoozeRequest,
    SystemNotices,
)
from tokendial.services.contract.common import Empty


@registry.command("alerts.get")
def alerts(app: Application, request: Empty) -> Alerts:
    """What holds, what was told, and how the budgets stand."""
    return app.alerts(request)


@registry.command("alerts.snooze")
def snooze_alert(app: Application, request: SnoozeRequest) -> Alerts:
    """Be silent for a while."""
    return app.snooze_alert(request)


@registry.command("alerts.wake")
def wake_alert(app: Application, request: AlertRequest) -> Alerts:
    """End a snooze, or take a dismissal back."""
    return app.wake_alert(request)


@registry.command("alerts.dismiss")
def dismiss_alert(app: Application, request: AlertRequest) -> Alerts:
    """Put an alert among the past ones."""
    return app.dismiss_alert(request)


@registry.command("alerts.budget")
def preview_budget(app: Application, request: BudgetRequest) -> BudgetStatus:
    """How a budget stands that may not be saved yet."""
    return app.preview_budget(request)


@registry.command("alerts.notices")
def system_notices(app: Application, request: Empty) -> SystemNotices:
    """Ask the system whether it can show notifications."""
    return app.system_notices(request)


@registry.command("alerts.test")
def test_notice(app: Application, request: Empty) -> NoticeTest:
    """Show a notification of the system."""
    return app.test_notice(request)
