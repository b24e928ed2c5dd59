"""The compiled reader (scan.c), where it was built: it reads and counts usual lines, and hands back all others.

It is found beside this file. What it counts is exactly what counter.py counts, many times faster.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import Any

from tokendial.domain.clock import EARLIEST_MS
from tokendial.domain.pricing import LONG_CONTEXT_BANDS
from tokendial.domain.records import EventRows, Labels
from tokendial.providers.codex.counter import (
    ASSUMED_MODEL,
    Tallies,
    assume_model,
    completed,
    is_foreign,
    name_model,
)
from tokendial.providers.codex.identity import response_key
from tokendial.providers.codex.limits import ReadingLog
from tokendial.providers.codex.lines import Vector
from tokendial.providers.codex.state import CodexState

OFF = "TOKENDIAL_PURE_PYTHON"  # set to 1: read in Python
LIMITS = 2
_NONE = -(1 << 63)
_ROOM = 256
_RECORD = Struct("5q")  # kind, start, stop, time, and until when the limits before were repeated
_KINDS = ("counted", "duplicate", "copied", "estimate", "paired", "gap", "clamped")
_VECTOR = ctypes.c_int64 * 6
_TURN_CONTEXT = b'"type":"turn_context"'


class _Rows(ctypes.Structure):
    _fields_ = [("items", ctypes.c_void_p), ("count", ctypes.c_int64), ("room", ctypes.c_int64)]


class _Set(ctypes.Structure):
    _fields_ = [("rows", _Rows), ("slots", ctypes.c_void_p), ("mask", ctypes.c_int64)]


class _Core(ctypes.Structure):
    """`struct core` of counter.h."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("earliest_ms", "latest_ms", "copied", "review", "by_reference", "base")),
        *((name, ctypes.c_int64) for name in ("context_window", "facts_window", "last_line_ms", "started_ms")),
        *((name, ctypes.c_int64) for name in ("last_seen_ms", "context_used", "repeated_ms", "has_previous")),
        ("previous", _VECTOR),
        ("tallies", ctypes.c_int64 * (2 * len(_KINDS))),
        *((name, _Rows) for name in ("events", "sums", "labels", "pending")),
        *((name, _Set) for name in ("seen", "responses")),
        *((name, _Rows) for name in ("bands", "thread", "limits", "context")),
        *((name, ctypes.c_int64) for name in ("limits_known", "context_base", "label", "failed")),
    ]


def library_name() -> str:
    """The file name of the compiled reader on this system."""
    return "_scan.dll" if sys.platform == "win32" else "_scan.so"


def _load() -> ctypes.PyDLL | None:
    path = Path(__file__).with_name(library_name())
    if os.environ.get(OFF) == "1" or not path.is_file():
        return None
    pointer, number, content = ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p
    arguments: dict[str, tuple[type[Any] | None, list[type[Any]]]] = {
        "size": (number, []),
        "open": (pointer, [pointer, number]),
        "close": (None, [pointer]),
        "thread": (None, [pointer, content, number]),
        "load": (None, [pointer, content, number, content, number]),
        "pending": (None, [pointer, pointer]),
        "context": (None, [pointer, content, number, number]),
        "count": (None, [pointer, pointer, pointer, number, number, number]),
        "response": (None, [pointer, number, pointer, number, number]),
        "read": (number, [pointer, content, number, number, number, pointer, number, pointer]),
    }
    try:
        # PyDLL: a call takes microseconds, so it is not worth it to let other threads in.
        library = ctypes.PyDLL(str(path))
        for name, (result, types) in arguments.items():
            function = getattr(library, f"tokendial_codex_{name}")
            function.restype, function.argtypes = result, types
    except (OSError, AttributeError):  # built for another machine, or for another version
        return None
    return library if library.tokendial_codex_size() == ctypes.sizeof(_Core) else None


_library = _load()


def available() -> bool:
    """Whether the compiled reader is there."""
    return _library is not None


class CompiledCounter(Tallies):
    """Reads blocks of lines and counts; what it does not know it asks of the parser."""

    def __init__(self, state: CodexState, latest_ms: int) -> None:
        """Go on from a state; times later than `latest_ms` are refused.

        Raises RuntimeError where the compiled reader is not there.
        """
        super().__init__(state)
        if _library is None:
            raise RuntimeError("the compiled reader is not there")
        self._library = _library
        self._address = _library.tokendial_codex_open(_bands, len(_bands))
        if not self._address:
            raise MemoryError
        self._core = _Core.from_address(self._address)
        self._core.earliest_ms, self._core.latest_ms = EARLIEST_MS, latest_ms
        self._names: dict[tuple[str | None, str | None, str | None, str | None, str | None], int] = {}
        self._thread = ""
        self._unmodelled: list[int] = []
        self._records = ctypes.create_string_buffer(_RECORD.size * _ROOM)
        self._view = memoryview(self._records).cast("B")
        self._next = ctypes.c_int64()
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
        core, read, following = self._core, self._library.tokendial_codex_read, ctypes.byref(self._next)
        while start < end:
            found = read(self._address, block, start, end, base, self._records, _ROOM, following)
            if found < 0:
                raise MemoryError
            start = self._next.value
            for kind, begin, stop, time_ms, repeated_ms in list(
                _RECORD.iter_unpack(self._view[: found * _RECORD.size])
            ):
                if kind == LIMITS:
                    readings.repeat(repeated_ms)
                    readings.observe(block[begin:stop], time_ms)
                    continue
                self._pull()
                readings.repeat(core.repeated_ms)
                core.repeated_ms = _NONE
                done = line(block[begin:stop], base + begin)
                self._push()
                if done and not core.copied and block.find(_TURN_CONTEXT, begin + 40, begin + 80) >= 0:
                    self._library.tokendial_codex_context(self._address, block, begin, stop)
        readings.repeat(core.repeated_ms)

    def forget_limits(self) -> None:
        """The limits that were read last are not the ones that are known here."""
        self._core.limits_known = 0

    def token_count(self, total: Vector | None, last: Vector | None, time_ms: int, offset: int) -> None:
        """Take the running total and the last response of a `token_count`; one of them may be missing."""
        self._push()
        total, used, repeated = completed(total, last, self._previous())
        self._library.tokendial_codex_count(self._address, _VECTOR(*total), _VECTOR(*used), repeated, time_ms, offset)

    def usage_record(self, thread: str | None, response: str, usage: Vector, time_ms: int, offset: int) -> None:
        """Take a `token_usage_record` with its response id (R8)."""
        if is_foreign(self._state, thread):
            self.note("copied", usage[5])
        else:
            self._push()
            self._library.tokendial_codex_response(
                self._address, response_key(response), _VECTOR(*usage), time_ms, offset
            )

    def settle(self) -> bool:
        """As Counter.settle does."""
        state, core = self._state, self._core
        if core.failed:
            raise MemoryError
        self._pull()
        for place, kind in enumerate(_KINDS):
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
            self._library.tokendial_codex_pending(self._address, _VECTOR(*usage))
        if state.previous is not None:
            core.has_previous, core.previous = 1, _VECTOR(*state.previous)
        core.repeated_ms = _NONE

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


_bands = (ctypes.c_int64 * len(LONG_CONTEXT_BANDS))(*LONG_CONTEXT_BANDS)
_PENDING = Struct("<6q")
_LABEL = Struct("<3q")


def _content(rows: _Rows, width: int) -> bytes:
    return ctypes.string_at(rows.items, rows.count * width * 8) if rows.count else b""


def _said(value: int) -> int | None:
    return None if value == _NONE else value


def _number(value: int | None) -> int:
    return _NONE if value is None else value
