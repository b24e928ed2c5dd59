"""Blocks: the local stand-in for an agent's session window where no reading of it is known. An estimate, no limit.

A block begins at the hour (UTC) of its first response and ends one length later; the next response after that begins
the next one (the rule of ccusage). After a pause of a whole length there is no block until somebody works again.
Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


class Block(NamedTuple):
    """[start_ms, end_ms)."""

    start_ms: int
    end_ms: int


def blocks(times_ms: Iterable[int], minutes: int, last: Block | None = None) -> list[Block]:
    """The blocks of responses at these times, ascending, going on from the `last` block known before them.

    A quarter of an hour stands for its responses as well as they do, because blocks begin and end at whole hours.
    """
    found: list[Block] = []
    for at in times_ms:
        if last is None or at >= last.end_ms:
            start = at - at % HOUR_MS
            last = Block(start, start + minutes * MINUTE_MS)
            found.append(last)
    return found
