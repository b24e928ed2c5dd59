"""Where a limit window will stand at its reset, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import NamedTuple

from tokendial.domain.limits import Window

HOUR_MS = 3_600_000
SLOTS = 12
_LEAST_SHARE = 1 / 30
_MOST_PERCENT = 999.0
_ERRORS = 1.3
_STEP = 0.5  # a reported percent is rounded
_MOST_CORRELATION = 0.7
_FURTHEST_TREND = SLOTS
_QUIET_GAPS = 3
_Point = tuple[int, float]


class Forecast(NamedTuple):
    """Percent at the reset and its range, which may go above 100: so much would be asked for.

    `runs_out_at_ms` is when 100 % is reached, if that is before the reset.
    """

    at_reset_percent: float
    low_percent: float
    high_percent: float
    percent_per_hour: float
    runs_out_at_ms: int | None


class _Pace(NamedTuple):
    """How use went from the window's start to `until_ms`: percent per ms, overall, lately, as a trend, and unevenness.

    `slot_ms` is the length of the equal stretches that it was cut into.
    """

    until_ms: int
    slot_ms: float
    average: float
    recent: float
    slope: float
    slope_error: float
    spread: float


def forecast(window: Window, now_ms: int) -> Forecast | None:
    """The forecast of a running window; None where too little is known.

    Use only grows within a window, so a reading below an earlier one counts as that one. The rate is the middle of the
    average since the window began and that of its last third. The range spans the average, the last third and the
    trend, with errors to either side from how much the rate varied over equal slots, more where neighbours are alike
    (work comes in spells). It holds the truth in at least four of five windows of the kinds that
    tests/domain/test_forecast_coverage.py makes. At least two readings and a thirtieth of the window are needed.
    """
    points = _points(window, now_ms)
    passed, remaining = now_ms - window.start_ms, window.end_ms - now_ms
    if remaining <= 0 or passed < (passed + remaining) * _LEAST_SHARE or len({at for at, _ in points[1:-1]}) < 2:
        return None
    used, pace = points[-1][1], _pace(points, now_ms)
    left = window.end_ms - pace.until_ms
    ahead = (min(left / pace.slot_ms, _FURTHEST_TREND) + SLOTS) / 2
    trend, vague = pace.average + pace.slope * ahead, pace.slope_error * ahead
    error = _ERRORS * pace.spread * sqrt(1 / SLOTS + pace.slot_ms / left) + _STEP / (pace.until_ms - window.start_ms)
    rate = (pace.average + pace.recent) / 2
    at_reset = used + rate * left
    return Forecast(
        at_reset_percent=min(_MOST_PERCENT, at_reset),
        low_percent=min(
            _MOST_PERCENT, max(used, used + (min(pace.average, pace.recent, trend - vague) - error) * left)
        ),
        high_percent=min(_MOST_PERCENT, used + (max(pace.average, pace.recent, trend + vague) + error) * left),
        percent_per_hour=rate * HOUR_MS,
        runs_out_at_ms=_runs_out(points, rate, pace.until_ms, window.end_ms),
    )


def _pace(points: Sequence[_Point], now_ms: int) -> _Pace:
    """Up to the last reading; up to now where that was long ago for this window: then nothing was used since."""
    start = points[0][0]
    times = sorted({at for at, _ in points[1:-1]})
    gap = (times[-1] - start) / len(times)
    until = times[-1] if now_ms - times[-1] <= _QUIET_GAPS * gap else now_ms
    slot = (until - start) / SLOTS
    levels = [*(_level(points, start + slot * index) for index in range(SLOTS)), points[-1][1]]
    rates = [(after - before) / slot for before, after in pairwise(levels)]
    average = points[-1][1] / (until - start)
    slope, slope_error = _trend(rates, average)
    return _Pace(until, slot, average, _mean(rates[-SLOTS // 3 :]), slope, slope_error, _spread(rates, average))


def _trend(rates: Sequence[float], average: float) -> tuple[float, float]:
    """The least-squares slope of the rates per slot, and its standard error."""
    places = [index - (SLOTS - 1) / 2 for index in range(SLOTS)]
    square = sum(place * place for place in places)
    slope = sum(place * rate for place, rate in zip(places, rates, strict=True)) / square
    rest = sum((rate - average - slope * place) ** 2 for place, rate in zip(places, rates, strict=True))
    return slope, sqrt(rest / (SLOTS - 2) / square)


def _spread(rates: Sequence[float], average: float) -> float:
    """The standard deviation of the rates, as it counts for a mean of them: neighbours that are alike count less."""
    variance = _mean([(rate - average) ** 2 for rate in rates])
    if variance <= 0:
        return 0.0
    alike = _mean([(one - average) * (other - average) for one, other in pairwise(rates)]) / variance
    alike = min(_MOST_CORRELATION, max(0.0, alike))
    return sqrt(variance * (1 + alike) / (1 - alike))


def _mean(numbers: Sequence[float]) -> float:
    return fsum(numbers) / len(numbers)


def _points(window: Window, now_ms: int) -> list[_Point]:
    """The use over time, never falling: from 0 % at the start over each reading to now."""
    seen = sorted(
        (min(now_ms, max(reading.time_ms, at)), reading.used_percent)
        for reading in window.readings
        for at in (reading.time_ms, reading.last_ms)
        if reading.used_percent is not None and window.start_ms < reading.time_ms <= now_ms
    )
    points: list[_Point] = [(window.start_ms, 0.0)]
    for at, used in seen:
        points.append((at, max(points[-1][1], used)))
    return [*points, (now_ms, points[-1][1])]


def _level(points: Sequence[_Point], at: float) -> float:
    """The use at an instant, on a straight line between the points around it."""
    for (left, before), (right, after) in pairwise(points):
        if at < right:
            return before + (after - before) * (at - left) / (right - left)
    return points[-1][1]


def _runs_out(points: Sequence[_Point], rate: float, until_ms: int, reset_ms: int) -> int | None:
    spent = next((at for at, used in points if used >= 100), None)
    left = 100 - points[-1][1]
    if spent is not None or left >= rate * (reset_ms - until_ms):
        return spent
    return until_ms + int(left / rate)
