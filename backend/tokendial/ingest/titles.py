"""Titles that an agent keeps beside its logs: one that only repeats a prompt is prompt text, and is not kept.

The index does not say who gave a title, so the first prompts are read from the log, once for each new title.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tokendial.ingest.archive import BrokenArchive
from tokendial.ingest.linenumbers import content_blocks
from tokendial.ingest.reader import Unreadable
from tokendial.providers.titles import beginning
from tokendial.store import titles as stored
from tokendial.store.database import Database
from tokendial.store.titles import PromptPlace

_MAX_BYTES = 8 << 20


def new_titles(database: Database, provider: str, titles: Mapping[str, str]) -> dict[str, str]:
    """The titles, by session id, that are new and repeat no prompt. One whose log cannot be read waits.

    Raises LedgerError.
    """
    if not titles:
        return {}
    with database.reading() as connection:
        found = stored.differing(connection, provider, titles)
        places = {session: stored.first_prompts(connection, provider, session) for session in found}
    return {session: title for session, title in found.items() if not _repeats(title, places[session])}


def _repeats(title: str, places: list[PromptPlace]) -> bool:
    begin = beginning(title)
    try:
        return any(beginning(text) == begin for place in places for text in _texts(place))
    except (OSError, Unreadable, BrokenArchive, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True


def _texts(place: PromptPlace) -> Iterator[str]:
    """Every text in the record of a prompt."""
    waiting: list[object] = [msgspec.json.decode(_content(place))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _content(place: PromptPlace) -> bytes:
    """The bytes of a record. Raises Unreadable where they are too many, or the file ends before."""
    start, stop = place.offset, place.offset + place.length
    if place.length > _MAX_BYTES:
        raise Unreadable("too long")
    at, pieces = 0, list[bytes]()
    for block in content_blocks(Path(place.path)):
        pieces.append(block[max(0, start - at) : max(0, stop - at)])
        at += len(block)
        if at >= stop:
            return b"".join(pieces)
    raise Unreadable("shorter than it was")
