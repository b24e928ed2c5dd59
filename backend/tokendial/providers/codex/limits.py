"""Limit snapshots of `token_count` lines: kept per limit id, windows named by their length (C6, C7)."""

from __future__ import annotations

from typing import Protocol

import msgspec

from tokendial.domain.limits import normalise_percent, resets_at_ms
from tokendial.domain.records import ReadingRecord
from tokendial.providers.codex.lines import RateLimits, Window

DEFAULT_LIMIT_ID = "codex"  # before limit ids existed there was one limit
_JITTER_MS = 90_000
_decode = msgspec.json.Decoder(RateLimits | None).decode
_decode_anything = msgspec.json.Decoder().decode


class ReadingLog:
    """Collects readings: a new row for a change, a longer life for the same reading seen again."""

    def __init__(self, latest: dict[str, ReadingRecord]) -> None:
        """Go on from the latest reading of each window; the dict is kept up to date."""
        self._latest = latest
        self._last: dict[str, int] = {}
        self._taken: list[ReadingRecord] = []
        self._raw = b""
        self._relative = False
        self._said: dict[str, tuple[object, ...]] = {}
        self._raw_slots: list[str] = []
        self._raw_ms = 0

    def observe(self, content: bytes, time_ms: int) -> None:
        """Take a snapshot as JSON; one that says nothing leaves the last good one alone.

        Raises DecodeError, UnicodeDecodeError or RecursionError for what is no JSON, and has then taken nothing.
        """
        if content == self._raw and not self._relative:
            self._raw_ms = max(self._raw_ms, time_ms)  # most snapshots only repeat the one before
            return
        try:
            snapshot = _decode(content)
        except msgspec.ValidationError:
            _decode_anything(content)
            snapshot = None
        self._extend()
        self._raw, self._raw_slots, self._raw_ms = content, [], time_ms
        self._relative = b"resets_in_seconds" in content
        if snapshot is not None:
            credit = credit_words(snapshot.credits)
            for window in (snapshot.primary, snapshot.secondary):
                if window is not None and window.used_percent is not None and window.window_minutes:
                    self._take(snapshot, credit, window, time_ms)

    def repeat(self, time_ms: int) -> None:
        """The snapshot that was taken last was seen again."""
        self._raw_ms = max(self._raw_ms, time_ms)

    def taken(self) -> list[ReadingRecord]:
        """The readings of this pass, those that were only seen again among them."""
        self._extend()
        for slot in list(self._last):
            self._close(slot)
        return self._taken

    def _extend(self) -> None:
        for slot in self._raw_slots:
            self._last[slot] = max(self._last[slot], self._raw_ms)

    def _close(self, slot: str) -> None:
        """A reading is over: it was held until it was last seen."""
        reading, last_ms = self._latest[slot], self._last.pop(slot)
        if reading.last_ms != last_ms:
            reading = ReadingRecord(*reading[:8], last_ms)  # `_replace` would do, but is slow
            self._latest[slot] = reading
        self._taken.append(reading)

    def _take(self, snapshot: RateLimits, credit: str | None, window: Window, time_ms: int) -> None:
        limit_id, minutes = snapshot.limit_id or DEFAULT_LIMIT_ID, window.window_minutes or 0
        slot = f"{limit_id}\0{minutes}"
        self._raw_slots.append(slot)
        said = (window.used_percent, window.resets_at, window.resets_in_seconds, snapshot.plan_type, credit)
        if slot in self._last and not self._relative and said == self._said.get(slot):
            self._last[slot] = max(self._last[slot], time_ms)
            return
        self._said[slot] = said
        used = normalise_percent(window.used_percent) or 0.0
        resets_ms = resets_at_ms(window.resets_at, window.resets_in_seconds, time_ms)
        before = self._latest.get(slot)
        if (
            before is not None
            and before.used_percent == used
            and before.plan == snapshot.plan_type
            and before.credits == credit
            and _same_reset(before.resets_at_ms, resets_ms)
        ):
            self._last[slot] = max(self._last.get(slot, before.last_ms), time_ms)
        else:
            if slot in self._last:
                self._close(slot)
            self._latest[slot] = ReadingRecord(
                limit_id, snapshot.limit_name, minutes, used, resets_ms, snapshot.plan_type, credit, time_ms, time_ms
            )
            self._last[slot] = time_ms


class AnyCredits(Protocol):
    """Credits as a log, the program or the address writes them."""

    @property
    def has_credits(self) -> bool | None:
        """Whether there are any."""

    @property
    def unlimited(self) -> bool | None:
        """Whether they never end."""

    @property
    def balance(self) -> str | float | None:
        """How many are left."""


def credit_words(credit: AnyCredits | None) -> str | None:
    """What is left, as it is said: `unlimited`, or the balance; None where there are no credits."""
    if credit is None:
        return None
    if credit.unlimited:
        return "unlimited"
    return str(credit.balance) if credit.has_credits and credit.balance is not None else None


def _same_reset(a: int | None, b: int | None) -> bool:
    if a is None or b is None:
        return a == b
    return abs(a - b) <= _JITTER_MS
