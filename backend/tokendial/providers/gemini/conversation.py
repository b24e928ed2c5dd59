"""Collects what the messages of a conversation say: each response once, its last word at its first time (G1 to G9)."""

from __future__ import annotations

from collections.abc import Iterable

from tokendial.domain.clock import EARLIEST_MS, latest_plausible, parse_utc_ms
from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import SUBAGENT, EventFlag, Labels, PromptRecord, Tally, UsageTuple
from tokendial.domain.tokens import MAX_COUNT
from tokendial.providers.gemini.identity import mark_of, response_key
from tokendial.providers.gemini.records import Message, Record, Tokens, first_words, text_of
from tokendial.providers.gemini.state import GeminiState, Response
from tokendial.providers.titles import MAX_MARKS, beginning_mark, repeats

UNKNOWN_MODEL = "unknown"  # the whole file names none: unpriced, rather than a guess
_TITLE_LENGTH = 200
_GLOBAL = int(EventFlag.GLOBAL_KEY)
_ASSUMED, _SIDE = int(EventFlag.MODEL_ASSUMED), int(EventFlag.SIDE_CHAIN)


class Conversation:
    """One pass over a file. What it changes of earlier passes is in `touched`."""

    def __init__(self, state: GeminiState, now_ms: int) -> None:
        """Go on from a state; times later than a day after `now_ms` are refused."""
        self.state = state
        self.prompts: list[PromptRecord] = []
        # Marks of the responses this pass found or changed; True where an earlier pass had handed the response out.
        self.touched: dict[int, bool] = {}
        self._latest_ms = latest_plausible(now_ms)

    def refuse(self, reason: str, offset: int) -> None:
        """Count what could not be read."""
        tally = self.state.refused.setdefault(reason, Tally())
        tally.records += 1
        if tally.first_offset < 0:
            tally.first_offset = offset

    def about(self, record: Record) -> None:
        """What a first line, a `$set` or a document says of the session; the last one holds.

        Only its start is the earliest: a session that is resumed gets another first line, with the time of that.
        """
        facts = self.state.facts
        facts.id = text_of(record.session) or facts.id
        if text_of(record.kind) == SUBAGENT:
            facts.kind = SUBAGENT
        started = self._plausible(text_of(record.started) or "")
        if started is not None and (facts.started_ms is None or started < facts.started_ms):
            facts.started_ms = started
        title = " ".join((text_of(record.summary) or "").split())
        if title and not repeats(title, self.state.begun):
            facts.title = title[:_TITLE_LENGTH]

    def take(self, message: Message, offset: int, length: int) -> None:
        """A message, which may have been there before."""
        if message.model:
            self._name(message.model)
        tokens, asked = message.tokens, first_words(message.content) if message.type == "user" else None
        if tokens is None and asked is None:
            return
        if not message.id:
            self.refuse("no_id", offset)
            return
        time_ms = self._plausible(message.timestamp)
        if time_ms is None:
            self.refuse("bad_time", offset)
            return
        self._alive(time_ms)
        mark = mark_of(message.id)
        if asked is not None and mark not in self.state.asked:
            self.state.asked.add(mark)
            self._asked(asked)
            self.prompts.append(PromptRecord(time_ms, offset, length))
        if tokens is not None:
            self._respond(mark, tokens, message.model, time_ms, offset)

    def add_up(self) -> None:
        """The audit of what is counted: it can change with every line."""
        audit, responses = self.state.audit, self.state.responses.values()
        _set(audit, "counted", [one.total for one in responses])
        _set(audit, "clamped", [one.total for one in responses if one.cached > one.input])

    def rows(self, marks: Iterable[int]) -> tuple[list[UsageTuple], list[Labels]]:
        """The events of these responses, in the parts that do not overlap, and the labels they point to (G10)."""
        state, index, events = self.state, dict[Labels, int](), list[UsageTuple]()
        flags = _GLOBAL | (_SIDE if state.facts.kind == SUBAGENT else 0)
        for mark in marks:
            one = state.responses[mark]
            cached = min(one.cached, one.input)
            model = one.model or UNKNOWN_MODEL
            labels = Labels(model, None, None, state.project or None, None, prompt_band(one.input + one.tool), 0)
            events.append((
                response_key(state.facts.id, mark), one.time_ms, index.setdefault(labels, len(index)),
                one.input - cached + one.tool, cached, 0, 0, one.output + one.thoughts, one.thoughts,
                flags if one.named else flags | _ASSUMED, one.offset,
            ))  # fmt: skip
        return events, list(index)

    def _asked(self, text: str) -> None:
        """What a person asked: a title that was made of it is none."""
        state, mark = self.state, beginning_mark(text)
        if mark is not None and len(state.begun) < MAX_MARKS and mark not in state.begun:
            state.begun.append(mark)
            if state.facts.title is not None and repeats(state.facts.title, (mark,)):
                state.facts.title = None

    def _respond(self, mark: int, tokens: Tokens, model: str | None, time_ms: int, offset: int) -> None:
        state, known = self.state, self.state.responses.get(mark)
        one = Response(
            time_ms if known is None else known.time_ms,
            offset,
            tokens.input or 0,
            tokens.cached or 0,
            tokens.tool or 0,
            tokens.output or 0,
            tokens.thoughts or 0,
            model or (state.model if known is None else known.model),
            bool(model) or (known is not None and known.named),
        )
        if not any(one.counts):
            self._note("empty", 0)  # a response that failed; it takes nothing back either
            return
        if known is not None:
            if (known.counts, known.model, known.named) == (one.counts, one.model, one.named):
                self._note("duplicate", one.total)
                return
            self._note("corrected", one.total)
        self._touch(mark)
        state.responses[mark] = one
        state.facts.context_used = one.total

    def _name(self, model: str) -> None:
        """The model of what follows; and, where it is the first, of the responses before it (G9)."""
        state = self.state
        if state.model is None:
            for mark, one in state.responses.items():
                if one.model is None:
                    self._touch(mark)
                    one.model = model
        state.model = state.facts.model = model

    def _touch(self, mark: int) -> None:
        if mark not in self.touched:
            self.touched[mark] = mark in self.state.responses

    def _note(self, kind: str, tokens: int) -> None:
        tally = self.state.audit.setdefault(kind, Tally())
        tally.records += 1
        tally.tokens = min(tally.tokens + tokens, MAX_COUNT)

    def _plausible(self, text: str) -> int | None:
        time_ms = parse_utc_ms(text)
        return time_ms if time_ms is not None and EARLIEST_MS <= time_ms <= self._latest_ms else None

    def _alive(self, time_ms: int) -> None:
        facts = self.state.facts
        if facts.started_ms is None or time_ms < facts.started_ms:
            facts.started_ms = time_ms
        if facts.last_seen_ms is None or time_ms > facts.last_seen_ms:
            facts.last_seen_ms = time_ms


def _set(audit: dict[str, Tally], kind: str, totals: list[int]) -> None:
    if totals:
        audit[kind] = Tally(len(totals), min(sum(totals), MAX_COUNT))
    else:
        audit.pop(kind, None)
