"""What every session used in a range, as far as a list is sorted by it; days that are over come from memory."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.domain.pricing import cost_at
from tokendial.domain.tokens import TokenCounts
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
    """Tokens are added up first per session, price epoch and rates; the few sums that are left are priced."""
    classes = {label: view.pricer.rate_class(label) for label in view.allowed}
    epochs: dict[int, int] = {}
    alike: dict[tuple[int, int, int], list[int]] = {}
    for number, day, label_id, *counts in session_usage.usage_of_all(view.connection, start_ms, end_ms):
        if label_id not in classes:
            continue
        if day not in epochs:
            epochs[day] = view.pricer.epoch_of_day(day)
        slot = (number, epochs[day], classes[label_id])
        known = alike.get(slot)
        if known is None:
            alike[slot] = counts
        else:
            for place, count in enumerate(counts):
                known[place] += count
    sums: dict[int, list[int]] = {}
    for (number, epoch, label_id), (*parts, events) in alike.items():
        tokens, rates = TokenCounts(*parts), view.pricer.rates(label_id, epoch)
        one = sums.setdefault(number, [0, 0, 0])
        one[0] += tokens.total
        one[1] += 0 if rates is None else cost_at(tokens, rates).total
        one[2] += events
    return {number: SessionSum(*one) for number, one in sums.items()}
