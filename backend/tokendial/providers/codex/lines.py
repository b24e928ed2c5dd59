"""The records of a rollout that matter, as msgspec reads them: named fields only, everything else is skipped unread."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import astuple

from tokendial.domain.tokens import MAX_COUNT

NULL = msgspec.Raw(b"null")


# A usage vector in the log's own terms: input (with cached and cache writes), cached, cache write, output (with
# reasoning), reasoning, total.
Vector = tuple[int, int, int, int, int, int]
ZERO: Vector = (0, 0, 0, 0, 0, 0)

# A count that is negative, above 2^53 or not an integer fails to decode, and its line is refused.
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]

# A time of a limit; one beyond the year 5000 is no time, and its milliseconds would not fit into the ledger.
Seconds = Annotated[float, msgspec.Meta(ge=-1e11, le=1e11)]


class Usage(msgspec.Struct, gc=False):
    """A usage object, its fields in the order of a Vector; missing parts are zero."""

    input_tokens: Count | None = 0
    cached_input_tokens: Count | None = 0
    cache_write_input_tokens: Count | None = 0
    output_tokens: Count | None = 0
    reasoning_output_tokens: Count | None = 0
    total_tokens: Count | None = None


def vector_of(usage: Usage) -> Vector:
    """A usage object as a vector; a missing total is input plus output."""
    parts = astuple(usage)
    if None in parts:
        given, cached, written, output, reasoning, total = (part or 0 for part in parts)
        return given, cached, written, output, reasoning, total if parts[5] is not None else given + output
    return parts


class Info(msgspec.Struct):
    """What a `token_count` counted."""

    total_token_usage: Usage | None = None
    last_token_usage: Usage | None = None
    model_context_window: Count | None = None


class Window(msgspec.Struct):
    """One window of a limit snapshot."""

    used_percent: float | None = None
    window_minutes: Count | None = None
    resets_at: Seconds | None = None
    resets_in_seconds: Seconds | None = None


class Credits(msgspec.Struct):
    """Credits of the plan."""

    has_credits: bool | None = None
    unlimited: bool | None = None
    balance: str | float | None = None


class RateLimits(msgspec.Struct):
    """A snapshot of one limit id."""

    limit_id: str | None = None
    limit_name: str | None = None
    primary: Window | None = None
    secondary: Window | None = None
    credits: Credits | None = None
    plan_type: str | None = None


class TokenCountPayload(msgspec.Struct):
    """`event_msg` of type `token_count`; limits stay raw, so that a strange one never costs the count."""

    info: Info | None = None
    rate_limits: msgspec.Raw = NULL


class TokenCountLine(msgspec.Struct):
    """A whole line with a `token_count`."""

    timestamp: str
    payload: TokenCountPayload


class UsageRecordPayload(msgspec.Struct):
    """`token_usage_record`: one completed response."""

    thread_id: str | None = None
    response_id: str | None = None
    usage: Usage | None = None


class UsageRecordLine(msgspec.Struct):
    """A whole line with a `token_usage_record`."""

    timestamp: str
    payload: UsageRecordPayload


class ThreadSpawn(msgspec.Struct):
    """How a sub-agent was started."""

    parent_thread_id: str | None = None
    agent_nickname: str | None = None
    agent_role: str | None = None


class HistoryBase(msgspec.Struct):
    """A fork by reference: nothing is copied."""

    thread_id: str | None = None


class Git(msgspec.Struct):
    """The repository at the start."""

    branch: str | None = None


class Meta(msgspec.Struct):
    """`session_meta`."""

    id: str | None = None
    session_id: str | None = None
    forked_from_id: str | None = None
    parent_thread_id: str | None = None
    timestamp: str | None = None
    cwd: str | None = None
    originator: str | None = None
    cli_version: str | None = None
    source: msgspec.Raw = NULL
    agent_nickname: str | None = None
    agent_role: str | None = None
    history_base: HistoryBase | None = None
    git: Git | None = None


class ModeSettings(msgspec.Struct):
    """Settings of a collaboration mode."""

    reasoning_effort: str | None = None


class Mode(msgspec.Struct):
    """A collaboration mode."""

    settings: ModeSettings | None = None


class TurnContext(msgspec.Struct):
    """`turn_context`: what a turn runs with."""

    turn_id: str | None = None
    cwd: str | None = None
    model: str | None = None
    effort: str | int | None = None
    collaboration_mode: Mode | None = None


class ThreadSettings(msgspec.Struct):
    """The settings inside `thread_settings_applied`."""

    model: str | None = None
    service_tier: str | None = None
    reasoning_effort: str | None = None


class Item(msgspec.Struct):
    """The item of `item_completed`."""

    type: str | None = None


class EventPayload(msgspec.Struct):
    """Any other `event_msg`; `kind` is that of a `user_message` of old versions."""

    type: str = ""
    kind: str | None = None
    turn_id: str | None = None
    thread_id: str | None = None
    thread_settings: ThreadSettings | None = None
    item: Item | None = None


class Line(msgspec.Struct):
    """Any line, its payload unread."""

    timestamp: str = ""
    type: str = ""
    payload: msgspec.Raw = NULL
