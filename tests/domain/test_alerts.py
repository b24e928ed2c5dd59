"""Each step is told at most once in its window or period, whatever comes in whatever order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokendial.domain import alerts, limits
from tokendial.domain.alerts import Fired, Subject
from tokendial.domain.budgets import current_period
from tokendial.domain.forecast import Forecast
from tokendial.domain.limits import Reading, Window

MINUTE = 60_000
HOUR = 60 * MINUTE
T0 = 1_795_000_020_000
END = T0 + 5 * HOUR
STEPS = (75, 90, 95)
BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str, zone: ZoneInfo = BERLIN) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def window(*points: tuple[int, float | None], end: int = END) -> Window:
    return Window(end - 5 * HOUR, end, 300, tuple(Reading(at, at, used, end) for at, used in points))


class Memory:
    """What a program remembers between looks."""

    def __init__(self) -> None:
        self.fired: dict[str, Fired] = {}

    def look(self, subject: Subject) -> int | None:
        found = alerts.news(subject, self.fired.get(subject.key))
        if found is None:
            return None
        self.fired[subject.key] = found
        return found.step

    def read(self, readings: list[Reading], now: int) -> int | None:
        running = limits.running(limits.windows(readings, 300), now)
        if running is None:
            return None
        state = limits.reading_state(running.observed_at_ms, running.end_ms, now)
        return self.look(alerts.of_window("w", running, STEPS, state))


def told(*used: float) -> list[int | None]:
    memory, readings = Memory(), []
    found = []
    for number, percent in enumerate(used):
        at = T0 + (number + 1) * MINUTE
        readings.append(Reading(at, at, percent, END))
        found.append(memory.read(list(readings), at))
    return found


def test_each_step_is_told_once() -> None:
    assert told(10, 75, 80, 90, 92, 95, 100, 100) == [None, 75, None, 90, None, 95, None, None]


def test_of_several_steps_at_once_only_the_highest_is_told() -> None:
    assert told(10, 92, 93, 96) == [None, 90, None, 95]


def test_a_step_that_was_passed_stays_told_when_the_use_falls_within_the_window() -> None:
    assert told(92, 40, 80, 91, 95) == [90, None, None, None, 95]


def test_a_new_window_tells_again_and_jitter_is_no_new_window() -> None:
    memory = Memory()
    first = [
        Reading(T0 + n * MINUTE, T0 + n * MINUTE, 80, END + jitter) for n, jitter in enumerate((0, 90_000, -90_000))
    ]
    assert [memory.read(first[: n + 1], T0 + n * MINUTE) for n in range(3)] == [75, None, None]
    after = END + MINUTE
    second = [*first, Reading(after, after, 80, END + 5 * HOUR)]
    assert memory.read(second, after) == 75
    assert memory.read(second, after + MINUTE) is None


def test_a_window_that_moves_with_the_clock_is_told_once() -> None:
    memory = Memory()
    readings = [Reading(T0 + n * 10 * MINUTE, T0 + n * 10 * MINUTE, 80, END + n * 10 * MINUTE) for n in range(6)]
    found = [memory.read(readings[: n + 1], readings[n].time_ms) for n in range(6)]
    assert found == [75, None, None, None, None, None]


def test_stale_reset_and_unknown_readings_tell_nothing() -> None:
    one = Reading(T0, T0, 99, END)
    assert Memory().read([one], T0 + limits.STALE_AFTER_MS + 1) is None
    assert Memory().read([one], END) is None
    assert Memory().look(alerts.of_window("w", window((T0, None)), STEPS, "fresh")) is None


def test_without_steps_a_window_is_silent() -> None:
    assert Memory().look(alerts.of_window("w", window((T0, 99)), (), "fresh")) is None


@pytest.mark.parametrize(
    ("used", "ahead", "sure"),
    [
        (60, Forecast(140, 120, 160, 20, T0 + HOUR), True),
        (60, Forecast(120, 79, 180, 20, T0 + HOUR), False),
        (60, Forecast(90, 80, 99, 20, None), False),
        (100, Forecast(140, 120, 160, 20, T0), False),
        (60, None, False),
    ],
)
def test_running_out_is_told_only_when_the_whole_range_says_so(used: float, ahead: Forecast | None, sure: bool) -> None:
    subject = alerts.of_forecast("f", window((T0, used)), ahead, "fresh")
    assert (subject.step == 1) is sure
    memory = Memory()
    assert [memory.look(subject), memory.look(subject)] == ([1, None] if sure else [None, None])
    assert Memory().look(alerts.of_forecast("f", window((T0, used)), ahead, "stale")) is None


_readings = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.one_of(st.none(), st.floats(0, 100)),
        st.integers(-90_000, 90_000),
    ),
    min_size=1,
    max_size=25,
)


@given(_readings, st.randoms(use_true_random=False))
def test_whatever_the_order_of_readings_each_step_is_told_once_per_window(
    rows: list[tuple[int, float | None, int]], random: st.DataObject
) -> None:
    """Three windows follow each other; readings arrive late, twice and mixed, and each look sees what came so far."""
    made = [
        Reading(T0 + minute * MINUTE, T0 + minute * MINUTE, used, T0 + (minute // 300 + 1) * 5 * HOUR + jitter)
        for minute, used, jitter in rows
    ]
    random.shuffle(made)  # type: ignore[attr-defined]
    memory, seen, fired = Memory(), [], []
    now = T0
    for reading in made:
        seen.append(reading)
        now = max(now, reading.time_ms)
        for _ in range(2):
            step = memory.read(list(seen), now)
            if step is not None:
                fired.append((round((memory.fired["w"].mark - T0) / (5 * HOUR)), step))
    assert len(fired) == len(set(fired))
    for number in {each for each, _ in fired}:
        steps = [step for each, step in fired if each == number]
        assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("used", "whole", "step"),
    [(79, 100, 0), (80, 100, 80), (100, 100, 100), (250, 100, 100), (1, 0, 0), (8 * 10**13 - 1, 10**14, 0)],
)
def test_steps_are_reached_exactly(used: int, whole: int, step: int) -> None:
    assert alerts.highest_step(used, whole, (80, 100)) == step


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        ("21:59", False),
        ("22:00", True),
        ("23:59", True),
        ("00:00", True),
        ("06:59", True),
        ("07:00", False),
        ("12:00", False),
    ],
)
def test_quiet_hours_pass_midnight(clock: str, quiet: bool) -> None:
    assert alerts.is_quiet(ms(f"2026-11-26T{clock}"), BERLIN, 22 * 60, 7 * 60) is quiet


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = ms("2026-11-26T12:30")
    assert alerts.is_quiet(noon, BERLIN, 12 * 60, 13 * 60)
    assert not alerts.is_quiet(noon, BERLIN, 13 * 60, 14 * 60)
    assert not alerts.is_quiet(noon, BERLIN, None, 13 * 60)
    assert not alerts.is_quiet(noon, BERLIN, 60, 60)


def test_quiet_hours_follow_the_wall_clock_when_it_is_changed() -> None:
    """The night of 25 October 2026 has 02:30 twice, that of 29 March has none."""
    before = ms("2026-10-25T02:30")
    assert [alerts.is_quiet(before + n * HOUR, BERLIN, 0, 3 * 60) for n in range(3)] == [True, True, False]
    spring = ms("2026-03-29T01:30")
    assert [alerts.is_quiet(spring + n * HOUR, BERLIN, 0, 3 * 60) for n in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("00:00", 0),
        ("22:30", 1350),
        ("24:00", None),
        ("7:00", None),
        ("07:60", None),
        ("", None),
        ("٠٧:٠٠", None),
        ("ab:cd", None),
    ],
)
def test_times_of_the_day(text: str, minute: int | None) -> None:
    assert alerts.minute_of(text) == minute


def test_tomorrow_after_the_clock_was_changed() -> None:
    assert alerts.tomorrow_ms(ms("2026-10-25T00:30"), BERLIN) == ms("2026-10-26T00:00")
    assert alerts.tomorrow_ms(ms("2026-10-25T00:30"), BERLIN) - ms("2026-10-25T00:00") == 25 * HOUR


@pytest.mark.parametrize(
    ("name", "today", "start_day", "first", "after"),
    [
        ("day", "2026-11-26", 1, "2026-11-26", "2026-11-27"),
        ("week", "2026-11-26", 1, "2026-11-23", "2026-11-30"),
        ("month", "2026-11-26", 15, "2026-11-01", "2026-12-01"),
        ("month", "2026-12-31", 1, "2026-12-01", "2027-01-01"),
        ("cycle", "2026-11-26", 15, "2026-11-15", "2026-12-15"),
        ("cycle", "2026-11-14", 15, "2026-10-15", "2026-11-15"),
        ("cycle", "2026-02-28", 31, "2026-02-28", "2026-03-31"),
        ("cycle", "2026-02-27", 31, "2026-01-31", "2026-02-28"),
        ("cycle", "2028-02-29", 30, "2028-02-29", "2028-03-30"),
        ("cycle", "2026-01-05", 31, "2025-12-31", "2026-01-31"),
        ("cycle", "2026-12-31", 31, "2026-12-31", "2027-01-31"),
    ],
)
def test_periods_of_budgets(name: str, today: str, start_day: int, first: str, after: str) -> None:
    found = current_period(name, ms(f"{today}T12:00"), BERLIN, 0, start_day)  # type: ignore[arg-type]
    assert (found.first.isoformat(), found.after.isoformat()) == (first, after)
    assert (found.start_ms, found.end_ms) == (ms(f"{first}T00:00"), ms(f"{after}T00:00"))


def test_a_week_begins_on_the_chosen_day() -> None:
    thursday = ms("2026-11-26T00:10")
    assert [current_period("week", thursday, BERLIN, day, 1).first.day for day in (0, 3, 4, 6)] == [23, 26, 20, 22]


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 31))
def test_cycles_follow_each_other_without_a_gap(today: date, start_day: int) -> None:
    zone = ZoneInfo("UTC")
    at = round(datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp() * 1000)
    now = current_period("cycle", at, zone, 0, start_day)
    assert now.first <= today < now.after
    assert current_period("cycle", now.end_ms, zone, 0, start_day).first == now.after
    assert current_period("cycle", now.start_ms - 1, zone, 0, start_day).after == now.first


def test_times_in_words() -> None:
    now = ms("2026-11-26T12:00")
    said = [
        alerts.clock_text(ms(at), now, BERLIN) for at in ("2026-11-26T16:40", "2026-11-27T09:05", "2026-12-20T10:00")
    ]
    assert said == ["16:40", "Fri 09:05", "20 Dec 10:00"]


def test_a_window_of_which_only_later_readings_are_left_is_the_same_one() -> None:
    """Readings are thinned out, and read again after their home was cleared: the remembered reset may be gone."""
    memory = Memory()
    memory.fired["w"] = Fired(END, 75, END)
    jittered = window((T0, 80), end=END + 2 * limits.RESET_JITTER_MS)
    assert memory.look(alerts.of_window("w", jittered, STEPS, "fresh")) is None
    later = window((T0, 80), end=END + 2 * limits.RESET_JITTER_MS + 1)
    assert memory.look(alerts.of_window("w", later, STEPS, "fresh")) == 75
