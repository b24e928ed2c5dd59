"""What today cost so far, for a process that has no time to open the ledger: from its roll-up and its price rules."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.money import PICO_PER_USD
from tokendial.domain.pricing import PriceBook, PriceRule, cost_at, effective_rates
from tokendial.domain.zones import day_start_ms, local_day
from tokendial.services.contract.settings import Settings
from tokendial.store import prices
from tokendial.store.peek import Connection, DaySum, used_since

_decode = msgspec.json.Decoder(PriceRule).decode


class Spent(NamedTuple):
    """Exact dollars of what has a price; whether all has one."""

    dollars: Decimal
    complete: bool


def spent_today(connection: Connection, settings: Settings, zone: ZoneInfo, now_ms: int) -> Spent | None:
    """What all shown providers cost today; None where nothing of today is in the ledger, or nothing of it has a price.

    Nothing of today may mean that it was not read yet, so it is not the same as nothing spent.
    """
    used = [
        row
        for row in used_since(connection, day_start_ms(local_day(now_ms, zone), zone))
        if row.provider not in settings.disabled_providers
    ]
    book = _book(connection, used)
    total, priced, complete = 0, False, True
    for row in used:
        rule = book.rule_for(row.provider, row.model, row.day_ms)
        if rule is None:
            complete = False
            continue
        total += cost_at(row.tokens, effective_rates(rule, row.tier, row.band)).total
        priced = True
    return Spent(Decimal(total) / PICO_PER_USD, complete) if priced else None


def _book(connection: Connection, used: list[DaySum]) -> PriceBook:
    rows = prices.about(connection, {(row.provider, row.model) for row in used})
    user = [msgspec.structs.replace(_decode(row.body), id=row.id) for row in rows if not row.catalogue]
    return PriceBook(user, [_decode(row.body) for row in rows if row.catalogue and row.body])
