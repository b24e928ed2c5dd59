"""When a source may be asked, on a clock that the test moves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.live.schedule import MINUTE_MS, Asked, failed, may_ask, succeeded
from tokendial.providers.live import FailureKind, LiveFailure

NOW = 1_800_000_000_000


def due(
    asked: Asked, after_ms: int, every_ms: int | None = MINUTE_MS, mark: str = "a", *, by_hand: bool = False
) -> bool:
    """Whether it may be asked some time after NOW."""
    return may_ask(asked, NOW + after_ms, every_ms, mark, by_hand=by_hand)


def fail(kind: FailureKind, times: int = 1, retry_after_ms: int | None = None, at: float = 0.5) -> Asked:
    """After some failures in a row, the last at NOW."""
    asked = Asked()
    for _ in range(times):
        asked = failed(asked, NOW, "a", LiveFailure(kind, "words", retry_after_ms), lambda: at)
    return asked


def test_the_first_time_is_at_once_unless_only_by_hand() -> None:
    assert due(Asked(), 0)
    assert not due(Asked(), 0, None)
    assert due(Asked(), 0, None, by_hand=True)


def test_never_twice_within_a_minute() -> None:
    good = succeeded(Asked(), NOW, "a")
    for by_hand in (False, True):
        assert not due(good, MINUTE_MS - 1, 30_000, by_hand=by_hand)
        assert due(good, MINUTE_MS, 30_000, by_hand=by_hand)
    assert not due(good, 4 * MINUTE_MS, 5 * MINUTE_MS)
    assert due(good, 5 * MINUTE_MS, 5 * MINUTE_MS)


def test_failures_wait_longer_and_longer_up_to_half_an_hour() -> None:
    waits = [fail("server", times).wait_ms for times in range(1, 9)]
    assert waits == [one * MINUTE_MS for one in (1, 2, 4, 8, 16, 30, 30, 30)]
    assert fail("server", at=0.0).wait_ms == 48_000
    assert fail("server", at=1.0).wait_ms == 72_000
    assert not due(fail("server", 3), 4 * MINUTE_MS - 1)
    assert due(fail("server", 3), 4 * MINUTE_MS)
    assert due(fail("server", 3), MINUTE_MS, by_hand=True)


def test_retry_after_holds_for_the_user_too() -> None:
    asked = fail("throttled", retry_after_ms=10 * MINUTE_MS)
    for by_hand in (False, True):
        assert not due(asked, 10 * MINUTE_MS - 1, by_hand=by_hand)
        assert due(asked, 10 * MINUTE_MS, by_hand=by_hand)


@pytest.mark.parametrize("kind", ["refused", "not_signed_in", "missing"])
def test_what_asking_cannot_mend_waits_for_a_change_of_the_credential(kind: FailureKind) -> None:
    asked = fail(kind)
    assert not due(asked, 86_400_000)
    assert due(asked, 2 * MINUTE_MS, mark="b")
    assert due(asked, 2 * MINUTE_MS, by_hand=True)


def test_an_answer_forgets_the_failures_and_a_failure_keeps_the_last_answer() -> None:
    good = succeeded(fail("server", 5), NOW, "a")
    assert (good.failures, good.kind, good.wait_ms, good.good_ms) == (0, None, 0, NOW)
    assert failed(good, NOW + 1, "a", LiveFailure("offline", "words"), lambda: 0.5).good_ms == NOW


def test_a_clock_that_was_set_back_does_not_stop_it() -> None:
    ahead = succeeded(Asked(), NOW + 10 * 86_400_000, "a")
    assert due(ahead, 0)


@given(st.lists(st.tuples(st.integers(0, 400_000), st.booleans(), st.booleans()), max_size=60))
def test_whatever_happens_two_requests_are_a_minute_apart(steps: list[tuple[int, bool, bool]]) -> None:
    asked, now, sent = Asked(), NOW, []
    for after, by_hand, works in steps:
        now += after
        if may_ask(asked, now, 30_000, "a", by_hand=by_hand):
            sent.append(now)
            failure = LiveFailure("server", "words", 5_000)
            asked = succeeded(asked, now, "a") if works else failed(asked, now, "a", failure, lambda: 0.0)
    assert all(later - earlier >= MINUTE_MS for earlier, later in pairwise(sent))
