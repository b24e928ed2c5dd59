"""Blocks in the limits panel: where no reading of a provider's session window runs, what the logs let one estimate."""

from __future__ import annotations

from tokendial.domain import blocks as rules
from tokendial.domain.blocks import Block
from tokendial.domain.limits import Window
from tokendial.services.view import View
from tokendial.store import usage

_DAY_MS = 86_400_000
_REACH_MS = 14 * _DAY_MS


def blocks_of(view: View, provider: str, minutes: int) -> list[Window]:
    """The provider's blocks of the last days, oldest first, the running one among them; its homes together.

    They are windows without a reading: how much of them is used is not known.
    """
    homes = tuple(home for home in view.home_ids if view.providers[home] == provider)
    today = view.today_ms

    def before() -> list[Block]:
        times = usage.used_at(view.connection, today - _REACH_MS, today, provider, homes)
        return rules.blocks(times, minutes)

    known = view.closed(("blocks", provider, homes, today, minutes), today, before)
    times = usage.used_at(view.connection, today, view.now_ms + 1, provider, homes)
    found = [*known, *rules.blocks(times, minutes, known[-1] if known else None)]
    return [Window(block.start_ms, block.end_ms, minutes, ()) for block in found]
