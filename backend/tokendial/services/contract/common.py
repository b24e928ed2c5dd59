"""Shapes that several commands share."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.domain import periods

RangeName = periods.RangeName
Bucket = periods.Unit
Dimension = Literal["model", "effort", "project", "provider", "originator"]


class Empty(msgspec.Struct):
    """A request or an answer without content."""


class ErrorInfo(msgspec.Struct):
    """What failed, in words; the one error shape of every transport."""

    code: str
    message: str
    details: dict[str, str | int | float | bool | list[str] | None] = {}


class Filter(msgspec.Struct, kw_only=True):
    """What a panel looks at. `start` and `end` are days, both included, and only hold for range `custom`."""

    range: RangeName = "last7days"
    start: str | None = None
    end: str | None = None
    provider: str | None = None
    home: int | None = None


class ResolvedRange(msgspec.Struct):
    """The range as it was read: `start_ms` included, `end_ms` not; both null for all time without any event."""

    name: RangeName
    start_ms: int | None
    end_ms: int | None
    timezone: str
    label: str


class Tokens(msgspec.Struct):
    """The five parts that never overlap, their sum, and reasoning (inside output, never added)."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    total_tokens: int = 0


class Cost(msgspec.Struct):
    """Exact dollars as decimal strings. `usd` is the sum of the parts; null where no event has a price."""

    usd: str | None
    input_usd: str
    cache_read_usd: str
    cache_write_usd: str
    output_usd: str
    unpriced_tokens: int
    unpriced_models: list[str]


class Usage(msgspec.Struct):
    """Tokens, their cost, and how many responses and sessions they came from."""

    tokens: Tokens
    cost: Cost
    events: int
