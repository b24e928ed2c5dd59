"""Reading times as logs write them: always an instant in UTC, never a guess."""

from __future__ import annotations

from datetime import UTC, datetime

EARLIEST_MS = 1_577_836_800_000  # 2020-01-01: no coding agent wrote a log before
_DAY_MS = 86_400_000
_SECONDS = {f":{second:02}.": second * 1000 for second in range(60)}
_MILLISECONDS = {f"{fraction:03}Z": fraction for fraction in range(1000)}
_minutes: dict[str, int] = {}


def parse_utc_ms(text: str) -> int | None:
    """An ISO 8601 time as UTC milliseconds; without a zone it is UTC. None when it is not a time."""
    try:
        return _minutes[text[:16]] + _SECONDS[text[16:20]] + _MILLISECONDS[text[20:]]
    except KeyError:
        return _parse_slowly(text)


def latest_plausible(now_ms: int) -> int:
    """A day from now: a clock may be ahead, but not by more (T4)."""
    return now_ms + _DAY_MS


def _parse_slowly(text: str) -> int | None:
    if not text[:4].isdigit() or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    except OverflowError:
        return None
    value = (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
    if len(text) == 24 and text[23] == "Z":
        if len(_minutes) > 10_000:
            _minutes.clear()
        _minutes[text[:16]] = value - value % 60_000
    return value
