"""When a live source may be asked: never twice within a minute, later and later after failures. Pure; times in ms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from tokendial.providers.live import FailureKind, LiveFailure

MINUTE_MS: Final = 60_000
_LONGEST_MS: Final = 30 * MINUTE_MS
_JITTER: Final = 0.2
# What only the user or the agent can mend: asking again before something changed is of no use (W-37).
_WAITS_FOR_CHANGE: Final[set[FailureKind]] = {"not_signed_in", "refused", "missing"}


class Asked(msgspec.Struct):
    """What is known about a source from asking it: kept over a restart, so that one does not ask sooner.

    `credential` is a digest-free mark (sizes and times) of the credential files as they were at the last try.
    """

    tried_ms: int = 0
    good_ms: int | None = None
    failures: int = 0
    kind: FailureKind | None = None
    message: str | None = None
    not_before_ms: int = 0
    wait_ms: int = 0
    credential: str = ""


def may_ask(asked: Asked, now_ms: int, every_ms: int | None, credential: str, *, by_hand: bool) -> bool:
    """Whether to ask now. `every_ms` None asks only by hand; by hand is held to the minute and to Retry-After alone."""
    if is_recent(asked, now_ms) or 0 < asked.not_before_ms - now_ms <= 24 * 60 * MINUTE_MS:
        return False
    if by_hand:
        return True
    if every_ms is None or (asked.kind in _WAITS_FOR_CHANGE and credential == asked.credential):
        return False
    return _is_over(asked.tried_ms, max(MINUTE_MS, every_ms, asked.wait_ms), now_ms)


def is_recent(asked: Asked, now_ms: int) -> bool:
    """Whether it was asked within the last minute."""
    return not _is_over(asked.tried_ms, MINUTE_MS, now_ms)


def next_ms(asked: Asked, every_ms: int | None) -> int | None:
    """When it will be asked without the user's doing; None where that takes a change of the sign-in, or the user."""
    if every_ms is None or asked.kind in _WAITS_FOR_CHANGE:
        return None
    return max(asked.tried_ms + max(MINUTE_MS, every_ms, asked.wait_ms), asked.not_before_ms)


def _is_over(since_ms: int, wait_ms: int, now_ms: int) -> bool:
    """A clock that was set back does not make a source wait for ever."""
    return not since_ms <= now_ms < since_ms + wait_ms


def succeeded(asked: Asked, now_ms: int, credential: str) -> Asked:
    """After an answer."""
    return Asked(tried_ms=now_ms, good_ms=now_ms, credential=credential)


def failed(asked: Asked, now_ms: int, credential: str, failure: LiveFailure, random: Callable[[], float]) -> Asked:
    """After a failure: a minute, then double, up to half an hour, each a fifth more or less; Retry-After is held."""
    failures = asked.failures + 1
    wait = min(_LONGEST_MS, MINUTE_MS << min(failures - 1, 8))
    return Asked(
        tried_ms=now_ms,
        good_ms=asked.good_ms,
        failures=failures,
        kind=failure.kind,
        message=failure.message,
        not_before_ms=0 if failure.retry_after_ms is None else now_ms + failure.retry_after_ms,
        wait_ms=round(wait * (1 - _JITTER + 2 * _JITTER * random())),
        credential=credential,
    )
