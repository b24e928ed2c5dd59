"""Alerts: what is current, snooze and dismiss, and how they reach the page and the system."""

from __future__ import annotations

import time

from tokendial.api.parts.system import SystemPart
from tokendial.services import alert_subjects as subjects
from tokendial.services.alert_lists import models_of, projects_of, windows_of
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
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.settings_alerts import check_budget

IN_BROWSER = (
    "Tokendial runs in the browser here, and only its window can show notifications of the system. "
    "Alerts show in this page."
)
TEST_TITLE = "Tokendial"
TEST_MESSAGE = "This is how an alert looks."


class AlertsPart(SystemPart):
    """Answers about the own ledger, also while the page looks at the sample data."""

    def alerts(self, _request: Empty, /) -> Alerts:
        """Everything about alerts."""
        with self.own.view() as view:
            listed = self.desk.listed(view)
            kept = self.own.settings.current.alerts.budgets
            return Alerts(
                current=listed.current,
                history=listed.history,
                all_snoozed_until_ms=listed.all_snoozed_until_ms,
                quiet=listed.quiet,
                budgets=[subjects.status_of(subjects.budget_facts(view, budget)) for budget in kept],
                windows=windows_of(view),
                models=models_of(view),
                projects=projects_of(view),
            )

    def snooze_alert(self, request: SnoozeRequest, /) -> Alerts:
        """Be silent for a while."""
        self.desk.snooze(request.id, request.until, _now_ms())
        return self._after_change()

    def wake_alert(self, request: AlertRequest, /) -> Alerts:
        """End a snooze, or take a dismissal back."""
        self.desk.wake(request.id, _now_ms())
        return self._after_change()

    def dismiss_alert(self, request: AlertRequest, /) -> Alerts:
        """Put an alert among the past ones."""
        self.desk.dismiss(request.id, _now_ms())
        return self._after_change()

    def change_settings(self, request: SettingsPatch, /) -> Settings:
        """Change some settings; another step may be passed already."""
        changed = super().change_settings(request)
        self.watch.request()
        return changed

    def preview_budget(self, request: BudgetRequest, /) -> BudgetStatus:
        """How a budget stands that may not be saved yet. Raises BadRequest naming the field."""
        check_budget(request.budget)
        with self.own.view() as view:
            return subjects.status_of(subjects.budget_facts(view, request.budget))

    def system_notices(self, _request: Empty, /) -> SystemNotices:
        """Whether there are notifications here. Apart from the alerts: to ask the system takes libraries and time."""
        why = IN_BROWSER if self.notices is None else self.notices.why_not()
        return SystemNotices(why is None, why)

    def test_notice(self, _request: Empty, /) -> NoticeTest:
        """Show a notification, the same way as an alert."""
        why = IN_BROWSER if self.notices is None else self.notices.show(TEST_TITLE, TEST_MESSAGE)
        return NoticeTest(why is None, why)

    def _after_change(self) -> Alerts:
        self.hub.publish("alerts-updated")
        self.watch.request()
        return self.alerts(Empty())


def _now_ms() -> int:
    return int(time.time() * 1000)
