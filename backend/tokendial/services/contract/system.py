"""Everything around the figures: ingest, homes, settings, prices, diagnostics."""

from __future__ import annotations

from typing import Literal

import msgspec

Theme = Literal["system", "light", "dark"]
HomeState = Literal["ok", "missing", "unreadable", "empty"]


class ProviderInfo(msgspec.Struct):
    """A provider the program knows: id, name, accent colour (light, dark)."""

    id: str
    name: str
    color: str
    color_dark: str


class ScanStatus(msgspec.Struct):
    """The running or the last scan. `seconds_left` is an estimate; `refused` are lines refused over all files."""

    running: bool
    first: bool
    files_total: int
    files_done: int
    files_read: int
    bytes_total: int
    bytes_done: int
    events_added: int
    refused: int
    seconds: float
    seconds_left: float | None
    finished_at_ms: int | None
    watching: Literal["watching", "polling", "off"]
    message: str | None


class Home(msgspec.Struct):
    """A folder of a provider. `state` is ok, missing, unreadable or empty; `files` are its log files."""

    id: int
    provider: str
    path: str
    label: str
    active: bool
    state: HomeState
    files: int
    last_seen_ms: int | None


class LookedAt(msgspec.Struct):
    """A place where logs were looked for at the first run."""

    provider: str
    path: str
    exists: bool


class AppState(msgspec.Struct):
    """What the page needs before it draws anything."""

    version: str
    mode: Literal["window", "browser"]
    why_browser: str | None
    demo: bool
    data_dir: str
    notice: str | None
    providers: list[ProviderInfo]
    homes: list[Home]
    looked_at: list[LookedAt]
    settings: Settings
    scan: ScanStatus


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


class SettingsPatch(msgspec.Struct, kw_only=True):
    """The settings to change; what is left out stays."""

    values: dict[str, str | int | float | bool | None]


class HomeCheckRequest(msgspec.Struct):
    """A folder as typed: `~`, environment variables and relative paths are resolved."""

    provider: str
    path: str


class HomeCheck(msgspec.Struct):
    """What is found in a folder before it is added; `problem` says why it cannot be."""

    path: str
    exists: bool
    files: int
    bytes: int
    duplicate_of: int | None
    problem: str | None


class HomeAddRequest(msgspec.Struct):
    """Add a folder; it is scanned at once."""

    provider: str
    path: str
    label: str = ""


class HomeRequest(msgspec.Struct):
    """A home by id."""

    id: int


class HomeUpdateRequest(msgspec.Struct, kw_only=True):
    """Change a home's label or switch it on or off."""

    id: int
    label: str | None = None
    active: bool | None = None


class Homes(msgspec.Struct):
    """All homes, in the order they were added."""

    homes: list[Home]


class PriceRuleInput(msgspec.Struct, kw_only=True):
    """A user's price rule. Rates are dollars per million tokens as decimal strings.

    Days are UTC, `effective_to` is not included.

    `cache_read` and `cache_write` null mean the input rate; `long_*` null mean no long-context rate.
    """

    id: int | None = None
    pattern: str
    provider: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None
    input: str
    cache_read: str | None = None
    cache_write: str | None = None
    cache_write_1h: str | None = None
    output: str
    long_threshold: int | None = None
    long_input: str | None = None
    long_cache_read: str | None = None
    long_cache_write: str | None = None
    long_output: str | None = None
    tiers: dict[str, str] = {}


class PriceRules(msgspec.Struct):
    """The user's rules in order of precedence."""

    rules: list[PriceRuleInput]


class PriceProblem(msgspec.Struct):
    """What is wrong with a rule, beside its field; `index` is the rule's place in the list that was sent."""

    index: int
    field: str
    message: str


class ModelPrice(msgspec.Struct):
    """Which rule prices a model today, and by which source; `rule` null means unpriced."""

    provider: str
    model: str
    tokens: int
    source: Literal["user", "catalogue", "unpriced"]
    rule: PriceRuleInput | None
    estimated: bool


class Pricing(msgspec.Struct):
    """The user's rules, what prices each model seen, and the version of the catalogue."""

    rules: list[PriceRuleInput]
    models: list[ModelPrice]
    catalogue_version: str


class RefusedLine(msgspec.Struct):
    """Lines refused in a file for one reason; `first_offset` is the byte where the first of them begins."""

    path: str
    reason: str
    label: str
    count: int
    first_offset: int


class Diagnostics(msgspec.Struct):
    """Facts for a bug report: no prompt, no secret."""

    version: str
    python: str
    sqlite: str
    sqlite_warning: str | None
    platform: str
    window: str
    data_dir: str
    database_bytes: int
    events: int
    sessions: int
    files: int
    files_gone: int
    refused: list[RefusedLine]
    refused_total: int
    last_scan: ScanStatus
    rollup_ok: bool
    integrity_ok: bool


class OpenLogsRequest(msgspec.Struct):
    """Open a home in the system's file manager; null opens the first active one."""

    home: int | None = None


class OpenedLogs(msgspec.Struct):
    """The folder that was opened; `opened` is false where the system has no file manager."""

    path: str
    opened: bool


class DemoRequest(msgspec.Struct):
    """Enter or leave the sample data."""

    on: bool


class RefreshRequest(msgspec.Struct):
    """`wait` answers only when the scan is done; else at once."""

    wait: bool = True
