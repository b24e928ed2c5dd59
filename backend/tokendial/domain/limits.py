"""Limits: what a reading says, which readings belong to one window, and how long old ones can be trusted.

Percents are 0 to 100 as the agents report them and never fractions (codex-tracker W4). None is unknown: it is not 0 %
and not 100 %. Times are UTC milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

MINUTE_MS = 60_000
RESET_JITTER_MS = 90_000
STALE_AFTER_MS = 30 * MINUTE_MS
_MILLISECONDS_FROM = 10**11
_KNOWN_MINUTES = (300, 1_440, 10_080)
_NAMES = {1_440: "Daily", 10_080: "Weekly"}

State = Literal["fresh", "stale", "reset", "unknown"]
Succession = Literal["new", "held", "old"]


class Reading(NamedTuple):
    """One observation of a window, first made at `time_ms` and last repeated at `last_ms`."""

    time_ms: int
    last_ms: int
    used_percent: float | None
    resets_at_ms: int | None


class Window(NamedTuple):
    """A window that ran in [start_ms, end_ms), with what was read in it, oldest first.

    `end_ms` is its reset, or where the next window took over before that; `minutes` is its nominal length.
    """

    start_ms: int
    end_ms: int
    minutes: int
    readings: tuple[Reading, ...]

    @property
    def used_percent(self) -> float | None:
        """What the newest reading says."""
        return next((r.used_percent for r in reversed(self.readings) if r.used_percent is not None), None)

    @property
    def observed_at_ms(self) -> int:
        """When it was read last."""
        return max(reading.last_ms for reading in self.readings)

    def elapsed_percent(self, now_ms: int) -> float:
        """How much of the window's time is over, 0 to 100."""
        share = (now_ms - self.start_ms) / max(1, self.end_ms - self.start_ms)
        return 100 * min(1.0, max(0.0, share))


