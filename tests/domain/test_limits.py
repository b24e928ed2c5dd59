"""Readings of limits and their windows."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.limits import (
    STALE_AFTER_MS,
    Reading,
    Window,
    blocked_by,
    normalise_percent,
    past,
    reading_state,
    resets_at_ms,
    round_minutes,
    running,
    window_label,
    windows,
)

MINUTE = 60_000
HOUR = 60 * MINUTE
T0 = 1_795_000_020_000 // MINUTE * MINUTE
FIVE_HOURS = 5 * HOUR


def reading(at: int, used: float | None, reset: int | None, last: int | None = None) -> Reading:
    return Reading(at, at if last is None else last, used, reset)


@pytest.mark.parametrize(
    ("minutes", "label"),
    [
        (300, "5 hours"),
        (299, "5 hours"),
        (301, "5 hours"),
        (10_080, "Weekly"),
        (10_079, "Weekly"),
        (1_440, "Daily"),
        (1_439, "Daily"),
        (43_200, "Monthly"),
        (43_199, "Monthly"),
        (44_640, "Monthly"),
        (40_320, "Monthly"),
        (20_160, "14 days"),
        (2_880, "2 days"),
        (129_600, "90 days"),
        (60, "1 hour"),
        (59, "1 hour"),
        (180, "3 hours"),
        (30, "30 minutes"),
        (1, "1 minute"),
        (95, "95 minutes"),
        (0, "Unknown length"),
        (-5, "Unknown length"),
    ],
)
def test_a_window_is_named_by_its_length(minutes: int, label: str) -> None:
    assert window_label(minutes) == label


@pytest.mark.parametrize(
    ("given", "minutes"), [(299, 300), (300, 300), (10_079, 10_080), (1_439, 1_440), (290, 290), (43_200, 43_200)]
)
def test_the_clients_rounding_is_undone(given: int, minutes: int) -> None:
    assert round_minutes(given) == minutes


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (0, 0),
        (0.5, 0.5),
        (1, 1),
        (50, 50),
        (99, 99),
        (99.5, 99.5),
        (100, 100),
        (104.2, 100),
        (-3, 0),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (True, None),
    ],
)
def test_a_percentage_is_taken_as_it_is(value: float | None, percent: float | None) -> None:
    assert normalise_percent(value) == percent


@pytest.mark.parametrize(
    ("at", "within", "expected"),
    [
        (1_795_000_000, None, 1_795_000_000_000),
        (1_795_000_000.25, None, 1_795_000_000_250),
        (1_795_000_000_000, None, 1_795_000_000_000),
        (1_795_000_000, 60, 1_795_000_000_000),
        (None, 60, T0 + MINUTE),
        (None, 0, T0),
        (0, 60, T0 + MINUTE),
        (math.nan, 60, T0 + MINUTE),
        (None, -1, None),
        (None, math.inf, None),
        (None, 1e12, None),
        (None, None, None),
    ],
)
def test_when_a_window_resets(at: float | None, within: float | None, expected: int | None) -> None:
    assert resets_at_ms(at, within, T0) == expected


class TestWindows:
    def test_jitter_of_90_seconds_is_one_window_of_the_nominal_length(self) -> None:
        reset = T0 + FIVE_HOURS
        jitter = [0, 90_000, -90_000, 30_000, -60_000, 90_000, -90_000]
        found = windows([reading(T0 + n * 10 * MINUTE, n, reset + j) for n, j in enumerate(jitter)], 299)
        assert len(found) == 1
        assert found[0].end_ms - found[0].start_ms == FIVE_HOURS
        assert abs(found[0].end_ms - reset) <= 90_000
        assert found[0].minutes == 300
        assert found[0].end_ms % MINUTE == 0

    @given(st.lists(st.integers(-90_000, 90_000), min_size=1, max_size=20), st.randoms())
    def test_any_jitter_in_any_order(self, jitter: list[int], random: object) -> None:
        readings = [reading(T0 + n * MINUTE, n, T0 + FIVE_HOURS + j) for n, j in enumerate(jitter)]
        random.shuffle(readings)  # type: ignore[attr-defined]
        assert len(windows(readings, 300)) == 1

    def test_one_after_the_other(self) -> None:
        readings = [reading(T0 + n * FIVE_HOURS + HOUR, 10 * n, T0 + (n + 1) * FIVE_HOURS) for n in range(4)]
        found = windows(readings, 300)
        assert [window.start_ms for window in found] == [T0 + n * FIVE_HOURS for n in range(4)]
        assert [window.used_percent for window in found] == [0, 10, 20, 30]

    def test_a_window_that_has_not_begun_moves_with_the_clock(self) -> None:
        idle = [reading(T0 + n * 20 * MINUTE, 0, T0 + n * 20 * MINUTE + FIVE_HOURS) for n in range(10)]
        used = reading(T0 + 4 * HOUR, 3, T0 + 4 * HOUR + FIVE_HOURS)
        found = windows([*idle, used], 300)
        assert len(found) == 1
        assert (found[0].start_ms, found[0].used_percent) == (T0 + 4 * HOUR, 3)

    def test_an_early_reset_ends_the_old_window(self) -> None:
        found = windows(
            [reading(T0 + HOUR, 80, T0 + FIVE_HOURS), reading(T0 + 2 * HOUR, 1, T0 + 2 * HOUR + FIVE_HOURS)], 300
        )
        assert [(w.start_ms, w.end_ms) for w in found] == [
            (T0, T0 + 2 * HOUR),
            (T0 + 2 * HOUR, T0 + 2 * HOUR + FIVE_HOURS),
        ]

    def test_a_late_reading_of_the_old_window_finds_it(self) -> None:
        old, new = T0 + FIVE_HOURS, T0 + 2 * FIVE_HOURS
        readings = [reading(T0 + HOUR, 5, old), reading(old + 1, 1, new), reading(old + 2, 6, old + 10_000)]
        found = windows(readings, 300)
        assert [len(window.readings) for window in found] == [2, 1]

    def test_readings_without_a_reset_are_left_out(self) -> None:
        assert windows([reading(T0, 5, None)], 300) == []
        assert windows([], 300) == []

    @given(st.lists(st.tuples(st.integers(0, 100), st.none() | st.integers(0, 100), st.integers(-2, 14)), max_size=25))
    def test_they_never_overlap_and_never_exceed_their_length(self, drawn: list[tuple[int, float | None, int]]) -> None:
        readings = [reading(T0 + t * 10 * MINUTE, u, T0 + (t + 3 * r) * 10 * MINUTE) for t, u, r in drawn]
        found = windows(readings, 300)
        assert all(0 < window.end_ms - window.start_ms <= FIVE_HOURS for window in found)
        assert all(before.end_ms <= after.start_ms for before, after in pairwise(found))

    def test_running_and_past(self) -> None:
        readings = [reading(T0 + n * FIVE_HOURS + HOUR, n, T0 + (n + 1) * FIVE_HOURS) for n in range(12)]
        now = T0 + 11 * FIVE_HOURS + 2 * HOUR
        current = running(windows(readings, 300), now)
        assert current is not None
        assert current.used_percent == 11
        over = past(windows(readings, 300), now)
        assert [window.used_percent for window in over] == [10, 9, 8, 7, 6, 5, 4, 3]
        assert len(past(windows(readings, 300), now, 24)) == 11
        assert running(windows(readings, 300), now + FIVE_HOURS) is None
        assert running([], now) is None

    def test_what_a_window_says(self) -> None:
        window = Window(
            T0, T0 + 100, 5, (reading(T0, 4, T0), reading(T0 + 1, 7, T0, T0 + 9), reading(T0 + 2, None, T0))
        )
        assert window.used_percent == 7
        assert window.observed_at_ms == T0 + 9
        assert [window.elapsed_percent(T0 + at) for at in (-5, 0, 25, 100, 200)] == [0, 0, 25, 100, 100]
        assert Window(T0, T0 + 1, 5, (reading(T0, None, T0),)).used_percent is None


class TestBlocked:
    def window(self, minutes: int, used: float | None) -> Window:
        return Window(T0, T0 + minutes * MINUTE, minutes, (reading(T0, used, T0 + minutes * MINUTE),))

    @pytest.mark.parametrize(
        ("five_hours", "week", "label"),
        [
            (20, 100, "Weekly"),
            (100, 100, "Weekly"),
            (20, 99.5, None),
            (100, 20, None),
            (None, 100, "Weekly"),
            (20, None, None),
        ],
    )
    def test_a_longer_window_that_is_spent_blocks(
        self, five_hours: float | None, week: float | None, label: str | None
    ) -> None:
        assert blocked_by([self.window(300, five_hours), self.window(10_080, week)]) == label

    def test_alone_it_blocks_nothing_else(self) -> None:
        assert blocked_by([self.window(10_080, 100)]) is None
        assert blocked_by([]) is None


@pytest.mark.parametrize(
    ("observed", "reset", "state"),
    [
        (None, None, "unknown"),
        (None, T0 + 1, "unknown"),
        (T0, T0 + 1, "fresh"),
        (T0, None, "fresh"),
        (T0 - STALE_AFTER_MS, T0 + 1, "fresh"),
        (T0 - STALE_AFTER_MS - 1, T0 + 1, "stale"),
        (T0 - STALE_AFTER_MS - 1, T0, "reset"),
        (T0, T0, "reset"),
        (T0 + HOUR, T0 + FIVE_HOURS, "fresh"),
    ],
)
def test_how_far_a_reading_can_be_trusted(observed: int | None, reset: int | None, state: str) -> None:
    assert reading_state(observed, reset, T0) == state
