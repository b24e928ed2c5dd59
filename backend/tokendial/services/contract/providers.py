"""Providers: which are read, and where their figures come from."""

from __future__ import annotations

import msgspec


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


class Providers(msgspec.Struct):
    """Every provider this version knows."""

    providers: list[ProviderSource]


class ProviderSwitch(msgspec.Struct):
    """Switch a provider on or off. Off: its homes are not read, its figures are not shown, nothing is deleted."""

    id: str
    on: bool
