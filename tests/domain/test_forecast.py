"""Where a window will stand at its reset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain.forecast import forecast
from tokendial.domain.limits import Reading, Window

MINUTE = 60_000
HOUR = 60 * MINUTE
T0 = 1_795_000_020_000


def window(*points: tuple[float, float | None], hours: float = 5) -> Window:
    """A window with readings at hours since its start."""
    end = T0 + round(hours * HOUR)
    readings = (Reading(T0 + round(at * HOUR), T0 + round(at * HOUR), used, end) for at, used in points)
    return Window(T0, end, round(hours * 60), tuple(readings))


def at(hours: float) -> int:
    return T0 + round(hours * HOUR)


def test_even_use_goes_on_and_is_only_as_vague_as_a_rounded_percent() -> None:
    found = forecast(window(*((n / 4, 5 * n) for n in range(1, 9))), at(2))
    assert found is not None
    assert found.at_reset_percent == pytest.approx(100)
    assert 99 < found.low_percent < 100 < found.high_percent < 101
    assert found.percent_per_hour == pytest.approx(20)


def test_the_latest_use_counts_more_than_its_share() -> None:
    rising = forecast(window((1, 0), (1.5, 0), (2, 10)), at(2))
    falling = forecast(window((0.5, 10), (1, 10), (2, 10)), at(2))
    assert rising is not None
    assert falling is not None
    assert rising.percent_per_hour > 5 > falling.percent_per_hour
    assert falling.percent_per_hour == pytest.approx(2.5)


def test_uneven_use_has_a_range() -> None:
    found = forecast(window((0.2, 10), (1.8, 10), (2, 20)), at(2))
    assert found is not None
    assert 20 <= found.low_percent < found.at_reset_percent < found.high_percent


def test_the_range_narrows_towards_the_reset() -> None:
    points = tuple((n / 2, 10 * (n // 2)) for n in range(1, 10))
    widths = []
    for hours in (1.5, 2.5, 3.5, 4.5):
        found = forecast(window(*(p for p in points if p[0] <= hours)), at(hours))
        assert found is not None
        widths.append(found.high_percent - found.low_percent)
    assert widths[-1] < widths[0] / 2


def test_it_says_when_it_runs_out() -> None:
    found = forecast(window((1, 30), (2, 60)), at(2))
    assert found is not None
    assert found.at_reset_percent == pytest.approx(150)
    assert found.runs_out_at_ms == pytest.approx(at(2 + 40 / 30), abs=2)


def test_it_does_not_run_out_after_the_reset() -> None:
    found = forecast(window((1, 10), (2, 20)), at(2))
    assert found is not None
    assert found.runs_out_at_ms is None


def test_a_spent_window_ran_out_when_it_was_read() -> None:
    found = forecast(window((1, 50), (2, 100), (3, 100)), at(3))
    assert found is not None
    assert found.runs_out_at_ms == at(2)
    assert found.low_percent >= 100


def test_nothing_used_stays_nothing() -> None:
    found = forecast(window((1, 0), (2, 0)), at(2))
    assert found is not None
    assert (found.at_reset_percent, found.low_percent, found.runs_out_at_ms) == (0, 0, None)
    assert found.high_percent < 1


def test_a_burst_is_not_drawn_out_for_ever() -> None:
    found = forecast(window((0.05, 0), (0.2, 60)), at(0.2))
    assert found is not None
    assert found.high_percent <= 999


@pytest.mark.parametrize(
    ("points", "hours"),
    [
        ((), 2.0),
        (((1, 10),), 2.0),
        (((1, 10), (1, 12)), 2.0),
        (((1, None), (2, None)), 2.0),
        (((0.05, 1), (0.1, 2)), 0.1),
        (((1, 10), (2, 20)), 5.0),
        (((1, 10), (2, 20)), 9.0),
        (((3, 10), (4, 20)), 2.0),
    ],
)
def test_too_little_is_known(points: tuple[tuple[float, float | None], ...], hours: float) -> None:
    assert forecast(window(*points), at(hours)) is None


def test_readings_of_two_sessions_at_once_are_put_in_order() -> None:
    """One session repeats an old value while another one reports what is used by now."""
    end = T0 + 5 * HOUR
    held = Window(T0, end, 300, (Reading(at(0.5), at(3.5), 10, end), Reading(at(1), at(1), 40, end)))
    plain = window((0.5, 10), (1, 40), (3.5, 40))
    assert forecast(held, at(4)) == forecast(plain, at(4))


def test_a_reading_that_was_held_is_two() -> None:
    held = Window(T0, T0 + 5 * HOUR, 300, (Reading(at(1), at(2), 10, T0 + 5 * HOUR),))
    assert forecast(held, at(2)) is not None


@given(
    st.lists(st.tuples(st.floats(0, 5), st.floats(0, 100) | st.none(), st.floats(0, 3)), max_size=12),
    st.floats(0, 5),
)
def test_it_is_never_below_the_present_and_always_in_order(
    drawn: list[tuple[float, float | None, float]], now: float
) -> None:
    end = T0 + 5 * HOUR
    readings = sorted((Reading(at(a), at(a + held), used, end) for a, used, held in drawn), key=lambda r: r.time_ms)
    found = forecast(Window(T0, end, 300, tuple(readings)), at(now))
    if found is None:
        return
    present = max(r.used_percent or 0 for r in readings if T0 < r.time_ms <= at(now))
    assert present - 1e-6 <= found.low_percent <= found.at_reset_percent + 1e-6
    assert found.at_reset_percent <= found.high_percent + 1e-6
    assert found.high_percent <= 999
    assert found.runs_out_at_ms is None or T0 <= found.runs_out_at_ms <= end
