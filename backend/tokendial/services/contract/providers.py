"""Providers: which are read, and where their figures come from."""

from __future__ import annotations

import msgspec


class ProviderSource(msgspec.Struct):
    """A provider. `reads` says what is read, `looked_at` where its homes are by default, `docs_url` is text to copy.

    `homes` are the configured ones, `homes_read` those that are read now; `last_seen_ms` is when something new was
    read last.
    """

    id: str
    name: str
    on: bool
    reads: str
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
