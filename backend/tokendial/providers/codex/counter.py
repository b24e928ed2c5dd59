"""Which usage a rollout adds: each response once (rules R2 to R9)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import EventFlag, EventRows, Labels, Tally, UsageRecord, UsageTuple
from tokendial.domain.tokens import MAX_COUNT
from tokendial.providers.codex.identity import fingerprint, pair_key, response_key
from tokendial.providers.codex.lines import ZERO, Vector
from tokendial.providers.codex.state import CodexState

ASSUMED_MODEL = "gpt-5"  # R9, flagged as assumed
_GAP, _FRESH, _IN_REVIEW = int(EventFlag.GAP), int(EventFlag.FRESH_COUNTER), int(EventFlag.IN_REVIEW)


class Tallies:
    """How many records fell into each class in this pass."""

    def __init__(self, state: CodexState) -> None:
        """Nothing is counted in this pass."""
        self._state = state
        self._tallies: dict[str, Tally] = {}

    def note(self, kind: str, tokens: int, records: int = 1) -> None:
        """Add records to a class of the audit."""
        tally = self._tallies.get(kind)
        if tally is None:
            tally = self._tallies[kind] = Tally()
        tally.records += records
        tally.tokens += tokens

    def fold(self) -> None:
        """Add the tallies of this pass to those of the file."""
        for kind, found in sorted(self._tallies.items()):
            tally = self._state.audit.setdefault(kind, Tally())
            tally.records += found.records
            tally.tokens += found.tokens
        self._tallies.clear()


class Counter(Tallies):
    """Turns counters and records of one file into events, and tallies every class of them."""

    def __init__(self, state: CodexState) -> None:
        """Count on from a state."""
        super().__init__(state)
        self._events: list[UsageTuple] = []
        self._label_index: dict[tuple[str | None, str | None, str | None, str | None, str | None, int, int], int] = {}
        self._unmodelled: list[int] = []
        self._seen = dict.fromkeys(array("q", state.seen))
        self._responses = dict.fromkeys(array("q", state.responses))

    def token_count(self, total: Vector | None, last: Vector | None, time_ms: int, offset: int) -> None:
        """Take the running total and the last response of a `token_count`; one of them may be missing."""
        state = self._state
        total, used, repeated = completed(total, last, state.previous)
        seen = fingerprint(total)
        if seen in self._seen and not state.copied:
            self.note("duplicate", repeated)  # R3
            return
        if state.copied:
            self.note("copied", used[5])  # R6
        elif used[0] == 0 and used[3] == 0:
            self.note("estimate", 0)  # R4
        elif state.pending and used in state.pending:
            state.pending.remove(used)  # R8: the record of this response was counted
            self.note("paired", used[5])
        else:
            self._emit(pair_key(total, used), used, time_ms, offset, self._lineage(total, used))
        self._seen[seen] = None
        state.previous = total

    def usage_record(self, thread: str | None, response: str, usage: Vector, time_ms: int, offset: int) -> None:
        """Take a `token_usage_record` with its response id (R8)."""
        state, key = self._state, response_key(response)
        if is_foreign(state, thread):
            self.note("copied", usage[5])
        elif key in self._responses:
            self.note("duplicate", usage[5])
        else:
            self._responses[key] = None
            state.pending.append(usage)
            self._emit(key, usage, time_ms, offset, 0)

    def settle(self) -> bool:
        """Close the pass: fold the tallies in and name the model of events before the first model (R9).

        False when an earlier pass named that model otherwise: then the file must be read from its start.
        """
        state = self._state
        self.fold()
        state.seen, state.responses = array("q", self._seen).tobytes(), array("q", self._responses).tobytes()
        return name_model(state, len(self._unmodelled))

    def events(self) -> EventRows:
        """The events of this pass."""
        if self._state.backfilled is None:
            assume_model(self._events, self._unmodelled)
        return EventRows.of(self._events)

    def labels(self) -> list[Labels]:
        """The label sets that the events point to."""
        model = self._state.backfilled or ASSUMED_MODEL
        return [Labels(key[0] or model, *key[1:]) for key in self._label_index]

    def _lineage(self, total: Vector, last: Vector) -> int:
        """R5: a counter goes on from a total that was seen, or begins; else lines are missing."""
        state = self._state
        if total == last:
            return _FRESH
        a, b, c, d, e, f = total
        u, v, w, x, y, z = last
        before = (a - u, b - v, c - w, d - x, e - y, f - z)
        if before == state.previous or fingerprint(before) in self._seen:
            return 0
        if state.previous is None and (state.by_reference or self._responses):
            return 0  # a fork by reference goes on from its parent's total
        self.note("gap", last[5])
        return _GAP

    def _emit(self, key: int, usage: Vector, time_ms: int, offset: int, flags: int) -> None:
        state = self._state
        given, cached, written, output, reasoning, total = usage
        fresh = given - cached - written
        if fresh < 0:
            cached = min(cached, given)
            written = min(written, given - cached)
            fresh = given - cached - written
            self.note("clamped", total)
        reasoning = min(reasoning, output)
        if state.review:
            flags |= _IN_REVIEW
        model, events = state.model, self._events
        if model is None:
            self._unmodelled.append(len(events))
        names = (
            model, state.effort, state.tier, state.cwd, state.facts.originator, prompt_band(given),
            state.context_window,
        )  # fmt: skip
        label = self._label_index.setdefault(names, len(self._label_index))
        events.append((key, time_ms, label, fresh, cached, written, 0, output, reasoning, flags, offset))
        self.note("counted", given + output)


def is_foreign(state: CodexState, thread: str | None) -> bool:
    """Whether the record of a response belongs to another thread, whose history was copied (R6)."""
    return thread not in (None, state.facts.id) or (state.copied and thread is None)


def completed(total: Vector | None, last: Vector | None, previous: Vector | None) -> tuple[Vector, Vector, int]:
    """The running total, the last response, and what a repetition of it is tallied with; either may be missing."""
    if total is None:
        total = _sum(previous or ZERO, last or ZERO)
    if last is None:
        return total, _growth(total, previous or ZERO), 0  # R5
    return total, last, last[5]


def name_model(state: CodexState, unmodelled: int) -> bool:
    """R9: events before the first model are of the only one that the file names; `unmodelled` are those of this pass.

    False when an earlier pass named that model otherwise.
    """
    model = state.models[0] if len(state.models) == 1 else None
    if state.unmodelled and state.backfilled != model:
        return False
    state.unmodelled += unmodelled
    state.backfilled = model if state.unmodelled else None
    return True


def assume_model(events: list[UsageTuple], places: Iterable[int]) -> None:
    """Flag the events at these places: the log names no model for them."""
    for place in places:
        event = UsageRecord(*events[place])
        events[place] = event._replace(flags=event.flags | EventFlag.MODEL_ASSUMED)


def _growth(a: Vector, b: Vector) -> Vector:
    given, cached, written, output, reasoning, total = (max(0, x - y) for x, y in zip(a, b, strict=True))
    return given, cached, written, output, reasoning, total


def _sum(a: Vector, b: Vector) -> Vector:
    given, cached, written, output, reasoning, total = (min(x + y, MAX_COUNT) for x, y in zip(a, b, strict=True))
    return given, cached, written, output, reasoning, total
