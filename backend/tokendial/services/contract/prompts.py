"""Prompts: what was asked, read from the logs at the moment it is shown. The ledger holds none of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Filter, Usage

PromptState = Literal["shown", "large", "gone", "rewritten", "unreadable"]


class PromptsRequest(Filter, kw_only=True):
    """A page of prompts, newest first. `project` is a folder with all below it; `after` is the `next` of a page."""

    project: str | None = None
    session: str | None = None
    after: str | None = None
    limit: int = 50


class PromptRow(msgspec.Struct, kw_only=True):
    """A prompt and its turn: the responses of its session until the next prompt.

    `excerpt` is null unless `state` is shown: the log is gone, was rewritten since it was read, cannot be read, or so
    much of it would have to be read that only `prompts.get` does. `cut` tells that there is more of the text,
    `secrets` how many of them were taken out. `models` are those that answered, the one with most tokens first.
    """

    id: str
    time_ms: int
    provider: str
    session: str
    session_title: str | None
    project: str | None
    models: list[str]
    usage: Usage
    state: PromptState
    excerpt: str | None
    cut: bool
    secrets: int
    attachments: list[str]


class PromptsPage(msgspec.Struct):
    """`on` is false where the settings say that prompts are not shown: then nothing was read. `next` leads on."""

    on: bool
    rows: list[PromptRow]
    next: str | None


class PromptRequest(msgspec.Struct):
    """A prompt by its id in a page."""

    id: str


class Prompt(msgspec.Struct, kw_only=True):
    """One prompt in full, up to a bound; null where it cannot be shown."""

    on: bool
    state: PromptState
    prompt_text: str | None
    cut: bool
    secrets: int
    attachments: list[str]
