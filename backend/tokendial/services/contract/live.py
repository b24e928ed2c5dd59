"""Live sources: asking providers for their limits, where the user wants that."""

from __future__ import annotations

from typing import Literal

import msgspec

LiveState = Literal["off", "asking", "live", "stale", "error"]


class LiveHome(msgspec.Struct):
    """A home whose account is asked about. `reads` is the file with the sign-in, which is only read.

    `state` is `asking` before the first answer, `stale` where the last good answer is older than two cadences; then
    `message` says what went wrong last. `next_ms` is when it may be asked again, null where only a renewed sign-in
    or the user changes that.
    """

    home: int
    label: str
    reads: str
    state: LiveState
    message: str | None
    good_ms: int | None
    tried_ms: int | None
    next_ms: int | None


class LiveSource(msgspec.Struct):
    """Who can be asked about a provider's limits. `asks` is the address or the program, `sends` a sentence."""

    id: str
    provider: str
    name: str
    on: bool
    asks: str
    sends: str
    homes: list[LiveHome]


class LiveSources(msgspec.Struct):
    """Everyone who can be asked; `every_seconds` 0 asks only by hand."""

    every_seconds: int
    sources: list[LiveSource]


class LiveSwitch(msgspec.Struct):
    """Switch a live source on or off."""

    id: str
    on: bool
