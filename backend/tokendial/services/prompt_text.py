"""Reads prompts from the logs: only their own bytes, checked to be the prompt of that time, secrets masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tokendial.domain.secrets import masked
from tokendial.ingest.reader import Unreadable
from tokendial.ingest.records import Budget, Place, read_records
from tokendial.providers import provider
from tokendial.providers.base import PromptText
from tokendial.services.contract.prompts import PromptState
from tokendial.store.prompts import PromptPlace, PromptRow

_ATTACHMENTS = 20
_NAME_LENGTH = 120
# The first that holds of a prompt's copies is what is said of it.
_ORDER: tuple[PromptState, ...] = ("shown", "large", "rewritten", "unreadable", "gone")


class ShownText(NamedTuple):
    """A prompt as it may be shown: `text` only where the state is `shown`."""

    state: PromptState
    text: str | None = None
    cut: bool = False
    secrets: int = 0
    attachments: tuple[str, ...] = ()


class PromptReader:
    """Reads the texts of some prompts, each file once."""

    def __init__(self, rows: Iterable[PromptRow], most: int, budget: Budget) -> None:
        """At most `most` characters of each are shown."""
        self._most, self._budget = most, budget
        self._wanted: dict[str, list[Place]] = {}
        for row in rows:
            for place in row.places:
                self._wanted.setdefault(place.path, []).append(_place(place))
        self._read: dict[str, dict[Place, bytes] | PromptState] = {}

    def text_of(self, row: PromptRow) -> ShownText:
        """The text, from the first copy that still holds it; else why there is none."""
        best: PromptState = _ORDER[-1]
        for place in row.places:
            found = self._record(place)
            if isinstance(found, bytes):
                text = _prompt_at(place, found, row.key.time_ms)
                if text is not None:
                    return shown(text, self._most)
                found = "rewritten"
            best = min(best, found, key=_ORDER.index)
        return ShownText(best)

    def _record(self, place: PromptPlace) -> bytes | PromptState:
        held = self._read.get(place.path)
        if held is None:
            held = self._read[place.path] = self._file(place)
        return held.get(_place(place), "large") if isinstance(held, dict) else held

    def _file(self, place: PromptPlace) -> dict[Place, bytes] | PromptState:
        try:
            return read_records(place.path, self._wanted[place.path], self._budget)
        except FileNotFoundError:
            return "gone"
        except Unreadable:
            return "unreadable"


def shown(text: PromptText, most: int) -> ShownText:
    """A prompt without its secrets, cut after `most` characters."""
    clean = masked(text.text, most)
    names = [masked(name, _NAME_LENGTH) for name in text.attachments[:_ATTACHMENTS]]
    secrets = clean.secrets + sum(name.secrets for name in names)
    return ShownText("shown", clean.text, clean.cut, secrets, tuple(name.text for name in names))


def _place(place: PromptPlace) -> Place:
    return Place(place.offset, place.length)


def _prompt_at(place: PromptPlace, record: bytes, time_ms: int) -> PromptText | None:
    """The record as long as it was, else to the end of its line: what was mended has another length."""
    logs = provider(place.provider).logs
    whole = record[: place.length]
    line = whole if logs.is_document(place.path) else record.partition(b"\n")[0]
    texts: Sequence[bytes] = (whole,) if line == whole else (whole, line)
    return next((text for text in (logs.prompt_of(each, time_ms) for each in texts) if text is not None), None)