@lru_cache(maxsize=256)
def round_minutes(minutes: int) -> int:
    """A window's length with the clients' rounding undone: 299 is 300, 10,079 is 10,080 (within half a percent)."""
    return next((known for known in _KNOWN_MINUTES if abs(minutes - known) <= known // 200), minutes)


def window_label(minutes: int) -> str:
    """A window by its length, whatever slot it was reported in (codex-tracker W6): `5 hours`, `Weekly`, `Monthly`."""
    length = round_minutes(minutes)
    if length <= 0:
        return "Unknown length"
    if length in _NAMES:
        return _NAMES[length]
    days, hours = round(length / 1_440), round(length / 60)
    if 28 <= days <= 31:
        return "Monthly"
    if days >= 2 and abs(length - days * 1_440) <= 60:
        return f"{days} days"
    if hours >= 1 and abs(length - hours * 60) <= 2:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return "1 minute" if length == 1 else f"{length} minutes"


def normalise_percent(value: float | None) -> float | None:
    """A reported percentage as it is, kept within 0 to 100; None where it is not a number. 0.5 is half a percent."""
    if value is None or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(min(100.0, max(0.0, value)))


def resets_at_ms(resets_at: float | None, resets_in_seconds: float | None, event_ms: int) -> int | None:
    """When a window resets: an instant in Unix seconds (or milliseconds, by its size), else seconds from the event."""
    if resets_at is not None and math.isfinite(resets_at) and resets_at > 0:
        return round(resets_at) if resets_at >= _MILLISECONDS_FROM else round(resets_at * 1000)
    if resets_in_seconds is not None and math.isfinite(resets_in_seconds) and 0 <= resets_in_seconds < 10**9:
        return event_ms + round(resets_in_seconds * 1000)
    return None


def windows(readings: Iterable[Reading], minutes: int) -> list[Window]:
    """The windows that the readings of one limit and one length tell of, ascending and never overlapping.

    Readings whose resets differ by jitter (90 s to either side) are one window (W22). So are those whose reset moved
    while the window ran and nothing was given back: a window that has not begun moves with the clock. Where a new one
    begins before the old one was due, the old one ends there. Readings without a reset are left out.
    """
    groups: list[list[Reading]] = []
    for reading in sorted((r for r in readings if r.resets_at_ms is not None), key=_order):
        group = next((g for g in reversed(groups[-3:]) if _belongs(reading, g[-1])), None)
        if group is None:
            groups.append([reading])
        else:
            group.append(reading)
    return _without_overlap(groups, minutes)


def _order(reading: Reading) -> tuple[int, int]:
    return reading.time_ms, _reset(reading)


def _reset(reading: Reading) -> int:
    return reading.resets_at_ms or 0


def _belongs(reading: Reading, last: Reading) -> bool:
    """Whether a reading is of the same window as the newest one known of it."""
    if abs(_reset(reading) - _reset(last)) <= 2 * RESET_JITTER_MS:
        return True
    given_back = (reading.used_percent or 0) < (last.used_percent or 0)
    return reading.time_ms < _reset(last) < _reset(reading) and not given_back


def _settled_reset(group: Sequence[Reading]) -> int:
    """The reset of a group: the middle of those that say the same as the newest."""
    newest = _reset(group[-1])
    same = sorted(_reset(r) for r in group if abs(_reset(r) - newest) <= 2 * RESET_JITTER_MS)
    return same[(len(same) - 1) // 2]


def _without_overlap(groups: Sequence[Sequence[Reading]], minutes: int) -> list[Window]:
    length = round_minutes(minutes)
    found: list[Window] = []
    for reset, group in sorted((_settled_reset(group), group) for group in groups):
        start = reset - length * MINUTE_MS
        if found and start < found[-1].end_ms:
            found[-1] = found[-1]._replace(end_ms=start)
        found.append(Window(start, reset, length, tuple(group)))
    return [window for window in found if window.start_ms < window.end_ms]


def running(told: Sequence[Window], now_ms: int) -> Window | None:
    """The window that runs now, of ascending ones; None where the newest one has reset since, or none was ever read."""
    newest = told[-1] if told else None
    return newest if newest is not None and now_ms < newest.end_ms else None


def past(told: Sequence[Window], now_ms: int, limit: int = 8) -> list[Window]:
    """The windows that are over, newest first. The running one is not among them: it is not complete."""
    return [window for window in told if window.end_ms <= now_ms][::-1][:limit]


def blocked_by(running: Sequence[Window]) -> str | None:
    """The label of the longest running window that is spent, where there is a shorter one: its reset will not help."""
    spent = [window for window in running if (window.used_percent or 0) >= 100]
    longest = max(spent, key=lambda window: window.minutes, default=None)
    if longest is None or all(window.minutes >= longest.minutes for window in running):
        return None
    return window_label(longest.minutes)


def reading_state(
    observed_at_ms: int | None, resets_at_ms: int | None, now_ms: int, stale_after_ms: int = STALE_AFTER_MS
) -> State:
    """How far a reading can be trusted: `reset` once its window is over, `stale` when it is old."""
    if observed_at_ms is None:
        return "unknown"
    if resets_at_ms is not None and resets_at_ms <= now_ms:
        return "reset"
    return "stale" if now_ms - observed_at_ms > stale_after_ms else "fresh"


def succession(last: Reading | None, reading: Reading) -> Succession:
    """What a reading of unknown age adds to the last one known of its window: of several sessions some tell old ones.

    Within a window use only grows, so less of the same window, or an earlier one, is an idle session's memory.
    """
    if last is None:
        return "new"
    if last.resets_at_ms is not None and reading.resets_at_ms is not None:
        later = reading.resets_at_ms - last.resets_at_ms
        if abs(later) > RESET_JITTER_MS:
            return "new" if later > 0 and reading.time_ms >= last.time_ms else "old"
        more = (reading.used_percent or 0) - (last.used_percent or 0)
        return "held" if more == 0 else "new" if more > 0 and reading.time_ms >= last.time_ms else "old"
    if reading[2:] == last[2:]:
        return "held"
    return "new" if reading.time_ms >= last.last_ms else "old"
