"""Where a limit window will stand at its reset, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev
from typing import NamedTuple

from tokendial.domain.limits import Window

HOUR_MS = 3_600_000
SLOTS = 6
_LEAST_SHARE = 1 / 30
_MOST_PERCENT = 999.0
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


def forecast(window: Window, now_ms: int) -> Forecast | None:
    """The forecast of a running window; None where too little is known.

    Use only grows within a window, so a reading below an earlier one counts as that one, and nothing read since the
    last reading means nothing used. The rate is the middle of the average since the window began and that of its last
    third. The range is one standard error to either side, from how much the rate varied over six equal slots: wide
    early in an uneven window, narrow near the reset. At least two readings and a thirtieth of the window are needed.
    """
    points = _points(window, now_ms)
    passed, remaining = now_ms - window.start_ms, window.end_ms - now_ms
    if remaining <= 0 or passed < (passed + remaining) * _LEAST_SHARE or len({at for at, _ in points[1:-1]}) < 2:
        return None
    used = points[-1][1]
    slot = passed / SLOTS
    levels = [_level(points, window.start_ms + slot * index) for index in range(SLOTS + 1)]
    rates = [(after - before) / slot for before, after in pairwise(levels)]
    rate = (used / passed + fmean(rates[-SLOTS // 3 :])) / 2
    error = pstdev(rates) * sqrt(1 / SLOTS + slot / remaining)
    at_reset = used + rate * remaining
    return Forecast(
        at_reset_percent=min(_MOST_PERCENT, at_reset),
        low_percent=min(_MOST_PERCENT, max(used, at_reset - error * remaining)),
        high_percent=min(_MOST_PERCENT, at_reset + error * remaining),
        percent_per_hour=rate * HOUR_MS,
        runs_out_at_ms=_runs_out(points, rate, now_ms, window.end_ms),
    )


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


def _runs_out(points: Sequence[_Point], rate: float, now_ms: int, reset_ms: int) -> int | None:
    spent = next((at for at, used in points if used >= 100), None)
    left = 100 - points[-1][1]
    if spent is not None or left >= rate * (reset_ms - now_ms):
        return spent
    return now_ms + int(left / rate)
