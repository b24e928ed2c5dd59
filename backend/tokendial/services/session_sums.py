"""What every session used in a range, as far as a list is sorted by it; days that are over come from memory."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.domain.pricing import cost_at
from tokendial.services.view import View
from tokendial.store import session_usage


class SessionSum(NamedTuple):
    """Tokens, cost in pico-dollars (what has no price adds nothing), and responses."""

    tokens: int = 0
    cost: int = 0
    events: int = 0


def sums_of_all(view: View, start_ms: int | None, end_ms: int | None) -> dict[int, SessionSum]:
    """What each session used in [start_ms, end_ms) within the filter, by its number."""
    found: dict[int, SessionSum] = {}
    for low, high, over in view.parts(start_ms, end_ms):

        def make(low: int | None = low, high: int | None = high) -> dict[int, SessionSum]:
            return _made(view, low, high)

        part = view.closed_cost(("session-sums", low, high), high or 0, make) if over else make()
        for number, more in part.items() if found else ():
            known = found.get(number)
            found[number] = more if known is None else SessionSum(*map(sum, zip(known, more, strict=True)))
        found = found or dict(part)
    return found


def _made(view: View, start_ms: int | None, end_ms: int | None) -> dict[int, SessionSum]:
    sums: dict[int, list[int]] = {}
    for number, row in session_usage.usage_of_all(view.connection, start_ms, end_ms, view.epochs):
        if row.label_id not in view.allowed:
            continue
        rates = view.pricer.rates(row.label_id, row.epoch)
        one = sums.setdefault(number, [0, 0, 0])
        one[0] += row.tokens.total
        one[1] += 0 if rates is None else cost_at(row.tokens, rates).total
        one[2] += row.events
    return {number: SessionSum(*one) for number, one in sums.items()}
