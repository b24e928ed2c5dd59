"""The lines of a transcript that matter, as msgspec reads them: named fields only, all else is skipped unread."""

from __future__ import annotations

from typing import Annotated

import msgspec

from tokendial.domain.tokens import MAX_COUNT

NULL = msgspec.Raw(b"null")

# A count that is negative, above 2^53 or not an integer fails to decode, and its line is refused.
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]


class CacheCreation(msgspec.Struct, gc=False):
    """How long the cache writes are kept."""

    ephemeral_5m_input_tokens: Count | None = None
    ephemeral_1h_input_tokens: Count | None = None


class OutputDetails(msgspec.Struct, gc=False):
    """What the output consists of."""

    thinking_tokens: Count | None = None


class ServerTools(msgspec.Struct, gc=False):
    """Tools that run at the API."""

    web_search_requests: Count | None = None


class Amounts(msgspec.Struct, gc=False):
    """Token counts, in three disjoint parts of the prompt and the output; missing parts are zero."""

    input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation: CacheCreation | None = None
    output_tokens: Count | None = None
    output_tokens_details: OutputDetails | None = None


class Iteration(Amounts, gc=False):
    """One inference of a response (2.2): `message`, or one that is billed beside it."""

    type: str | None = None
    model: str | None = None


class Usage(Amounts, gc=False):
    """The usage of a response: the sum of its `message` iterations."""

    server_tool_use: ServerTools | None = None
    service_tier: str | None = None
    speed: str | None = None
    inference_geo: str | None = None
    iterations: list[Iteration] | None = None


class Message(msgspec.Struct, gc=False):
    """A message as the API sent it; of a user's message only the content is read, to tell a prompt."""

    id: str | None = None
    model: str | None = None
    stop_reason: str | None = None
    usage: Usage | None = None
    content: msgspec.Raw = NULL


class Mirrored(msgspec.Struct, rename="camel", gc=False):
    """A line of a sub-agent inside a `progress` line of its parent."""

    type: str | None = None
    timestamp: str | None = None
    request_id: str | None = None
    uuid: str | None = None
    message: Message | None = None


class Progress(msgspec.Struct, rename="camel", gc=False):
    """The data of a `progress` line."""

    type: str | None = None
    agent_id: str | None = None
    message: Mirrored | None = None


class ForkedFrom(msgspec.Struct, rename="camel", gc=False):
    """Where a copied line comes from."""

    session_id: str | None = None


class Origin(msgspec.Struct, gc=False):
    """Who wrote a user's message."""

    kind: str | None = None


class Line(msgspec.Struct, rename="camel", gc=False):
    """Any line."""

    type: str | None = None
    subtype: str | None = None
    timestamp: str | None = None
    session_id: str | None = None
    uuid: str | None = None
    request_id: str | None = None
    agent_id: str | None = None
    is_sidechain: bool | None = None
    is_meta: bool | None = None
    is_compact_summary: bool | None = None
    cwd: str | None = None
    git_branch: str | None = None
    version: str | None = None
    entrypoint: str | None = None
    effort: str | None = None
    attribution_agent: str | None = None
    advisor_model: str | None = None
    forked_from: ForkedFrom | None = None
    origin: Origin | None = None
    message: Message | None = None
    data: Progress | None = None
    tool_use_result: msgspec.Raw = NULL
    custom_title: str | None = None
    ai_title: str | None = None
    summary: str | None = None
    leaf_uuid: str | None = None


class Block(msgspec.Struct, gc=False):
    """A block of a user's message."""

    type: str | None = None
    tool_use_id: str | None = None
    text: msgspec.Raw = NULL
    title: msgspec.Raw = NULL
