"""`dashboard.get`: the whole overview from one read transaction; its panels fail separately."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Bucket, Dimension, ErrorInfo, Filter, ResolvedRange, Tokens, Usage
from tokendial.services.contract.sessions import SessionFacts

WindowState = Literal["fresh", "stale", "reset", "unknown", "estimate"]
PanelName = Literal["cards", "limits", "trends", "breakdown", "active_sessions", "calendar", "providers"]


class DashboardRequest(Filter, kw_only=True):
    """`bucket` null chooses one that fits the range; `stack` splits the trend; `breakdown` groups the table."""

    bucket: Bucket | None = None
    stack: Dimension = "model"
    breakdown: Dimension = "model"


class Card(msgspec.Struct):
    """One figure with its sparkline (one value per trend bucket) and its value in the period before.

    `value` is tokens, a count, or a share in percent, by the card; `previous` is null where no period before is known.
    """

    value: float
    previous: float | None
    sparkline: list[float]


class Cards(msgspec.Struct):
    """The five cards. Cost as a float is for the sparkline and the change; the exact figure is in `usage.cost`."""

    usage: Usage
    sessions: int
    tokens_card: Card
    cost_card: Card
    cached_share_card: Card
    output_card: Card
    sessions_card: Card
    cache_saved_usd: str | None


class WindowUsage(msgspec.Struct):
    """What was used inside a limit window: [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    usage: Usage
    messages: int


class PastWindow(msgspec.Struct):
    """A window with its use. `complete` is false for the running one; `change_percent` compares complete ones only.

    What one percent of it was worth is unknown where little was used; its change (of tokens) is that to the complete
    window before.
    """

    window: WindowUsage
    current: bool
    complete: bool
    used_percent: float | None
    change_percent: float | None
    tokens_per_percent: int | None = None
    usd_per_percent: str | None = None
    worth_change_percent: float | None = None


class Forecast(msgspec.Struct):
    """Where a window will stand at its reset, in percent, with its range; `runs_out_at_ms` if it is spent before."""

    at_reset_percent: float
    low_percent: float
    high_percent: float
    percent_per_hour: float
    runs_out_at_ms: int | None


class LimitWindow(msgspec.Struct):
    """One window of one limit. `used_percent` null means unknown: never 0 % and never 100 %.

    State `estimate` is a block made of the logs: when it begins and ends is a rule, and how much is left nobody knows.
    """

    window_minutes: int
    label: str
    used_percent: float | None
    resets_at_ms: int | None
    elapsed_percent: float | None
    observed_at_ms: int | None
    state: WindowState
    forecast: Forecast | None
    inside: WindowUsage | None
    history: list[PastWindow]


class Limit(msgspec.Struct):
    """A limit id of a provider with its windows, shortest first. `blocked_by` names a longer window that is spent.

    `source` is `logs`, `statusline` or, where all of it is one, `estimate`.
    """

    provider: str
    provider_name: str
    limit_id: str
    limit_name: str | None
    plan: str | None
    credits: str | None
    source: str
    observed_at_ms: int | None
    blocked_by: str | None
    windows: list[LimitWindow]


class Series(msgspec.Struct):
    """One stacked part of the trend: a value per bucket. `cost` is dollars as floats, for drawing."""

    key: str
    label: str
    tokens: list[int]
    cost: list[float]
    usage: Usage
    unpriced: bool


class TrendBucket(msgspec.Struct):
    """[start_ms, end_ms) with its label for the axis and its full name for the tooltip; `usage` is the exact sum."""

    start_ms: int
    end_ms: int
    label: str
    title: str
    usage: Usage


class Trends(msgspec.Struct):
    """Zero-filled buckets and the series stacked on them, largest first (the rest gathered in key `other`)."""

    bucket: Bucket
    stack: Dimension
    buckets: list[TrendBucket]
    series: list[Series]


class BreakdownRow(msgspec.Struct):
    """A row of the breakdown. `children` are the efforts of a model. `share` is percent of the range's tokens."""

    key: str
    label: str
    provider: str | None
    usage: Usage
    cost_per_million_usd: str | None
    share: float
    unpriced: bool
    children: list[BreakdownRow]


class Breakdown(msgspec.Struct):
    """Rows by tokens, largest first, and the totals row, which equals the cards."""

    by: Dimension
    rows: list[BreakdownRow]
    total: BreakdownRow


class ActiveSessions(msgspec.Struct):
    """Sessions with a response within `minutes`; `average_context_percent` is over the selected range."""

    minutes: int
    sessions: list[SessionFacts]
    average_context_tokens: float | None
    average_context_percent: float | None
    samples: int


class CalendarDay(msgspec.Struct):
    """A day of the last year. `covered` is false before the first event the ledger has ever seen."""

    day: str
    tokens: int
    cost: float
    events: int
    covered: bool


class Calendar(msgspec.Struct):
    """A year of days, oldest first, and its sums."""

    days: list[CalendarDay]
    usage: Usage
    active_days: int


class PressingLimit(msgspec.Struct):
    """The window of a provider that is used most, of those that are known."""

    limit_id: str
    limit_name: str | None
    label: str
    used_percent: float
    resets_at_ms: int | None
    state: WindowState


class ProviderCard(msgspec.Struct):
    """What a provider used in the range. The cards of all providers add up to the headline cards.

    `share` is percent of the tokens; `previous` in the cards is null where no period before is known.
    """

    id: str
    name: str
    usage: Usage
    sessions: int
    share: float
    tokens_card: Card
    cost_card: Card
    top_model: str | None
    limit: PressingLimit | None


class Dashboard(msgspec.Struct):
    """The whole page. A panel that failed is null and its name is a key of `errors`."""

    generated_at_ms: int
    demo: bool
    ledger_empty: bool
    range: ResolvedRange
    cards: Cards | None
    limits: list[Limit] | None
    trends: Trends | None
    breakdown: Breakdown | None
    active_sessions: ActiveSessions | None
    calendar: Calendar | None
    providers: list[ProviderCard] | None
    errors: dict[str, ErrorInfo]


class EventsRequest(Filter, kw_only=True):
    """A page of responses, newest first, filtered by model (exact) and session.

    `at` is one of the places that a page named; null is the first page. Responses that come meanwhile move no row.
    """

    model: str | None = None
    session: str | None = None
    at: str | None = None
    limit: int = 25


class EventRow(msgspec.Struct):
    """One billed response: its own tokens, never a running total."""

    id: int
    time_ms: int
    provider: str
    session: str
    session_title: str | None
    project: str | None
    model: str
    model_assumed: bool
    effort: str | None
    tier: str | None
    originator: str | None
    tokens: Tokens
    cost_usd: str | None
    long_context: bool


class EventsPage(msgspec.Struct):
    """`total` counts every response in the filter, `offset` those before the page; places are null where no page is.

    Not among them are `removed` responses, whose details were removed because they are older than `removed_before_ms`.

    `models` are the models that occur in the range.
    """

    total: int
    offset: int
    rows: list[EventRow]
    previous: str | None
    next: str | None
    last: str | None
    models: list[str]
    removed: int = 0
    removed_before_ms: int | None = None
