"""Alerts: what is watched, what was told, and the budgets as they stand."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.domain import budgets

BudgetPeriod = budgets.BudgetPeriod
BudgetUnit = Literal["usd", "tokens"]
AlertKind = Literal["threshold", "runs_out", "budget"]
AlertStatus = Literal["active", "snoozed", "dismissed", "over"]
SnoozeUntil = Literal["hour", "tomorrow", "reset"]


class WindowSteps(msgspec.Struct, kw_only=True):
    """Steps of one window in place of the usual ones; without any it is not watched. Minutes are its length."""

    provider: str
    limit_id: str
    window_minutes: int
    steps: list[int] = []


class Budget(msgspec.Struct, kw_only=True):
    """An amount for a period: dollars as an exact decimal, or tokens as a whole number.

    At most one of provider, model and project narrows it. `start_day` is the day of the month on which a billing cycle
    begins, the last one of a shorter month.
    """

    id: str
    unit: BudgetUnit
    amount: str
    period: BudgetPeriod
    start_day: int = 1
    provider: str | None = None
    model: str | None = None
    project: str | None = None
    steps: list[int] = msgspec.field(default_factory=lambda: [80, 100])


class AlertSettings(msgspec.Struct, kw_only=True):
    """What is told and when. Steps are percent; quiet hours are two times of the day such as `22:00`, or nothing."""

    steps: list[int] = msgspec.field(default_factory=lambda: [75, 90, 95])
    windows: list[WindowSteps] = []
    runs_out: bool = True
    notify: bool = True
    quiet_start: str | None = None
    quiet_end: str | None = None
    budgets: list[Budget] = []


class AlertEntry(msgspec.Struct, kw_only=True):
    """Something that was told once.

    `headline` and `detail` say it in full; `plain_headline` and `plain_detail` without names and amounts, for privacy
    mode. It is current while it is `active` or `snoozed`. `held` says that its notification waits for the end of the
    quiet hours or of a snooze.
    """

    id: str
    kind: AlertKind
    status: AlertStatus
    step: int
    time_ms: int
    until_ms: int
    snoozed_until_ms: int | None
    held: bool
    provider: str | None
    limit_id: str | None
    window_minutes: int | None
    budget: str | None
    headline: str
    detail: str
    plain_headline: str
    plain_detail: str


class BudgetStatus(msgspec.Struct, kw_only=True):
    """What was used of a budget in its running period, in its unit; `unpriced` tokens are not in the dollars."""

    id: str
    used: str
    amount: str
    percent: float
    first_day: str
    last_day: str
    end_ms: int
    unpriced_tokens: int


class WatchedWindow(msgspec.Struct, kw_only=True):
    """A window that can have steps of its own."""

    provider: str
    provider_name: str
    limit_id: str
    limit_name: str | None
    window_minutes: int
    window_label: str


class SystemNotices(msgspec.Struct):
    """Whether the system can show notifications, and in words why not."""

    possible: bool
    why: str | None


class Alerts(msgspec.Struct, kw_only=True):
    """Everything about alerts; newest first. `models` and `projects` are those a budget can be for."""

    current: list[AlertEntry]
    history: list[AlertEntry]
    all_snoozed_until_ms: int | None
    quiet: bool
    budgets: list[BudgetStatus]
    windows: list[WatchedWindow]
    models: list[str]
    projects: list[str]


class SnoozeRequest(msgspec.Struct, kw_only=True):
    """Be silent about an alert's window or period, or about everything, for a while; `reset` needs an alert."""

    id: str | None = None
    until: SnoozeUntil


class AlertRequest(msgspec.Struct, kw_only=True):
    """One alert, or all that are current."""

    id: str | None = None


class BudgetRequest(msgspec.Struct):
    """A budget that may not be saved yet."""

    budget: Budget


class NoticeTest(msgspec.Struct):
    """Whether the system took the notification, and in words why not."""

    shown: bool
    why: str | None
