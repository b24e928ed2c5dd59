"""Which usage a rollout adds: each response once (rules R2 to R9)."""

from __future__ import annotations

from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import EventFlag, Labels, Tally, UsageRecord, UsageTuple
from tokendial.domain.tokens import MAX_COUNT
from tokendial.providers.codex.identity import pair_key, response_key
from tokendial.providers.codex.lines import ZERO, Vector
from tokendial.providers.codex.state import CodexState

ASSUMED_MODEL = "gpt-5"  # R9, flagged as assumed
_GAP, _FRESH, _IN_REVIEW = int(EventFlag.GAP), int(EventFlag.FRESH_COUNTER), int(EventFlag.IN_REVIEW)


class Counter:
    """Turns counters and records of one file into events, and tallies every class of them."""

    def __init__(self, state: CodexState) -> None:
        """Count on from a state."""
        self._state = state
        self.events: list[UsageTuple] = []
        self._label_index: dict[tuple[str | None, str | None, str | None, str | None, str | None, int, int], int] = {}
        self._unmodelled: list[int] = []
        self._counted = Tally()
        self._tallies = {"counted": self._counted}

    def note(self, kind: str, tokens: int) -> None:
        """Add a record to a class of the audit."""
        tally = self._tallies.get(kind)
        if tally is None:
            tally = self._tallies[kind] = Tally()
        tally.records += 1
        tally.tokens += tokens

    def token_count(self, total: Vector | None, last: Vector | None, time_ms: int, offset: int) -> None:
        """Take the running total and the last response of a `token_count`; one of them may be missing."""
        state = self._state
        if total is None:
            total = _sum(state.previous or ZERO, last or ZERO)
        seen = state.seen
        if total in seen and not state.copied:
            self.note("duplicate", last[5] if last else 0)  # R3
            return
        if last is None:
            last = _growth(total, state.previous or ZERO)  # R5
        if state.copied:
            self.note("copied", last[5])  # R6
        elif last[0] == 0 and last[3] == 0:
            self.note("estimate", 0)  # R4
        elif state.pending and last in state.pending:
            state.pending.remove(last)  # R8: the record of this response was counted
            self.note("paired", last[5])
        else:
            self._emit(pair_key(total, last), last, time_ms, offset, self._lineage(total, last))
        seen.add(total)
        state.previous = total

    def usage_record(self, thread: str | None, response: str, usage: Vector, time_ms: int, offset: int) -> None:
        """Take a `token_usage_record` with its response id (R8)."""
        state, key = self._state, response_key(response)
        if thread not in (None, state.facts.id) or (state.copied and thread is None):
            self.note("copied", usage[5])
        elif key in state.responses:
            self.note("duplicate", usage[5])
        else:
            state.responses.add(key)
            state.pending.append(usage)
            self._emit(key, usage, time_ms, offset, 0)

    def settle(self) -> bool:
        """Close the pass: fold the tallies in and name the model of events before the first model (R9).

        False when an earlier pass named that model otherwise: then the file must be read from its start.
        """
        state = self._state
        for kind, found in self._tallies.items():
            if found.records:
                tally = state.audit.setdefault(kind, Tally())
                tally.records += found.records
                tally.tokens += found.tokens
                found.records = found.tokens = 0
        model = state.models[0] if len(state.models) == 1 else None
        if state.unmodelled and state.backfilled != model:
            return False
        state.unmodelled += len(self._unmodelled)
        state.backfilled = model if state.unmodelled else None
        if model is None:
            for place in self._unmodelled:
                event = UsageRecord(*self.events[place])
                self.events[place] = event._replace(flags=event.flags | EventFlag.MODEL_ASSUMED)
        return True

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
        if before == state.previous or before in state.seen:
            return 0
        if state.previous is None and (state.by_reference or state.responses):
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
        model, events = state.model, self.events
        if model is None:
            self._unmodelled.append(len(events))
        names = (
            model, state.effort, state.tier, state.cwd, state.facts.originator, prompt_band(given),
            state.context_window,
        )  # fmt: skip
        label = self._label_index.setdefault(names, len(self._label_index))
        events.append((key, time_ms, label, fresh, cached, written, 0, output, reasoning, flags, offset))
        self._counted.records += 1
        self._counted.tokens += given + output


def _growth(a: Vector, b: Vector) -> Vector:
    given, cached, written, output, reasoning, total = (max(0, x - y) for x, y in zip(a, b, strict=True))
    return given, cached, written, output, reasoning, total


def _sum(a: Vector, b: Vector) -> Vector:
    given, cached, written, output, reasoning, total = (min(x + y, MAX_COUNT) for x, y in zip(a, b, strict=True))
    return given, cached, written, output, reasoning, total
