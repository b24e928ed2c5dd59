"""Reads the lines of a rollout that matter, and counts (log-formats 1.3 to 1.7).

Which lines those are, and what the usual ones say, is found by the compiled reader (compiled.py), or else by walk.py.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tokendial.domain.clock import EARLIEST_MS, latest_plausible, parse_utc_ms
from tokendial.domain.records import ParsedFile, PromptRecord, Tally
from tokendial.providers.base import NeedsFullParse
from tokendial.providers.codex import facts, limits
from tokendial.providers.codex.compiled import CompiledCounter
from tokendial.providers.codex.counter import Counter
from tokendial.providers.codex.identity import uuid7_ms
from tokendial.providers.codex.library import available
from tokendial.providers.codex.lines import (
    EventPayload,
    Line,
    Meta,
    TokenCountLine,
    TurnContext,
    UsageRecordLine,
    vector_of,
)
from tokendial.providers.codex.prompts import is_prompt
from tokendial.providers.codex.state import CodexState
from tokendial.providers.codex.walk import COUNT_LINE, EVENTS, RECORD_LINE, lines_that_matter
from tokendial.providers.mending import mend

_decode_line = msgspec.json.Decoder(Line).decode
_decode_token_count = msgspec.json.Decoder(TokenCountLine).decode
_decode_record = msgspec.json.Decoder(UsageRecordLine).decode
_decode_meta = msgspec.json.Decoder(Meta).decode
_decode_context = msgspec.json.Decoder(TurnContext).decode
_decode_event = msgspec.json.Decoder(EventPayload).decode
_decode_anything = msgspec.json.Decoder().decode


class CodexParser:
    """Reads one rollout in any chunking."""

    def __init__(self, state: CodexState, now_ms: int) -> None:
        """Begin, or go on from a state; times later than a day after `now_ms` are refused."""
        self._state = state
        self._latest_ms = latest_plausible(now_ms)
        self._compiled = CompiledCounter(state, self._latest_ms) if available() else None
        self._counter: Counter | CompiledCounter = self._compiled or Counter(state)
        self._prompts: list[PromptRecord] = []
        self._readings = limits.ReadingLog(state.readings)

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take the whole lines in `block[start:end]`; the block begins at byte `base`."""
        if self._compiled is not None:
            self._compiled.read(block, start, end, base, self._readings, self._unusual_line)
            return
        for kind, begin, stop in lines_that_matter(block, start, end):
            self._read(_READERS.get(kind, CodexParser._any_line), block[begin:stop], base + begin)

    def refuse(self, reason: str, offset: int) -> None:
        """Count a refused line."""
        tally = self._state.refused.setdefault(reason, Tally())
        tally.records += 1
        if tally.first_offset < 0:
            tally.first_offset = offset

    def finish(self) -> ParsedFile:
        """What was found. Raises NeedsFullParse when a model that came late changes earlier events (R9)."""
        if not self._counter.settle():
            raise NeedsFullParse
        state, prompts = self._state, self._prompts
        if self._compiled is not None:
            self._compiled.give_back(self._readings)
            prompts = sorted(prompts + self._compiled.prompts(), key=lambda prompt: prompt.offset)
        return ParsedFile(
            session=state.facts,
            labels=self._counter.labels(),
            events=self._counter.events(),
            prompts=prompts,
            readings=self._readings.taken(),
            audit=state.audit,
            refused=state.refused,
            state=state.dump(),
        )

    def _unusual_line(self, line: bytes, offset: int) -> bool:
        return self._read(CodexParser._any_line, line, offset)

    def _read(self, read: _Reader, line: bytes, offset: int) -> bool:
        """Read a line; whatever is wrong with it is counted, and never stops the file. False where it was refused."""
        try:
            read(self, line, offset)
        except msgspec.ValidationError:
            self.refuse(_shape_reason(line), offset)
        except RecursionError:
            self.refuse("too_deep", offset)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError):
            self._retry(read, line, offset)
        else:
            return True
        return False

    def _retry(self, read: _Reader, line: bytes, offset: int) -> None:
        if not line.strip(b" \t\r\n"):
            return
        mended = mend(line)
        if mended == line:
            self.refuse("nul_bytes" if b"\0" in line else "not_json", offset)
            return
        try:
            read(self, mended, offset)
        except msgspec.ValidationError:
            self.refuse(_shape_reason(mended), offset)
        except (msgspec.DecodeError, RecursionError, ValueError, OverflowError):
            self.refuse("nul_bytes" if b"\0" in line else "not_json", offset)

    def _any_line(self, line: bytes, offset: int) -> None:
        decoded = _decode_line(line)
        if decoded.type == "event_msg":
            event = _decode_event(decoded.payload)
            if event.type == "token_count":
                self._token_count(line, offset)
            else:
                self._event(event, decoded.timestamp, offset, len(line))
            return
        if decoded.type == "token_usage_record":
            self._usage_record(line, offset)
            return
        handler = _HANDLERS.get(decoded.type)
        if handler is not None:
            handler(self, decoded, offset)

    def _time(self, text: str, offset: int) -> int | None:
        time_ms = parse_utc_ms(text)
        if time_ms is None or not EARLIEST_MS <= time_ms <= self._latest_ms:
            self.refuse("bad_time", offset)
            return None
        self._state.last_line_ms = time_ms
        return time_ms

    def _alive(self, time_ms: int) -> None:
        if self._state.copied:
            return
        known = self._state.facts
        if known.started_ms is None:
            known.started_ms = time_ms
        if known.last_seen_ms is None or time_ms > known.last_seen_ms:
            known.last_seen_ms = time_ms

    def _token_count(self, line: bytes, offset: int) -> None:
        decoded = _decode_token_count(line)
        time_ms = parse_utc_ms(decoded.timestamp)
        if time_ms is None or not EARLIEST_MS <= time_ms <= self._latest_ms:
            self.refuse("bad_time", offset)
            return
        state, payload = self._state, decoded.payload
        state.last_line_ms = time_ms
        if not state.copied:
            if self._compiled is not None:
                self._compiled.give_back(self._readings)
            self._readings.observe(bytes(payload.rate_limits), time_ms)
        info = payload.info
        total = last = None
        if info is not None:
            if info.total_token_usage is not None:
                total = vector_of(info.total_token_usage)
            if info.last_token_usage is not None:
                last = vector_of(info.last_token_usage)
        if info is None or (total is None and last is None):
            self._counter.note("null_info", 0)  # R2
            return
        if not state.copied:
            if last is not None:
                state.facts.context_used = last[5]
            if info.model_context_window:
                state.facts.context_window = state.context_window = info.model_context_window
            self._alive(time_ms)
        self._counter.token_count(total, last, time_ms, offset)

    def _usage_record(self, line: bytes, offset: int) -> None:
        decoded = _decode_record(line)
        time_ms = self._time(decoded.timestamp, offset)
        payload = decoded.payload
        if time_ms is None:
            return
        if payload.usage is not None and payload.response_id is not None:
            usage = vector_of(payload.usage)
            self._counter.usage_record(payload.thread_id, payload.response_id, usage, time_ms, offset)
        self._alive(time_ms)

    def _session_meta(self, line: Line, _offset: int) -> None:
        facts.take_meta(self._state, _decode_meta(line.payload))

    def _turn_context(self, line: Line, _offset: int) -> None:
        context = _decode_context(line.payload)
        time_ms = parse_utc_ms(line.timestamp)
        self._turn_begins(context.turn_id, time_ms, is_context=True)
        facts.take_turn(self._state, context)
        if time_ms is not None and EARLIEST_MS <= time_ms <= self._latest_ms:
            self._state.last_line_ms = time_ms
            self._alive(time_ms)

    def _turn_begins(self, turn_id: str | None, time_ms: int | None, *, is_context: bool) -> None:
        """Leave the copied region at the thread's own first turn (R6)."""
        state = self._state
        if not state.copied:
            return
        born, turn = uuid7_ms(state.facts.id), uuid7_ms(turn_id or "")
        if born is not None and turn is not None:
            state.copied = turn < born
        elif is_context and time_ms is not None and state.last_line_ms is not None:
            # Old turn ids carry no time: a copy is written in one burst, the user's own turn comes after a pause.
            state.copied = time_ms - state.last_line_ms < 1000

    def _event(self, event: EventPayload, timestamp: str, offset: int, length: int) -> None:
        state, kind = self._state, event.type
        if kind not in EVENTS:
            return
        if kind in ("task_started", "turn_started"):
            self._turn_begins(event.turn_id, None, is_context=False)
        elif kind == "thread_settings_applied":
            if event.thread_settings is not None and (state.copied or event.thread_id in (None, state.facts.id)):
                facts.take_settings(state, event.thread_settings)
        elif kind == "entered_review_mode":
            state.review = True
        elif kind == "exited_review_mode":
            state.review = False
        time_ms = self._time(timestamp, offset)
        if time_ms is None or state.copied:
            return
        self._alive(time_ms)
        if is_prompt(event):
            self._prompts.append(PromptRecord(time_ms, offset, length))

    def _compacted(self, _line: Line, _offset: int) -> None:
        if not self._state.copied:
            self._state.facts.compactions += 1

    def _agent_trigger(self, _line: Line, _offset: int) -> None:
        # R6: the message that starts a sub-agent is its own first line.
        self._state.copied = False


# Kept out of the parsers: one that held its own methods would be a reference cycle, and its memory stay for long.
_Reader = Callable[[CodexParser, bytes, int], None]
_READERS: dict[int, _Reader] = {COUNT_LINE: CodexParser._token_count, RECORD_LINE: CodexParser._usage_record}
_HANDLERS: dict[str, Callable[[CodexParser, Line, int], None]] = {
    "turn_context": CodexParser._turn_context,
    "session_meta": CodexParser._session_meta,
    "compacted": CodexParser._compacted,
    "inter_agent_communication_metadata": CodexParser._agent_trigger,
}


def _shape_reason(line: bytes) -> str:
    """Why a well-formed line does not fit: its counts, or its shape."""
    try:
        _decode_anything(line)
    except RecursionError:
        return "too_deep"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "not_json"
    return "bad_count" if b"token" in line else "bad_shape"
