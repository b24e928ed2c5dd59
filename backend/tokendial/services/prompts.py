"""Prompts, newest first, each with the model that answered and what its turn cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from tokendial.errors import BadRequest, NotFound
from tokendial.ingest.reader import MAX_LINE_BYTES
from tokendial.ingest.records import Budget
from tokendial.services.contract.prompts import Prompt, PromptRequest, PromptRow, PromptsPage, PromptsRequest
from tokendial.services.prompt_text import PromptReader, ShownText
from tokendial.services.totals import Totals, total_of
from tokendial.services.view import View
from tokendial.store import prompts as stored
from tokendial.store import session_usage
from tokendial.store.prompts import PromptFilter, PromptKey

MAX_PAGE = 200
EXCERPT_LENGTH = 2_000
FULL_LENGTH = 200_000
PAGE_BYTES, PAGE_RECORD_BYTES = 48 << 20, 8 << 20
FULL_BYTES = 512 << 20
_ID = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,18})", re.ASCII)

TextOf = Callable[[stored.PromptRow], ShownText]


class FoundPrompt(NamedTuple):
    """A prompt and its turn, its text not read."""

    row: stored.PromptRow
    models: list[str]
    totals: Totals


class FoundPage(NamedTuple):
    """A page of prompts, no text read."""

    prompts: list[FoundPrompt]
    next: str | None


def find(view: View, request: PromptsRequest) -> FoundPage:
    """The prompts of a page. Raises BadRequest for a page that makes no sense."""
    if not 1 <= request.limit <= MAX_PAGE:
        raise BadRequest(f"A page has 1 to {MAX_PAGE} prompts.", field="limit")
    period = view.range(request)
    wanted = PromptFilter(
        homes=view.home_ids,
        start_ms=None if request.range == "alltime" else period.start_ms,
        end_ms=None if request.range == "alltime" else period.end_ms,
        session=request.session,
        project=request.project,
        after=_key(request.after),
    )
    rows = stored.page(view.connection, wanted, request.limit + 1)
    more = len(rows) > request.limit
    rows = rows[: request.limit]
    return FoundPage([_turn(view, row) for row in rows], _cursor(rows[-1].key) if more else None)


def find_one(view: View, request: PromptRequest) -> stored.PromptRow:
    """The prompt of an id, with all its copies. Raises NotFound: only what the ledger knows as a prompt is read."""
    match = _ID.fullmatch(request.id)
    if match is None:
        raise NotFound("There is no such prompt.", id=request.id[:60])
    file_id, offset, time_ms = (int(part) for part in match.groups())
    wanted = PromptFilter(homes=view.shown, at=(time_ms, file_id, offset))
    rows = stored.page(view.connection, wanted, 1)
    if not rows:
        raise NotFound("There is no such prompt any more.", id=request.id[:60])
    return rows[0]


def page(found: FoundPage, text_of: TextOf | None = None) -> PromptsPage:
    """The page with its texts, read now."""
    read = (
        text_of
        or PromptReader(
            (one.row for one in found.prompts), EXCERPT_LENGTH, Budget(PAGE_BYTES, PAGE_RECORD_BYTES)
        ).text_of
    )
    return PromptsPage(True, [_row(one, read(one.row)) for one in found.prompts], found.next)


def full(row: stored.PromptRow, text_of: TextOf | None = None) -> Prompt:
    """One prompt in full, read now."""
    read = text_of or PromptReader([row], FULL_LENGTH, Budget(FULL_BYTES, MAX_LINE_BYTES)).text_of
    text = read(row)
    return Prompt(
        on=True,
        state=text.state,
        prompt_text=text.text,
        cut=text.cut,
        secrets=text.secrets,
        attachments=[*text.attachments],
    )


def off() -> Prompt:
    """What is said of a prompt where none is to be shown."""
    return Prompt(on=False, state="gone", prompt_text=None, cut=False, secrets=0, attachments=[])


def _turn(view: View, row: stored.PromptRow) -> FoundPrompt:
    """The responses of the session from the prompt until the next one."""
    end = stored.end_of_turn(view.connection, row.session_num, row.key.time_ms)
    found = session_usage.usage_of(view.connection, [row.session_num], row.key.time_ms, end, view.epochs)
    sums = [one for one in found[row.session_num] if view.labels[one.label_id].home_id in view.shown]
    tokens: dict[str, int] = {}
    for one in sums:
        model = view.labels[one.label_id].model
        tokens[model] = tokens.get(model, 0) + one.tokens.total
    models = sorted(tokens, key=lambda model: (-tokens[model], model))
    return FoundPrompt(row, models, total_of(sums, view.labels, view.pricer))


def _row(one: FoundPrompt, text: ShownText) -> PromptRow:
    row = one.row
    return PromptRow(
        id=f"{row.places[0].file_id}-{row.places[0].offset}-{row.key.time_ms}",
        time_ms=row.key.time_ms,
        provider=row.key.provider,
        session=row.session_id,
        session_title=row.title,
        project=row.project,
        models=one.models,
        usage=one.totals.usage(),
        state=text.state,
        excerpt=text.text,
        cut=text.cut,
        secrets=text.secrets,
        attachments=[*text.attachments],
    )


def _cursor(key: PromptKey) -> str:
    return msgspec.json.encode(tuple(key)).decode()


def _key(cursor: str | None) -> PromptKey | None:
    if cursor is None:
        return None
    try:
        parts: Sequence[int | str] = msgspec.json.decode(cursor, type=tuple[int, str, str])
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise BadRequest("There is no such page.", field="after") from error
    if not 0 <= int(parts[0]) < 1 << 62:
        raise BadRequest("There is no such page.", field="after")
    return PromptKey(int(parts[0]), str(parts[1]), str(parts[2]))
