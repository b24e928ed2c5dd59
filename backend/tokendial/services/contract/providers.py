"""Providers: which are read, and where their figures come from."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Filter, Usage
from tokendial.services.contract.dashboard import Breakdown, BreakdownRow, Trends
from tokendial.services.contract.homes import LookedAt

ProviderState = Literal["active", "waiting", "reading", "error", "off"]


class ProviderStatus(msgspec.Struct):
    """How the logs of a provider are, the worst that holds first, and why in a sentence (W-45).

    `folder` is the one that the reason speaks of; `files` are the log files that are read; `last_response_ms` is the
    latest response in them and `last_seen_ms` when something new was read last. `places` is where logs are sought: its
    homes, else where the provider keeps them.
    """

    state: ProviderState
    word: str
    reason: str
    folder: str | None
    files: int
    last_response_ms: int | None
    last_seen_ms: int | None
    places: list[LookedAt]


class StatusLineSetup(msgspec.Struct):
    """How an agent is made to call the status line: `setting` is to be written into `settings_file` by the user.

    `last_ms` is when it told of a limit last; null where it never did.
    """

    settings_file: str
    setting: str
    last_ms: int | None


class StatusLineDraft(msgspec.Struct):
    """A format to try."""

    format: str


class StatusLinePreview(msgspec.Struct):
    """The line of a format with invented figures; `problem` says why the format cannot be.

    `usual` is the format that holds until another one is chosen, `places` what a format may have in braces, in words.
    """

    line: str
    problem: str | None
    usual: str
    places: dict[str, str]


class ProviderSource(msgspec.Struct):
    """A provider. `reads` says what is read, `looked_at` where its homes are by default, `docs_url` is text to copy.

    `limits` says where its limits come from; `status_line` is null where the agent has none.

    `homes` are the configured ones, `homes_read` those that are read now; `last_seen_ms` is when something new was
    read last.
    """

    id: str
    name: str
    on: bool
    reads: str
    limits: str
    status_line: StatusLineSetup | None
    docs_url: str
    looked_at: list[str]
    homes: int
    homes_read: int
    files: int
    last_seen_ms: int | None
    status: ProviderStatus


class Providers(msgspec.Struct):
    """Every provider this version knows."""

    providers: list[ProviderSource]


class ProviderSwitch(msgspec.Struct):
    """Switch a provider on or off. Off: its homes are not read, its figures are not shown, nothing is deleted."""

    id: str
    on: bool


class ProviderModel(msgspec.Struct):
    """A model of a provider: what it used in the range, and today."""

    row: BreakdownRow
    today: Usage


class ProviderRequest(Filter, kw_only=True):
    """One provider, in a range; `home` narrows it to one of its homes."""

    provider: str


class ProviderDetail(msgspec.Struct):
    """A provider by itself.

    `history` are the last 30 days by model, today the last of them, whatever the range is; `today` and `month` are
    their sums. `models`, `projects` and `tiers` are those of the range, most tokens first.
    """

    history: Trends
    today: Usage
    month: Usage
    models: list[ProviderModel]
    projects: Breakdown
    tiers: list[BreakdownRow]
