"""Which usage a transcript adds: each response once, in the row with the largest output (rules A1 to A7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tokendial.domain.pricing import prompt_band
from tokendial.domain.records import EventFlag, EventRows, Labels, Tally
from tokendial.providers.claude.identity import iteration_key, response_key
from tokendial.providers.claude.lines import Usage
from tokendial.providers.claude.state import ClaudeState, Row
from tokendial.providers.claude.usage import MESSAGE, Parts, parts_of, prompts_of, says_anything, tier_of, window_of

UNKNOWN_MODEL = "unknown"
_SYNTHETIC = "<synthetic>"
_PLACEHOLDER = 8  # A7: `message_start` counts so much, before there is any output
_ASSUMED, _GLOBAL = int(EventFlag.MODEL_ASSUMED), int(EventFlag.GLOBAL_KEY)
_SIDE_CHAIN, _FOREIGN = int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE)
_LOWER_BOUND = int(EventFlag.LOWER_BOUND)


class Context(NamedTuple):
    """What is known of a row beside its usage; `flags` are SIDE_CHAIN and FOREIGN_FILE."""

    time_ms: int
    offset: int
    flags: int
    message: str | None
    request: str | None
    session: str | None
    uuid: str | None
    model: str | None
    advisor: str | None
    stopped: bool
    effort: str | None
    project: str | None
    originator: str | None


class Counter:
    """Turns the usage of lines into events, and tallies every class of them."""

    def __init__(self, state: ClaudeState) -> None:
        """Count on from a state."""
        self._state = state
        self._label_index = {label: place for place, label in enumerate(state.labels)}
        self._touched: dict[int, bool] = {}  # by key; whether an earlier pass has handed it out

    def take(self, usage: Usage, context: Context) -> int | None:
        """Count the usage of a row. The size of its context, or None for a row that is no response."""
        if context.model == _SYNTHETIC:
            self._note("synthetic", 0)  # A4
            return None
        parts = parts_of(usage)
        key = response_key(
            context.message, context.request, context.session, context.uuid or f"{context.time_ms}\0{parts}"
        )
        for index, one in enumerate(usage.iterations or ()):
            if one.type not in (MESSAGE, None):
                inner = parts_of(one)
                if inner.prompt or inner.output:  # A6: billed, and not in the top level
                    model = one.model or (context.advisor if "advisor" in one.type else None) or context.model
                    tier = tier_of(usage, same_model=model == context.model)
                    beside = context._replace(model=model, stopped=True)
                    self._keep(
                        iteration_key(key, context.request, one.type, index), inner, inner.prompt, tier, beside, 0
                    )
        if not says_anything(usage):
            self._note("empty", 0)  # A4
            return None
        prompts, tools = prompts_of(usage, parts), usage.server_tool_use
        searches = tools.web_search_requests or 0 if tools is not None else 0
        self._keep(key, parts, prompts.largest, tier_of(usage), context, searches)
        return prompts.last

    def events(self) -> EventRows:
        """The rows of this pass: responses that are new, and whole rows of those that were corrected."""
        rows = self._state.rows
        return EventRows.of(
            (
                key, row.time_ms, row.label, row.input, row.cache_read, row.cache_write, row.cache_write_1h, row.output,
                row.reasoning, row.flags | (_LOWER_BOUND if row.output <= _PLACEHOLDER and not row.stopped else 0),
                row.offset,
            )
            for key in self._touched for row in (rows[key],)
        )  # fmt: skip

    def revised(self) -> list[int]:
        """The keys of this pass that an earlier one has handed out."""
        return [key for key, known in self._touched.items() if known]

    def settle(self) -> None:
        """Bring the tallies that follow from the rows up to date."""
        rows = self._state.rows.values()
        lower = [row.tokens for row in rows if row.output <= _PLACEHOLDER and not row.stopped]
        sums = {
            "counted": Tally(len(rows), sum([row.tokens for row in rows])),
            "lower_bound": Tally(len(lower), sum(lower)),
            "web_search": Tally(sum([row.searches for row in rows])),
        }
        self.tally(sums)

    def tally(self, sums: Mapping[str, Tally]) -> None:
        """Take tallies over; those of nothing are left out."""
        for kind, tally in sums.items():
            if tally.records:
                self._state.audit[kind] = tally
            else:
                self._state.audit.pop(kind, None)
        self._state.audit = dict(sorted(self._state.audit.items()))

    def dump(self) -> bytes:
        """The state, when all is settled."""
        return self._state.dump()

    def put(self, key: int, row: Row, label: Callable[[], int]) -> None:
        """Take a row of a response; `label` tells its labels where it holds."""
        if self._holds(key, row):
            row.label = label()

    def _holds(self, key: int, row: Row) -> bool:
        """A1: of the rows of a response the one with the largest output does, with the time of the first."""
        known = self._state.rows.get(key)
        if known is None:
            self._touched[key] = False
        else:
            row.time_ms = known.time_ms
            if _rank(row) <= _rank(known):
                self.note_repeated(1, row.tokens)
                if row.stopped and not known.stopped:
                    known.stopped = True
                    if known.output <= _PLACEHOLDER:
                        self._touched.setdefault(key, True)
                return False
            self.note_repeated(1, known.tokens)
            row.stopped = row.stopped or known.stopped
            self._touched.setdefault(key, True)
        self._state.rows[key] = row
        return True

    def note_repeated(self, rows: int, tokens: int) -> None:
        """Rows of a response that do not hold."""
        tally = self._state.audit.setdefault("duplicate", Tally())
        tally.records += rows
        tally.tokens += tokens

    def label(
        self, model: str, prompt: int, tier: str | None, effort: str | None, project: str | None, originator: str | None
    ) -> int:
        """The place of the labels of a row with a context of this size."""
        labels = Labels(model, effort, tier, project, originator, prompt_band(prompt), window_of(model, prompt))
        label = self._label_index.get(labels)
        if label is None:
            label = self._label_index[labels] = len(self._state.labels)
            self._state.labels.append(labels)
        return label

    def _keep(self, key: int, parts: Parts, prompt: int, tier: str | None, context: Context, searches: int) -> None:
        flags = context.flags | _GLOBAL | (0 if context.model else _ASSUMED)
        row = Row(context.time_ms, -1, *parts, flags, context.offset, searches, context.stopped)
        model, effort, project, originator = context.model, context.effort, context.project, context.originator
        self.put(key, row, lambda: self.label(model or UNKNOWN_MODEL, prompt, tier, effort, project, originator))

    def _note(self, kind: str, tokens: int) -> None:
        _add(self._state.audit.setdefault(kind, Tally()), tokens)


def _rank(row: Row) -> tuple[int, bool, bool, int]:
    """What decides between rows of one response, first their output."""
    return row.output, not row.flags & _SIDE_CHAIN, not row.flags & _FOREIGN, row.tokens


def _add(tally: Tally, tokens: int) -> None:
    tally.records += 1
    tally.tokens += tokens
