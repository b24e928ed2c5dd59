"""The compiled reader (scan.c), where it was built: it reads and counts usual lines, and hands back all others.

What it counts is exactly what counter.py counts, many times faster.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from struct import Struct

from tokendial.domain.clock import EARLIEST_MS
from tokendial.domain.records import EventRows, Labels, PromptRecord
from tokendial.providers.codex.counter import (
    ASSUMED_MODEL,
    Tallies,
    assume_model,
    completed,
    is_foreign,
    name_model,
)
from tokendial.providers.codex.identity import response_key
from tokendial.providers.codex.library import BANDS, KINDS, LIBRARY, NONE, VECTOR, Core, Found, Rows, Window
from tokendial.providers.codex.limits import Lent, ReadingLog
from tokendial.providers.codex.lines import Vector
from tokendial.providers.codex.state import CodexState

_FAILED, _LINE, _LIMITS = -1, 1, 2
_TURN_CONTEXT = b'"type":"turn_context"'


class CompiledCounter(Tallies):
    """Reads blocks of lines and counts; what it does not know it asks of the parser."""

    def __init__(self, state: CodexState, latest_ms: int) -> None:
        """Go on from a state; times later than `latest_ms` are refused.

        Raises RuntimeError where the compiled reader is not there.
        """
        super().__init__(state)
        if LIBRARY is None:
            raise RuntimeError("the compiled reader is not there")
        self._library = LIBRARY
        self._address = LIBRARY.tokendial_codex_open(BANDS, len(BANDS))
        if not self._address:
            raise MemoryError
        self._core = Core.from_address(self._address)
        self._core.earliest_ms, self._core.latest_ms = EARLIEST_MS, latest_ms
        self._names: dict[tuple[str | None, str | None, str | None, str | None, str | None], int] = {}
        self._thread = ""
        self._unmodelled: list[int] = []
        self._lent: list[Lent] = []
        self._found = Found()
        self._load()
        self._push()

    def __del__(self) -> None:
        """Give the memory back."""
        if getattr(self, "_address", None):
            self._library.tokendial_codex_close(self._address)

    def read(
        self, block: bytes, start: int, end: int, base: int, readings: ReadingLog, line: Callable[[bytes, int], bool]
    ) -> None:
        """Take the whole lines in `block[start:end]`, which begins at byte `base` of the file.

        `line` reads a line that is not usual, at its offset, and says whether it could.
        """
        core, read, found = self._core, self._library.tokendial_codex_read, self._found
        place = ctypes.byref(found)
        while start < end:
            kind = read(self._address, block, start, end, base, place)
            start = found.next
            if kind == _LINE:
                self._pull()
                done = line(block[found.start : found.stop], base + found.start)
                self._push()
                if done and not core.copied and block.find(_TURN_CONTEXT, found.start + 40, found.start + 80) >= 0:
                    self._library.tokendial_codex_context(self._address, block, found.start, found.stop)
            elif kind == _LIMITS:
                self.give_back(readings)
                readings.observe(block[found.start : found.stop], found.time_ms)
                self._lend(readings, block, found.start, found.stop)
            elif kind == _FAILED:
                raise MemoryError

    def give_back(self, readings: ReadingLog) -> None:
        """Tell what the snapshots since the last one that Python took have said."""
        core = self._core
        readings.repeat(core.repeated_ms)
        core.repeated_ms = NONE
        if self._lent:
            now = [self._returned(window, lent) for window, lent in zip(core.windows, self._lent, strict=False)]
            readings.give_back(now, _content(core.readings, 5))
            core.readings.count, self._lent = 0, []
        core.limits_known = 0

    def prompts(self) -> list[PromptRecord]:
        """The prompts of this pass that were read here."""
        return [PromptRecord(*prompt) for prompt in _PROMPT.iter_unpack(_content(self._core.prompts, 3))]

    def token_count(self, total: Vector | None, last: Vector | None, time_ms: int, offset: int) -> None:
        """Take the running total and the last response of a `token_count`; one of them may be missing."""
        self._push()
        total, used, repeated = completed(total, last, self._previous())
        self._library.tokendial_codex_count(self._address, VECTOR(*total), VECTOR(*used), repeated, time_ms, offset)

    def usage_record(self, thread: str | None, response: str, usage: Vector, time_ms: int, offset: int) -> None:
        """Take a `token_usage_record` with its response id (R8)."""
        if is_foreign(self._state, thread):
            self.note("copied", usage[5])
        else:
            self._push()
            self._library.tokendial_codex_response(
                self._address, response_key(response), VECTOR(*usage), time_ms, offset
            )

    def settle(self) -> bool:
        """As Counter.settle does."""
        state, core = self._state, self._core
        if core.failed:
            raise MemoryError
        self._pull()
        for place, kind in enumerate(KINDS):
            records, tokens = core.tallies[2 * place : 2 * place + 2]
            if records:
                self.note(kind, tokens, records)
        self.fold()
        state.seen, state.responses = _content(core.seen.rows, 1), _content(core.responses.rows, 1)
        state.pending = list(_PENDING.iter_unpack(_content(core.pending, 6)))
        state.previous = self._previous()
        unnamed = self._unnamed()
        self._unmodelled = [place for place, row in enumerate(self._rows()) if row[2] in unnamed] if unnamed else []
        return name_model(state, len(self._unmodelled))

    def events(self) -> EventRows:
        """The events of this pass."""
        rows = self._rows()
        if self._unmodelled and self._state.backfilled is None:
            changed = list(rows)
            assume_model(changed, self._unmodelled)
            return EventRows.of(changed)
        return rows

    def labels(self) -> list[Labels]:
        """The label sets that the events point to."""
        model, names = self._state.backfilled or ASSUMED_MODEL, list(self._names)
        found = []
        for base, band, window in _LABEL.iter_unpack(_content(self._core.labels, 3)):
            named, effort, tier, project, originator = names[base]
            found.append(Labels(named or model, effort, tier, project, originator, band, window))
        return found

    def _lend(self, readings: ReadingLog, block: bytes, start: int, stop: int) -> None:
        """Follow the limits from this snapshot on."""
        self._lent = readings.lend()
        for window in self._core.windows:
            window.minutes = 0
        for window, (_, place, reading, last_ms) in zip(self._core.windows, self._lent, strict=False):
            window.minutes, window.series, window.used = reading.window_minutes, place, reading.used_percent
            window.resets_ms = _number(reading.resets_at_ms)
            window.time_ms, window.last_ms, window.changed = reading.time_ms, last_ms, 0
        if not self._library.tokendial_codex_limits(self._address, block, start, stop):
            self._lent = []

    @staticmethod
    def _returned(window: Window, lent: Lent) -> Lent:
        if not window.changed:
            return lent._replace(last_ms=window.last_ms)
        used, resets_ms, time_ms = float(window.used), _said(window.resets_ms), window.time_ms
        reading = lent.reading._replace(used_percent=used, resets_at_ms=resets_ms, time_ms=time_ms, last_ms=time_ms)
        return lent._replace(reading=reading, last_ms=window.last_ms)

    def _rows(self) -> EventRows:
        return EventRows(_content(self._core.events, 11), _content(self._core.sums, 9))

    def _unnamed(self) -> set[int]:
        """The labels without a model."""
        names = list(self._names)
        labels = _LABEL.iter_unpack(_content(self._core.labels, 3))
        return {label for label, (base, _, _) in enumerate(labels) if names[base][0] is None}

    def _previous(self) -> Vector | None:
        previous: Vector = tuple(self._core.previous)
        return previous if self._core.has_previous else None

    def _load(self) -> None:
        state, core = self._state, self._core
        self._library.tokendial_codex_load(
            self._address, state.seen, len(state.seen) // 8, state.responses, len(state.responses) // 8
        )
        for usage in state.pending:
            self._library.tokendial_codex_pending(self._address, VECTOR(*usage))
        if state.previous is not None:
            core.has_previous, core.previous = 1, VECTOR(*state.previous)
        core.repeated_ms = NONE

    def _pull(self) -> None:
        """Tell the state what was read meanwhile."""
        state, core = self._state, self._core
        facts = state.facts
        state.last_line_ms, facts.started_ms = _said(core.last_line_ms), _said(core.started_ms)
        facts.last_seen_ms, facts.context_used = _said(core.last_seen_ms), _said(core.context_used)
        state.context_window, facts.context_window = core.context_window, _said(core.facts_window)

    def _push(self) -> None:
        """Take over what the state says."""
        state, core = self._state, self._core
        facts = state.facts
        core.copied, core.review, core.by_reference = state.copied, state.review, state.by_reference
        names = (state.model, state.effort, state.tier, state.cwd, facts.originator)
        core.base = self._names.setdefault(names, len(self._names))
        core.context_window, core.facts_window = state.context_window, _number(facts.context_window)
        core.last_line_ms, core.started_ms = _number(state.last_line_ms), _number(facts.started_ms)
        core.last_seen_ms, core.context_used = _number(facts.last_seen_ms), _number(facts.context_used)
        if facts.id != self._thread:
            self._thread = facts.id
            name = facts.id.encode("utf-8", "surrogatepass")
            self._library.tokendial_codex_thread(self._address, name, len(name))


_PENDING = Struct("<6q")
_LABEL = _PROMPT = Struct("<3q")


def _content(rows: Rows, width: int) -> bytes:
    return ctypes.string_at(rows.items, rows.count * width * 8) if rows.count else b""


def _said(value: int) -> int | None:
    return None if value == NONE else value


def _number(value: int | None) -> int:
    return NONE if value is None else value
