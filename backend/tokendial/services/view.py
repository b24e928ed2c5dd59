"""One consistent look at the ledger: a read transaction, the labels that the filter lets through, and the prices."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tokendial.domain.periods import Range, bounded, resolve_range
from tokendial.domain.pricing import PriceBook
from tokendial.domain.zones import day_start_ms, local_day
from tokendial.services.closed import ClosedCache
from tokendial.services.contract.common import Filter, ResolvedRange
from tokendial.services.gather import Gathered, alike, by_provider, fold_days, gather_alike, gather_days, keys_of_fold
from tokendial.services.prices import PriceDesk
from tokendial.services.totals import Pricer, Totals, total_of
from tokendial.store import homes, kept_days, sessions, usage
from tokendial.store.database import Connection, Database
from tokendial.store.day_sums import DaySums
from tokendial.store.usage import LabelRow, UsageSum

_T = TypeVar("_T")


@lru_cache(maxsize=4)
def _day_starts(zone: ZoneInfo, first: date, end: date) -> tuple[int, ...]:
    return tuple(day_start_ms(first + timedelta(days=n), zone) for n in range((end - first).days))


class View(NamedTuple):
    """What a panel needs to answer. `providers` are those of the homes that the filter lets through, by home id.

    `shown` are the homes that any filter may let through: those that are on, of providers that are on.
    """

    connection: Connection
    labels: dict[int, LabelRow]
    allowed: frozenset[int]
    providers: dict[int, str]
    shown: frozenset[int]
    book: PriceBook
    pricer: Pricer
    epochs: Sequence[int]
    zone: ZoneInfo
    first_weekday: int
    now_ms: int
    span: tuple[int, int] | None
    cache: ClosedCache
    change: int
    prices: int

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

    def sums(self, start_ms: int | None, end_ms: int | None, cuts: Sequence[int] = ()) -> Iterator[UsageSum]:
        """What was used in [start_ms, end_ms) by bucket, price epoch and label set, within the filter, row by row."""
        rows = usage.sums(self.connection, start_ms, end_ms, cuts, self.epochs)
        if len(self.allowed) == len(self.labels):
            return rows
        return (row for row in rows if row.label_id in self.allowed)

    def by_time(self, start_ms: int | None, end_ms: int | None, cuts: Sequence[int]) -> Gathered:
        """Usage in [start_ms, end_ms) by bucket alone, for who asks once: nothing of it is remembered."""
        rows = usage.price_sums(self.connection, start_ms, end_ms, cuts, self.epochs)
        within = (row for row in rows if row[2] in self.allowed)
        return gather_alike(within, self.labels, self.pricer)

    def total(self, rows: Iterable[UsageSum]) -> Totals:
        """The sum of some rows with its cost."""
        return total_of(rows, self.labels, self.pricer)

    @property
    def today_ms(self) -> int:
        """When today began: what lies before is over and hardly ever changes."""
        return day_start_ms(local_day(self.now_ms, self.zone), self.zone)

    def closed(self, key: Hashable, end_ms: int, make: Callable[[], _T]) -> _T:
        """What is worked out about the time before `end_ms`, whatever it costs, from memory where it is known."""
        return self.cache.get((key, self.allowed), end_ms, self.change, make)

    def closed_cost(self, key: Hashable, end_ms: int, make: Callable[[], _T]) -> _T:
        """The same of what depends on the prices."""
        return self.cache.get((key, self.allowed, self.prices), end_ms, self.change, make)

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
        whole = Gathered()
        for low, high, over in self.parts(start_ms, end_ms):

            def make(low: int | None = low, high: int | None = high, over: bool = over) -> Gathered:
                folded = self.folded(low, high, cuts, name, stack, by, over=over)
                return gather_days(folded, self.labels, self.pricer, stack, by)

            whole.absorb(self.closed_cost(("gathered", name, low, high, cuts), high or 0, make) if over else make())
        return whole

    def total_between(self, start_ms: int | None, end_ms: int | None, provider: str | None = None) -> Totals:
        """The sum of what was used in [start_ms, end_ms), of all providers in the filter or of one."""
        found = self.by_provider_between(start_ms, end_ms)
        return found.total if provider is None else found.groups.get(provider, Totals())

    def by_provider_between(self, start_ms: int | None, end_ms: int | None) -> Gathered:
        """What was used in [start_ms, end_ms), grouped by provider."""
        return self.gathered(start_ms, end_ms, (), "total", alike, by_provider)

    def folded(
        self,
        start_ms: int | None,
        end_ms: int | None,
        cuts: tuple[int, ...],
        name: Hashable,
        stack: Callable[[LabelRow], str],
        by: Callable[[LabelRow], str],
        *,
        over: bool,
    ) -> DaySums:
        """`day_sums` within the filter, with what goes to the same cells added up; remembered if `over`."""

        def make() -> DaySums:
            whole = self._of_days(start_ms, end_ms, cuts, *keys_of_fold(stack, by)) if over else None
            if whole is not None:
                return whole
            rows = self.day_sums(start_ms, end_ms, cuts, over=over)
            return fold_days(rows, self.let_through, self.labels, stack, by)

        return self.closed(("folded", name, start_ms, end_ms, cuts), end_ms or 0, make) if over else make()

    def _of_days(
        self,
        start_ms: int | None,
        end_ms: int | None,
        cuts: tuple[int, ...],
        stack: Callable[[LabelRow], str],
        by: Callable[[LabelRow], str],
    ) -> DaySums | None:
        """The same of whole local days that are over, from one reading of all of them; None where it cuts a day."""
        days, today = self.days_over, self.today_ms
        first = days[0] if days else today
        bounds = {one for one in (start_ms, end_ms, *cuts) if one is not None and first < one < today}
        if not bounds <= set(days):
            return None

        def make() -> DaySums:
            return fold_days(self.closed_days(), self.let_through, self.labels, stack, by)

        rows = self._by_day(stack, by, make)
        low = 0 if start_ms is None else bisect_left(days, start_ms)
        high = len(days) if end_ms is None else bisect_left(days, end_ms)
        return rows.moved(low, [max(0, bisect_right(cuts, day) - 1) for day in days[low:high]])

    def read_days_alike(self) -> DaySums:
        """The sums of each local day that is over, of what is priced alike and has one effort, for all that follow.

        The overview is made of them. Added up by the database, which needs no Python for it; who has `closed_days`
        already adds those up faster. Where the filter holds something back, these are read: the database knows none.
        """
        if self.let_through is not None:
            return self.closed_days()

        def make() -> DaySums:
            return kept_days.alike_sums(self.connection, self.zone.key, self.days_over, self.today_ms)

        return self._by_day(alike, alike, make)

    def _by_day(
        self, stack: Callable[[LabelRow], str], by: Callable[[LabelRow], str], make: Callable[[], DaySums]
    ) -> DaySums:
        return self.closed(("by day", self.zone.key, stack, by), self.today_ms, make)

    def closed_days(self) -> DaySums:
        """The sums of each local day that is over by label set, of all homes; remembered."""
        return self.day_sums(None, self.today_ms, self.days_over, over=True)

    @property
    def days_over(self) -> tuple[int, ...]:
        """When each local day from the first event's until yesterday began."""
        if self.span is None:
            return ()
        return _day_starts(self.zone, local_day(self.span[0], self.zone), local_day(self.now_ms, self.zone))

    def day_sums(self, start_ms: int | None, end_ms: int | None, cuts: tuple[int, ...], *, over: bool) -> DaySums:
        """What was used in [start_ms, end_ms) by bucket, UTC day and label set, of all homes; remembered if `over`.

        Tokens stay what they are when prices change: then nothing has to be read again.
        """

        def make() -> DaySums:
            return usage.day_sums(self.connection, start_ms, end_ms, cuts)

        return self.cache.get(("days", start_ms, end_ms, cuts), end_ms or 0, self.change, make) if over else make()

    def session_counts(self, start_ms: int | None, end_ms: int | None) -> dict[str, int]:
        """How many sessions used something in [start_ms, end_ms) within the filter, by provider."""
        found: dict[str, int] = {}
        for low, high, over in self.parts(start_ms, end_ms):

            def make(low: int | None = low, high: int | None = high) -> dict[str, int]:
                since = None if low == start_ms else start_ms or 0
                return sessions.count_with_usage(self.connection, low, high, self.home_ids, since)

            part = self.closed(("session-counts", low, high), high or 0, make) if over else make()
            found = {one: found.get(one, 0) + part.get(one, 0) for one in {**found, **part}}
        return found

    def parts(self, start_ms: int | None, end_ms: int | None) -> Iterator[tuple[int | None, int | None, bool]]:
        """[start_ms, end_ms) cut at the beginning of today; whether a part is over."""
        today = self.today_ms
        if start_ms is not None and start_ms >= today:
            yield start_ms, end_ms, False
            return
        over = today if end_ms is None else min(today, end_ms)
        yield start_ms, over, True
        if end_ms is None or end_ms > over:
            yield over, end_ms, False

    @property
    def let_through(self) -> frozenset[int] | None:
        """The label sets within the filter; None where it holds none back."""
        return None if len(self.allowed) == len(self.labels) else self.allowed


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
        change = cache.refresh(connection)
        last = usage.last_label(connection)  # label sets are only ever added
        labels = cache.get(("labels", last), 0, change, lambda: usage.labels(connection))
        shown = {one: own for one, own, is_on in homes.switches(connection) if is_on and own not in disabled}
        active = {one: own for one, own in shown.items() if home in (None, one) and provider in (None, own)}

        def let_through() -> frozenset[int]:
            return frozenset(
                label.id for label in labels.values() if label.home_id in active and provider in (None, label.provider)
            )

        # The same object each time: it stands in every key of the cache.
        allowed = cache.get(("allowed", last, frozenset(active), provider), 0, change, let_through)
        yield View(
            connection=connection,
            labels=labels,
            allowed=allowed,
            providers=active,
            shown=frozenset(shown),
            book=book,
            pricer=Pricer(book, epochs, labels),
            epochs=epochs,
            zone=zone,
            first_weekday=first_weekday,
            now_ms=int(time.time() * 1000),
            span=usage.span(connection),
            cache=cache,
            change=change,
            prices=version,
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
