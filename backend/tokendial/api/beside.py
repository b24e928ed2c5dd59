"""What the program needs beside the page: reports, the widget, the start at login, and alerts."""

from __future__ import annotations

from typing import Protocol

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
from tokendial.services.contract.jobs import JobAnswer
from tokendial.services.contract.reports import ReportRequest
from tokendial.services.contract.startup import Startup, StartupChange
from tokendial.services.contract.windows import FullRequest, Gripped, GripRequest, WidgetSize


class BesideThePage(Protocol):
    """Use cases that no page of figures has. Each may raise a TokendialError; any thread may call any of them."""

    def html_report(self, request: ReportRequest, /) -> JobAnswer:
        """Begin to write a printable report."""

    def open_widget(self, request: Empty, /) -> Empty:
        """Show the widget in place of the full window; Unavailable in the browser."""

    def open_full(self, request: FullRequest, /) -> Empty:
        """Show the full window in place of the widget."""

    def grip_widget(self, request: GripRequest, /) -> Gripped:
        """Let the system move or resize the widget."""

    def resize_widget(self, request: WidgetSize, /) -> Empty:
        """Give the widget a size."""

    def startup(self, request: Empty, /) -> Startup:
        """Whether the program starts at login, and whether there is a tray."""

    def change_startup(self, request: StartupChange, /) -> Startup:
        """Start at login or not; CannotWrite with what the system says."""

    def alerts(self, request: Empty, /) -> Alerts:
        """The alerts that hold and the past ones, and the budgets."""

    def snooze_alert(self, request: SnoozeRequest, /) -> Alerts:
        """Be silent about an alert or all of them for a while; NotFound for an alert that has gone."""

    def wake_alert(self, request: AlertRequest, /) -> Alerts:
        """End a snooze, or take a dismissal back."""

    def dismiss_alert(self, request: AlertRequest, /) -> Alerts:
        """Put an alert, or all, among the past ones."""

    def preview_budget(self, request: BudgetRequest, /) -> BudgetStatus:
        """How a budget stands that may not be saved yet; BadRequest names the field that cannot be."""

    def system_notices(self, request: Empty, /) -> SystemNotices:
        """Whether the system can show notifications, and in words why not."""

    def test_notice(self, request: Empty, /) -> NoticeTest:
        """Show a notification of the system, the same way as an alert."""
