"""Reads conversations: files of lines that grow, and documents that are written anew (log-formats 3.2 and 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from tokendial.domain.records import SUBAGENT, EventRows, ParsedFile
from tokendial.providers.base import NeedsFullParse
from tokendial.providers.gemini.conversation import Conversation
from tokendial.providers.gemini.identity import response_key
from tokendial.providers.gemini.records import Record, decode_list, decode_message, decode_record, text_of
from tokendial.providers.gemini.state import GeminiState
from tokendial.providers.mending import mend

_BLANK = b" \t\r\n"
_check = msgspec.json.Decoder(msgspec.Raw).decode


class RecordReader:
    """Reads single records into a conversation; what is wrong with one is counted, and never stops the file."""

    def __init__(self, conversation: Conversation) -> None:
        """Read into this conversation."""
        self._into = conversation

    def read(self, data: bytes, offset: int) -> bool:
        """Take a line or a document that begins at byte `offset`. False when it was refused as a whole."""
        return self._guarded(self._record, data, offset)

    def _guarded(self, take: Callable[[bytes, int], None], data: bytes, offset: int) -> bool:
        try:
            take(data, offset)
        except msgspec.ValidationError:
            return self._refuse(_reason(data), offset)
        except RecursionError:
            return self._refuse("too_deep", offset)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError):
            return self._retry(take, data, offset)
        return True

    def _retry(self, take: Callable[[bytes, int], None], data: bytes, offset: int) -> bool:
        if not data.strip(_BLANK):
            return True
        mended = mend(data)
        broken = "nul_bytes" if b"\0" in data else "not_json"
        if mended == data:
            return self._refuse(broken, offset)
        try:
            take(mended, offset)
        except msgspec.ValidationError:
            return self._refuse(_reason(mended), offset)
        except RecursionError:
            return self._refuse("too_deep", offset)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError):
            return self._refuse(broken, offset)
        return True

    def _refuse(self, reason: str, offset: int) -> bool:
        self._into.refuse(reason, offset)
        return False

    def _record(self, data: bytes, offset: int) -> None:
        """What a record is, in the order in which the program itself looks: rewind, message, `$set`, session."""
        record = decode_record(data)
        if text_of(record.rewind_to) is not None:
            return  # G4: hidden, but the tokens were spent
        if text_of(record.id) is not None:
            self._message(data, offset)
        elif bytes(record.settings) != b"null":
            self._about(decode_record(record.settings), data, offset)
        elif bytes(record.session) != b"null" or bytes(record.messages) != b"null":
            self._about(record, data, offset)
        else:
            self._message(data, offset)

    def _about(self, record: Record, data: bytes, offset: int) -> None:
        listed = decode_list(record.messages) or []
        self._into.about(record)
        place = 0
        for raw in listed:  # G5: a list adds to what is known, what it leaves out stays
            message = bytes(raw)
            place = max(data.find(message, place), place)
            self._guarded(self._message, message, offset + place)
            place += len(message)

    def _message(self, data: bytes, offset: int) -> None:
        self._into.take(decode_message(data), offset, len(data))


class LinesParser:
    """A `.jsonl` file, read on from where it was left."""

    def __init__(self, fresh: GeminiState, known: GeminiState | None, now_ms: int) -> None:
        """Begin with a fresh state, or go on from a known one; times later than a day after `now_ms` are refused."""
        state = known or fresh
        self._conversation = Conversation(state, now_ms)
        self._reader = RecordReader(self._conversation)
        # What the rows of earlier passes were made with: when it changes they are made anew.
        self._before = None if known is None else _identity(known)
        if known is not None and known.facts.cwd is None and fresh.facts.cwd is not None:
            known.project, known.facts.cwd = fresh.project, fresh.facts.cwd

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take the whole lines in `block[start:end]`; the block begins at byte `base`."""
        while start < end:
            stop = block.find(b"\n", start, end)
            if stop < 0:
                stop = end
            if stop > start:
                self._reader.read(block[start:stop], base + start)
            start = stop + 1

    def refuse(self, reason: str, offset: int) -> None:
        """Count a line that was passed over."""
        self._conversation.refuse(reason, offset)

    def finish(self) -> ParsedFile:
        """What was found. Raises NeedsFullParse when the session or its project got another name."""
        conversation = self._conversation
        if self._before is not None and self._before != _identity(conversation.state):
            raise NeedsFullParse
        revised = [mark for mark, handed_out in conversation.touched.items() if handed_out]
        return _parsed(conversation, conversation.touched, revised)


class DocumentParser:
    """A `.json` file: one document, given whole every time it changed; its result replaces the one before (G7).

    What an earlier version of the document held stays counted. A document that cannot be read, because it is torn or
    too large, leaves everything as it was.
    """

    def __init__(self, fresh: GeminiState, known: GeminiState | None, now_ms: int) -> None:
        """Begin with a fresh state, beside what was known; times later than a day after `now_ms` are refused."""
        self._known = known
        self._conversation = Conversation(fresh, now_ms)
        self._pieces: list[bytes] = []

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take `block[start:end]`, the next bytes of the document."""
        del base
        self._pieces.append(block[start:end])

    def refuse(self, reason: str, offset: int) -> None:
        """Count the document as one that could not be read."""
        self._conversation.refuse(reason, offset)

    def finish(self) -> ParsedFile:
        """All that is known of the conversation, whatever of it was handed out before."""
        conversation, known = self._conversation, self._known
        if self._whole():
            if known is not None:
                _keep(conversation.state, known)
            conversation.state.prompts = conversation.prompts
        elif known is not None:
            known.refused = conversation.state.refused
            conversation.state, conversation.prompts = known, known.prompts
        return _parsed(conversation, conversation.state.responses, [])

    def _whole(self) -> bool:
        """Read the document. False when there is none to read, which is what a program leaves that is writing it."""
        data = b"".join(self._pieces)
        if data.strip(_BLANK):
            return RecordReader(self._conversation).read(data, 0)
        if not self._conversation.state.refused:
            self._conversation.refuse("not_json", 0)
        return False


def _keep(state: GeminiState, known: GeminiState) -> None:
    """Add what the document does not hold any more; a response keeps the time it was first seen at."""
    for mark, one in known.responses.items():
        now = state.responses.get(mark)
        if now is None:
            state.responses[mark] = one
        else:
            now.time_ms = one.time_ms
    if state.facts.cwd is None:
        state.project, state.facts.cwd = known.project, known.facts.cwd


def _parsed(conversation: Conversation, marks: Iterable[int], revised: Iterable[int]) -> ParsedFile:
    conversation.add_up()
    state, prompts = conversation.state, conversation.prompts
    if state.facts.kind == SUBAGENT:  # no person asks there, and its `summary` is what it answered
        prompts, state.facts.title = [], None
    events, labels = conversation.rows(marks)
    return ParsedFile(
        session=state.facts,
        labels=labels,
        events=EventRows.of(events),
        prompts=prompts,
        readings=[],
        audit=state.audit,
        refused=state.refused,
        state=state.dump(),
        revised=[response_key(state.facts.id, mark) for mark in revised],
    )


def _identity(state: GeminiState) -> tuple[str, str, str]:
    return state.facts.id, state.facts.kind, state.project


def _reason(data: bytes) -> str:
    """Why a well-formed record does not fit: its counts, or its shape."""
    try:
        _check(data)
    except RecursionError:
        return "too_deep"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "not_json"
    return "bad_count" if b'"tokens"' in data else "bad_shape"
