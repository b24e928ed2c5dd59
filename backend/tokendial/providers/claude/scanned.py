"""Takes what the compiled reader has read of responses (scan.py), with the same result as their lines one by one."""

from __future__ import annotations

import msgspec

from tokendial.domain.clock import EARLIEST_MS
from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import EventFlag
from tokendial.providers.claude.counter import Counter
from tokendial.providers.claude.facts import Facts
from tokendial.providers.claude.lines import Line, Message, Usage
from tokendial.providers.claude.scan import CONTEXT_TEXTS
from tokendial.providers.claude.state import ClaudeState, Row
from tokendial.providers.claude.usage import tier_of

_SIDE_CHAIN, _FOREIGN, _GLOBAL = int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE), int(EventFlag.GLOBAL_KEY)
_decode_text = msgspec.json.Decoder(str).decode


class _Context:
    """What responses that follow each other have in common: a line that stands for all of them."""

    def __init__(self, record: tuple[int, ...], block: bytes) -> None:
        """Raises DecodeError or UnicodeDecodeError for a text that cannot be read."""
        texts: dict[str, str] = {}
        for place, name in enumerate(CONTEXT_TEXTS, 1):
            start, stop = record[2 * place], record[2 * place + 1]
            if start >= 0:
                texts[name] = _decode_text(b'"%s"' % block[start:stop])
        given = texts.get
        usage = Usage(service_tier=given("service_tier"), speed=given("speed"), inference_geo=given("inference_geo"))
        self.model = texts["model"]
        self.tier = tier_of(usage)
        self.line = Line(
            session_id=given("sessionId"), cwd=given("cwd"), git_branch=given("gitBranch"), version=given("version"),
            entrypoint=given("entrypoint"), effort=given("effort"), agent_id=given("agentId"),
            attribution_agent=given("attributionAgent"), is_sidechain=record[1] == 1, message=Message(model=self.model),
        )  # fmt: skip
        self.labels: dict[int, int] = {}


class ScannedResponses:
    """Counts responses, and gathers what their lines say of the session until `settle`."""

    def __init__(self, state: ClaudeState, counter: Counter, facts: Facts, latest_ms: int) -> None:
        """Times later than `latest_ms` are left to the parser."""
        self._state, self._counter, self._facts, self._latest_ms = state, counter, facts, latest_ms
        self._context: _Context | None = None
        self._flags = (0, 0)
        # Of the lines since the last `settle`: how many, whether they are copies, their times, uuid and prompt.
        self._lines = self._low_ms = self._high_ms = self._prompt = 0
        self._older, self._uuid = False, b""

    def enter(self, record: tuple[int, ...], block: bytes) -> None:
        """A CONTEXT: those that follow have it."""
        self.settle()
        try:
            self._context = context = _Context(record, block)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._context = None
            return
        side = _GLOBAL | (_SIDE_CHAIN if context.line.is_sidechain else 0)
        self._flags = side | (_FOREIGN if self._facts.is_foreign(context.line, None) else 0), side | _FOREIGN

    def take(self, record: tuple[int, ...], block: bytes, base: int) -> bool:
        """Take a RESPONSE; False when its lines have to be read one by one."""
        (
            _, _, _, rows, key, first_ms, low_ms, high_ms, stopped, fresh, read, write, hour, output, thinking,
            searches, repeated, start, uuid_start, uuid_stop, *_,
        ) = record  # fmt: skip
        context, state = self._context, self._state
        if context is None or state.summaries or low_ms < EARLIEST_MS or high_ms > self._latest_ms:
            return False
        older = False
        if state.born_ms is not None:
            older = self._facts.is_copied_at(high_ms)
            if older != self._facts.is_copied_at(low_ms):
                return False
        if older != self._older or not self._lines:
            self.settle()
            self._older, self._low_ms, self._high_ms, self._prompt = older, low_ms, high_ms, 0
        prompt = fresh + read + write + hour
        row = Row(
            first_ms, -1, fresh, read, write, hour, output, thinking, self._flags[older], base + start, searches,
            stopped == 1,
        )  # fmt: skip
        if self._counter.hold(key, row):
            row.label = self._label(context, prompt)
        if rows > 1:
            self._counter.note_repeated(rows - 1, repeated)
        self._lines += rows
        self._low_ms = min(self._low_ms, low_ms)
        self._high_ms = max(self._high_ms, high_ms)
        self._prompt = prompt or self._prompt
        self._uuid = block[uuid_start:uuid_stop]
        return True

    def take_birth(self, record: tuple[int, ...]) -> None:
        """Take a BIRTH: after a response it says nothing."""
        if not self._lines:
            self._facts.take_birth(record[5])

    def settle(self) -> None:
        """Tell what was gathered: before any other line is read, and at the end."""
        context, lines = self._context, self._lines
        if context is None or not lines:
            return
        self._lines = 0
        context.line.uuid = self._uuid.decode("ascii")
        seen = self._facts.take_lines(context.line, lines, self._low_ms, self._high_ms)
        self._facts.take_response(context.line, seen, context.model, self._prompt)

    def _label(self, context: _Context, prompt: int) -> int:
        band = prompt_band(prompt)  # it also tells which window a model has: that of the usual one is a band
        label = context.labels.get(band)
        if label is None:
            label = context.labels[band] = self._counter.label(
                context.model, prompt, context.tier, context.line.effort, context.line.cwd, context.line.entrypoint
            )
        return label
