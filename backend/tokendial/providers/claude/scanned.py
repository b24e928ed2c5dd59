"""Counts with the compiled reader: with the same result as counter.py and facts.py line by line."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from struct import Struct

import msgspec

from tokendial.domain.clock import EARLIEST_MS
from tokendial.domain.pricing import LONG_CONTEXT_BANDS
from tokendial.domain.records import EventFlag, EventRows, Tally
from tokendial.providers.claude.counter import Counter
from tokendial.providers.claude.facts import Facts
from tokendial.providers.claude.lines import Line, Message, Usage
from tokendial.providers.claude.scan import BIRTH, CONTEXT, LABEL, LINE, TEXTS, Book, Report, WideTally, library
from tokendial.providers.claude.state import ClaudeState, Row
from tokendial.providers.claude.usage import tier_of

_SIDE_CHAIN, _FOREIGN, _GLOBAL = int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE), int(EventFlag.GLOBAL_KEY)
_UNKNOWN = -1
_NEVER = -(1 << 62)
_decode_text = msgspec.json.Decoder(str).decode
_EMPTY = Line()


class ScannedCounter(Counter):
    """A Counter that also reads: what its compiled part does not know it asks of the parser."""

    def __init__(self, state: ClaudeState, facts: Facts, latest_ms: int) -> None:
        """Go on from a state; times later than `latest_ms` are left to the parser.

        Raises RuntimeError where the compiled reader is not there.
        """
        super().__init__(state)
        if library is None:
            raise RuntimeError("the compiled reader is not there")
        self._library, self._facts = library, facts
        self._address = library.tokendial_claude_open()
        if not self._address:
            raise MemoryError
        self._book = book = Book.from_address(self._address)
        book.earliest_ms, book.latest_ms = EARLIEST_MS, latest_ms
        book.band_count = len(LONG_CONTEXT_BANDS)
        book.bands[: book.band_count] = LONG_CONTEXT_BANDS
        self._report = Report()
        self._line, self._tier = _EMPTY, tier_of(Usage())
        for key, row in state.rows.items():
            library.tokendial_claude_load(self._address, _numbers(key, row))
        state.rows = {}
        self._push()

    def __del__(self) -> None:
        """Give the memory back."""
        if getattr(self, "_address", None):
            self._library.tokendial_claude_close(self._address)

    def read(self, block: bytes, start: int, end: int, base: int, line: Callable[[bytes, int], None]) -> None:
        """Take the whole lines in `block[start:end]`, which begins at byte `base` of the file.

        `line` reads a line that is not usual, at its offset.
        """
        book, report, read = self._book, self._report, self._library.tokendial_claude_read
        place = ctypes.addressof(report)
        book.has_context = 0
        while kind := read(self._address, block, start, end, base, place):
            start = report.next
            if kind == LABEL:
                book.labels[book.band] = self._label()
                continue
            self.tell()
            if kind == LINE:
                line(block[report.start : report.stop], base + report.start)
            elif kind == BIRTH:
                self._facts.take_birth(report.time_ms)
            elif kind == CONTEXT:
                self._enter(block)
            self._push()
        self.tell()

    def tell(self) -> None:
        """Tell what the lines said of the session since the last time."""
        book = self._book
        if book.lines:
            self._line.uuid = book.uuid[: book.uuid_length].decode("ascii")
            seen = self._facts.take_lines(self._line, book.lines, book.low_ms, book.high_ms)
            if self._line.message is not None and self._line.message.model is not None:
                self._facts.take_response(self._line, seen, self._line.message.model, book.last_prompt)
            book.lines = 0

    def put(self, key: int, row: Row, label: Callable[[], int]) -> None:
        """As Counter.put does."""
        place = self._library.tokendial_claude_hold(self._address, _numbers(key, row))
        if place >= 0:
            self._library.tokendial_claude_label(self._address, place, label())

    def events(self) -> EventRows:
        """As Counter.events does."""
        return EventRows(self._book.events.content(88), self._book.sums.content(72))

    def revised(self) -> list[int]:
        """As Counter.revised does."""
        keys = self._book.revised.content(8)
        return list(memoryview(keys).cast("q"))

    def settle(self) -> None:
        """As Counter.settle does."""
        book = self._book
        self._library.tokendial_claude_settle(self._address)
        if book.failed:
            raise MemoryError
        if book.repeated.records:
            repeated = _told(book.repeated)
            self.note_repeated(repeated.records, repeated.tokens)
            book.repeated = WideTally()
        self.tally({
            "counted": _told(book.counted), "lower_bound": _told(book.lower_bound), "web_search": Tally(book.searches),
        })  # fmt: skip

    def dump(self) -> bytes:
        """As Counter.dump does."""
        self._library.tokendial_claude_dump(self._address)
        if self._book.failed:
            raise MemoryError
        return self._state.dump(self._book.state.content(1))

    def _push(self) -> None:
        """Take over what other lines may have changed."""
        state, book = self._state, self._book
        book.waits, book.wants_birth = bool(state.summaries), state.born_ms is None and not state.sessions
        book.copied_before_ms = _NEVER if (bound := self._facts.copied_before_ms) is None else bound

    def _enter(self, block: bytes) -> None:
        """What the next responses have in common: a line that stands for all of them."""
        book, report, texts = self._book, self._report, dict[str, str]()
        book.is_unreadable = 0
        try:
            for name, start, stop in zip(TEXTS, report.texts[::2], report.texts[1::2], strict=True):
                if start >= 0:
                    texts[name] = _decode_text(b'"%s"' % block[start:stop])
        except (msgspec.DecodeError, UnicodeDecodeError):
            book.is_unreadable = 1
            return
        given = texts.get
        self._tier = tier_of(
            Usage(service_tier=given("service_tier"), speed=given("speed"), inference_geo=given("inference_geo"))
        )
        self._line = line = Line(
            session_id=given("sessionId"), cwd=given("cwd"), git_branch=given("gitBranch"), version=given("version"),
            entrypoint=given("entrypoint"), effort=given("effort"), agent_id=given("agentId"),
            attribution_agent=given("attributionAgent"), is_sidechain=report.is_side == 1,
            message=Message(model=given("model")),
        )  # fmt: skip
        side = _GLOBAL | (_SIDE_CHAIN if line.is_sidechain else 0)
        book.flags[:] = side | (_FOREIGN if self._facts.is_foreign(line, None) else 0), side | _FOREIGN
        book.labels[:] = _NO_LABELS

    def _label(self) -> int:
        line, message = self._line, self._line.message
        model = message.model or "" if message is not None else ""
        return self.label(model, self._book.prompt, self._tier, line.effort, line.cwd, line.entrypoint)


_NO_LABELS = [_UNKNOWN] * len(Book().labels)
_ROW = Struct("=14q")


def _numbers(key: int, row: Row) -> bytes:
    return _ROW.pack(
        key, row.time_ms, row.label, row.input, row.cache_read, row.cache_write, row.cache_write_1h, row.output,
        row.reasoning, row.flags, row.offset, row.searches, row.stopped, 0,
    )  # fmt: skip


def _told(tally: WideTally) -> Tally:
    return Tally(tally.records, tally.low | tally.high << 64)
