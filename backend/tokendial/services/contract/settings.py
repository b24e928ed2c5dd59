"""The settings."""

from __future__ import annotations

from typing import Literal

import msgspec

Theme = Literal["system", "light", "dark"]


class Settings(msgspec.Struct, kw_only=True):
    """Every setting, typed and owned by the backend. Unknown zone or number out of range is refused."""

    theme: Theme = "system"
    range: str = "last7days"
    custom_start: str | None = None
    custom_end: str | None = None
    provider: str | None = None
    home: int | None = None
    bucket: str | None = None
    stack: str = "model"
    breakdown: str = "model"
    trend_metric: Literal["tokens", "cost"] = "cost"
    calendar_metric: Literal["tokens", "cost"] = "cost"
    auto_refresh_seconds: int = 30
    active_minutes: int = 60
    timezone: str | None = None
    first_weekday: int = 0
    page: str = "overview"
    exact_numbers: bool = False
    disabled_providers: list[str] = []


class SettingsPatch(msgspec.Struct, kw_only=True):
    """The settings to change; what is left out stays."""

    values: dict[str, str | int | float | bool | list[str] | None]
