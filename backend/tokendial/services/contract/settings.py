"""The settings."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.domain.statusline import DEFAULT_FORMAT
from tokendial.services.contract.alerts import AlertSettings
from tokendial.services.contract.sessions import SessionSort

ProjectSort = Literal["name", "cost", "today", "tokens", "share", "sessions", "last"]
Theme = Literal["system", "light", "dark"]
SettingValue = str | int | float | bool | None | list[str] | AlertSettings


class Settings(msgspec.Struct, kw_only=True):
    """Every setting, typed and owned by the backend. Unknown zone or number out of range is refused.

    Shown amounts are dollars times `currency_rate`, an exact decimal, with `currency_sign`.
    `first_weekday` 0 is Monday.
    """

    theme: Theme = "system"
    range: str = "last7days"
    custom_start: str | None = None
    custom_end: str | None = None
    provider: str | None = None
    home: int | None = None
    bucket: str | None = None
    stack: str = "model"
    breakdown: str = "model"
    breakdown_open: list[str] = []
    trend_metric: Literal["tokens", "cost"] = "cost"
    calendar_metric: Literal["tokens", "cost"] = "cost"
    events_model: str | None = None
    sessions_sort: SessionSort = "last_seen"
    sessions_descending: bool = True
    auto_refresh_seconds: int = 30
    active_minutes: int = 60
    timezone: str | None = None
    first_weekday: int = 0
    currency_sign: str = "$"
    currency_rate: str = "1"
    exact_numbers: bool = False
    disabled_providers: list[str] = []
    privacy: bool = False
    show_prompts: bool = True
    limit_warn_percent: int = 75
    limit_bad_percent: int = 90
    start_page: Literal["last", "overview"] = "last"
    page: str = "overview"
    settings_tab: str = "homes"
    remember_window: bool = True
    projects_sort: ProjectSort = "cost"
    projects_descending: bool = True
    live_sources: list[str] = []
    live_every_seconds: int = 300
    status_line_format: str = DEFAULT_FORMAT
    widget_screen: Literal["limits", "recent"] = "limits"
    close_to_tray: bool = False
    alerts: AlertSettings = msgspec.field(default_factory=AlertSettings)


class SettingsPatch(msgspec.Struct, kw_only=True):
    """The settings to change; what is left out stays."""

    values: dict[str, SettingValue]
