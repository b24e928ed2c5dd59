"""Reads the lines of a transcript that matter (log-formats 2.2 to 2.4).

Which lines those are, and what the usual ones say, is found by the compiled reader (scan.py), or else by walk.py.
"""

from __future__ import annotations

import msgspec

from tokendial.domain.clock import EARLIEST_MS, latest_plausible, parse_utc_ms
from tokendial.domain.records import EventFlag, ParsedFile, PromptRecord, ReadingRows, Tally
from tokendial.providers.claude.counter import UNKNOWN_MODEL, Context, Counter
from tokendial.providers.claude.facts import Facts
from tokendial.providers.claude.lines import Line
from tokendial.providers.claude.mend import glued, without_misfits
from tokendial.providers.claude.prompts import first_text
from tokendial.providers.claude.scan import available
from tokendial.providers.claude.scanned import ScannedCounter
from tokendial.providers.claude.state import ClaudeState
from tokendial.providers.claude.walk import lines_that_matter
from tokendial.providers.mending import mend

_SIDE_CHAIN, _FOREIGN = int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE)
_decode_line = msgspec.json.Decoder(Line).decode
_BLANK = b" \t\r\n"


class ClaudeParser:
    """Reads one transcript in any chunking."""

    def __init__(self, state: ClaudeState, stem: str, now_ms: int, *, resumable: bool = True) -> None:
        """Begin, or go on from a state; times later than a day after `now_ms` are refused.

        Without `resumable` the state at the end is not handed out.
        """
        self._state = state
        self._resumable = resumable
        self._latest_ms = latest_plausible(now_ms)
        self._facts = Facts(state, stem)
        self._scanned = ScannedCounter(state, self._facts, self._latest_ms) if available() else None
        self._counter = self._scanned or Counter(state)
        self._prompts: list[PromptRecord] = []

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take the whole lines in `block[start:end]`; the block begins at byte `base`."""
        if self._scanned is not None:
            self._scanned.read(block, start, end, base, self._read)
            return
        for begin, stop in lines_that_matter(block, start, end):
            self._read(block[begin:stop], base + begin)

    def refuse(self, reason: str, offset: int) -> None:
        """Count a refused line."""
        tally = self._state.refused.setdefault(reason, Tally())
        tally.records += 1
        if tally.first_offset < 0:
            tally.first_offset = offset

    def finish(self) -> ParsedFile:
        """What was found since the start or since the resumed state."""
        self._counter.settle()
        state = self._state
        return ParsedFile(
            session=self._facts.session(),
            labels=state.labels,
            events=self._counter.events(),
            prompts=self._prompts,
            readings=ReadingRows(),
            audit=state.audit,
            refused=state.refused,
            state=self._counter.dump() if self._resumable else b"",
            revised=self._counter.revised(),
        )

    def _read(self, content: bytes, offset: int) -> None:
        """Read a line; whatever is wrong with it is counted, and never stops the file."""
        try:
            line = _decode_line(content)
        except RecursionError:
            self.refuse("too_deep", offset)
            return
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError):
            self._read_again(content, offset)
            return
        self._take(line, offset, len(content))

    def _read_again(self, content: bytes, offset: int) -> None:
        """A line that cannot be read at once: mended, or cut into the records that it consists of."""
        text = mend(content).strip(_BLANK)
        if not text:
            return
        try:
            line = without_misfits(text)
        except msgspec.ValidationError:
            self.refuse("bad_count", offset)
        except RecursionError:
            self.refuse("too_deep", offset)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError):
            records = glued(content.rstrip())
            if not records:
                self.refuse("nul_bytes" if b"\0" in content else "not_json", offset)
            for record in records:
                self._read(record, offset)
                offset += len(record)
        else:
            self._take(line, offset, len(content))

    def _take(self, line: Line, offset: int, length: int) -> None:
        kind = line.type
        if kind == "assistant":
            self._response(line, offset)
        elif kind == "user":
            self._prompt(line, offset, length)
        elif kind == "progress":
            self._mirrored(line, offset)
        elif kind == "system":
            if line.subtype == "compact_boundary":
                self._facts.take_compaction(line)
        elif kind == "queue-operation":
            self._facts.take_birth(parse_utc_ms(line.timestamp or ""))
        elif line.custom_title or line.ai_title or line.summary:
            self._facts.take_title(line)

    def _response(self, line: Line, offset: int) -> None:
        message = line.message
        if message is None or message.usage is None:
            return
        time_ms = self._time(line.timestamp, offset)
        if time_ms is None:
            return
        flags = (_SIDE_CHAIN if line.is_sidechain else 0) | (_FOREIGN if self._facts.is_foreign(line, time_ms) else 0)
        prompt = self._counter.take(
            message.usage,
            Context(
                time_ms, offset, flags, message.id, line.request_id, line.session_id, line.uuid, message.model,
                line.advisor_model, message.stop_reason is not None, line.effort, line.cwd, line.entrypoint,
            ),
        )  # fmt: skip
        if prompt is not None:
            seen = self._facts.take_line(line, time_ms)
            self._facts.take_response(line, seen, message.model or UNKNOWN_MODEL, prompt)

    def _mirrored(self, line: Line, offset: int) -> None:
        """A response of a sub-agent, repeated in its parent: it belongs to the sub-agent (A-4)."""
        inner = line.data.message if line.data is not None else None
        if inner is None or inner.type != "assistant" or inner.message is None or inner.message.usage is None:
            return
        time_ms = self._time(inner.timestamp or line.timestamp, offset)
        if time_ms is None:
            return
        message, usage = inner.message, inner.message.usage
        self._counter.take(
            usage,
            Context(
                time_ms, offset, _SIDE_CHAIN | _FOREIGN, message.id, inner.request_id, line.session_id, inner.uuid,
                message.model, None, message.stop_reason is not None, None, line.cwd, line.entrypoint,
            ),
        )  # fmt: skip

    def _prompt(self, line: Line, offset: int, length: int) -> None:
        text = first_text(line)
        if text is None:
            return
        time_ms = self._time(line.timestamp, offset)
        if time_ms is not None and not self._facts.is_copied(line, time_ms):
            self._prompts.append(PromptRecord(time_ms, offset, length))
            self._facts.take_prompt(self._facts.take_line(line, time_ms), text)

    def _time(self, text: str | None, offset: int) -> int | None:
        time_ms = parse_utc_ms(text or "")
        if time_ms is None or not EARLIEST_MS <= time_ms <= self._latest_ms:
            self.refuse("bad_time", offset)
            return None
        return time_ms
