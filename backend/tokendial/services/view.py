"""One consistent look at the ledger: a read transaction, the labels that the filter lets through, and the prices."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tokendial.domain.periods import Range, bounded, resolve_range
from tokendial.services.contract.common import Filter, ResolvedRange
from tokendial.services.prices import PriceDesk
from tokendial.services.totals import Pricer, Totals
from tokendial.store import homes, usage
from tokendial.store.database import Connection, Database
from tokendial.store.usage import LabelRow, UsageSum


class View(NamedTuple):
    """What a panel needs to answer."""

    connection: Connection
    labels: dict[int, LabelRow]
    allowed: frozenset[int]
    home_ids: tuple[int, ...]
    provider: str | None
    pricer: Pricer
    epochs: Sequence[int]
    zone: ZoneInfo
    first_weekday: int
    now_ms: int
    span: tuple[int, int] | None

    def range(self, wanted: Filter) -> Range:
        """The range of a filter with its ends put in. Raises BadRequest naming the field."""
        period = resolve_range(wanted.range, wanted.start, wanted.end, self.now_ms, self.zone)
        first = self.span[0] if self.span else None
        last = max(self.now_ms, self.span[1]) if self.span else self.now_ms
        return bounded(period, first, last)

    def sums(self, start_ms: int | None, end_ms: int | None, cuts: Sequence[int] = ()) -> list[UsageSum]:
        """What was used in [start_ms, end_ms) by bucket, price epoch and label set, within the filter."""
        rows = usage.sums(self.connection, start_ms, end_ms, cuts, self.epochs)
        if len(self.allowed) == len(self.labels):
            return rows
        return [row for row in rows if row.label_id in self.allowed]

    def total(self, rows: Sequence[UsageSum]) -> Totals:
        """The sum of some rows with its cost."""
        totals = Totals()
        for row in rows:
            totals.add(row, self.labels[row.label_id], self.pricer.rates(row.label_id, row.epoch))
        return totals


@contextmanager
def open_view(
    database: Database,
    desk: PriceDesk,
    zone: ZoneInfo,
    first_weekday: int,
    provider: str | None = None,
    home: int | None = None,
) -> Iterator[View]:
    """A view of active homes, or of one home, or of one provider. Raises LedgerError."""
    book, epochs = desk.book(), desk.epochs()
    with database.reading() as connection:
        labels = usage.labels(connection)
        active = tuple(
            row.id
            for row in homes.all_homes(connection)
            if row.active and home in (None, row.id) and provider in (None, row.provider)
        )
        allowed = frozenset(
            label.id for label in labels.values() if label.home_id in active and provider in (None, label.provider)
        )
        yield View(
            connection=connection,
            labels=labels,
            allowed=allowed,
            home_ids=active,
            provider=provider,
            pricer=Pricer(book, epochs, labels),
            epochs=epochs,
            zone=zone,
            first_weekday=first_weekday,
            now_ms=int(time.time() * 1000),
            span=usage.span(connection),
        )


def resolved(period: Range) -> ResolvedRange:
    """A range as the contract has it."""
    return ResolvedRange(
        name=period.name,
        start_ms=period.start_ms,
        end_ms=period.end_ms,
        timezone=period.zone,
        label=period.label,
    )
