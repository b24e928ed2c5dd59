"""One consistent look at the ledger: a read transaction, the labels that the filter lets through, and the prices."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tokendial.domain.periods import Range, bounded, resolve_range
from tokendial.domain.zones import day_start_ms, local_day
from tokendial.services.closed import ClosedCache
from tokendial.services.contract.common import Filter, ResolvedRange
from tokendial.services.gather import Gathered, gather
from tokendial.services.prices import PriceDesk
from tokendial.services.totals import Pricer, Totals, total_of
from tokendial.store import homes, usage
from tokendial.store.database import Connection, Database
from tokendial.store.usage import LabelRow, UsageSum

_T = TypeVar("_T")


class View(NamedTuple):
    """What a panel needs to answer. `providers` are those of the homes that the filter lets through, by home id.

    `shown` are the homes that any filter may let through: those that are on, of providers that are on.
    """

    connection: Connection
    labels: dict[int, LabelRow]
    allowed: frozenset[int]
    providers: dict[int, str]
    shown: frozenset[int]
    pricer: Pricer
    epochs: Sequence[int]
    zone: ZoneInfo
    first_weekday: int
    now_ms: int
    span: tuple[int, int] | None
    cache: ClosedCache
    change: int
    scope: Hashable

    @property
    def home_ids(self) -> Collection[int]:
        """The homes that the filter lets through."""
        return self.providers.keys()

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
        return total_of(rows, self.labels, self.pricer)

    @property
    def today_ms(self) -> int:
        """When today began: what lies before is over and hardly ever changes."""
        return day_start_ms(local_day(self.now_ms, self.zone), self.zone)

    def closed(self, key: Hashable, end_ms: int, make: Callable[[], _T]) -> _T:
        """What is worked out about the time before `end_ms`, from memory where it is known."""
        return self.cache.get((key, self.scope), end_ms, self.change, make)

    def gathered(
        self,
        start_ms: int | None,
        end_ms: int | None,
        cuts: tuple[int, ...],
        name: Hashable,
        stack: Callable[[LabelRow], str],
        by: Callable[[LabelRow], str],
    ) -> Gathered:
        """Usage in [start_ms, end_ms) by bucket and keys. `name` tells the keys and the cuts' unit apart."""

        def between(low: int | None, high: int | None) -> Gathered:
            return gather(self.sums(low, high, cuts), self.labels, self.pricer, stack, by)

        today = self.today_ms
        if start_ms is not None and start_ms >= today:
            return between(start_ms, end_ms)
        over = min(today, end_ms) if end_ms is not None else today
        whole = Gathered()
        whole.absorb(self.closed(("gathered", name, start_ms, over, cuts), over, lambda: between(start_ms, over)))
        if end_ms is None or end_ms > over:
            whole.absorb(between(over, end_ms))
        return whole

    def total_between(self, start_ms: int | None, end_ms: int | None, provider: str | None = None) -> Totals:
        """The sum of what was used in [start_ms, end_ms), of all providers in the filter or of one."""

        def between(low: int | None, high: int | None) -> Totals:
            rows = self.sums(low, high)
            return self.total([row for row in rows if provider in (None, self.labels[row.label_id].provider)])

        today = self.today_ms
        if start_ms is not None and start_ms >= today:
            return between(start_ms, end_ms)
        over = min(today, end_ms) if end_ms is not None else today
        whole = Totals()
        whole.merge(self.closed(("total", start_ms, over, provider), over, lambda: between(start_ms, over)))
        if end_ms is None or end_ms > over:
            whole.merge(between(over, end_ms))
        return whole


@contextmanager
def open_view(
    database: Database,
    desk: PriceDesk,
    cache: ClosedCache,
    zone: ZoneInfo,
    first_weekday: int,
    provider: str | None = None,
    home: int | None = None,
    disabled: Collection[str] = (),
) -> Iterator[View]:
    """A view of active homes, or of one home, or of one provider, `disabled` providers left out. Raises LedgerError."""
    book, epochs, version = desk.current()
    with database.reading() as connection:
        labels = usage.labels(connection)
        shown = [row for row in homes.all_homes(connection) if row.active and row.provider not in disabled]
        active = {row.id: row.provider for row in shown if home in (None, row.id) and provider in (None, row.provider)}
        allowed = frozenset(
            label.id for label in labels.values() if label.home_id in active and provider in (None, label.provider)
        )
        yield View(
            connection=connection,
            labels=labels,
            allowed=allowed,
            providers=active,
            shown=frozenset(row.id for row in shown),
            pricer=Pricer(book, epochs, labels),
            epochs=epochs,
            zone=zone,
            first_weekday=first_weekday,
            now_ms=int(time.time() * 1000),
            span=usage.span(connection),
            cache=cache,
            change=cache.refresh(connection),
            scope=(allowed, version),
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
