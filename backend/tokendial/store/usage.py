"""Sums of usage over time: from the roll-up for whole quarters of an hour, from events at the edges of a range."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from tokendial.domain.records import BUCKET_MS
from tokendial.domain.tokens import TokenCounts
from tokendial.domain.zones import DAY_MS
from tokendial.store.day_sums import DaySums

_PARTS = "input, cache_read, cache_write, cache_write_1h, output, reasoning"
_SUMS = ", ".join(f"sum({part}) AS {part}" for part in _PARTS.split(", "))
_COLUMNS = f"cut, step, label, {_PARTS}, events"
_RATES = "provider, model, tier, band, context_window"


def _first_of(alike: str) -> tuple[str, str]:
    """For `_grouped`: of the label sets that have these columns in common, the first one stands for all."""
    first = f"min(id) OVER (PARTITION BY {alike}) AS first_id"
    return "first_id", f"JOIN (SELECT id, {first} FROM label_set) ON id = label_id"  # noqa: S608 - fixed text


_AS_IT_IS = ("label_id", "")
_PRICED_ALIKE = _first_of(f"home_id, {_RATES}")
_ALIKE = _first_of(f"{_RATES}, effort")
_EVENT = f"e.time_ms / {BUCKET_MS} AS bucket, e.label_id, {_PARTS}, 1 AS events"

_numbers = msgspec.json.Decoder(list[int]).decode


class LabelRow(NamedTuple):
    """A label set; what the log did not say is None."""

    id: int
    home_id: int
    provider: str
    model: str
    effort: str | None
    tier: str | None
    project: str | None
    originator: str | None
    band: int
    context_window: int


class UsageSum(NamedTuple):
    """What one label set used within one bucket and one price epoch."""

    bucket: int
    epoch: int
    label_id: int
    tokens: TokenCounts
    events: int


def labels(connection: sqlite3.Connection) -> dict[int, LabelRow]:
    """Every label set by id."""
    rows = connection.execute(
        "SELECT id, home_id, provider, model, nullif(effort, ''), nullif(tier, ''), nullif(project, ''), "
        "nullif(originator, ''), band, context_window FROM label_set"
    )
    return {row.id: row for row in map(LabelRow._make, rows)}


def last_label(connection: sqlite3.Connection) -> int:
    """The id of the label set that was added last."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM label_set").fetchone()[0])


def sums(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    cuts: Sequence[int] = (),
    epochs: Sequence[int] = (),
) -> Iterator[UsageSum]:
    """Counted usage in [start_ms, end_ms), None being open, by bucket, price epoch and label set, row by row.

    `cuts` are the starts of the buckets in ascending order (none: one bucket, 0); `epochs` the instants at which a
    price changes. Both must be multiples of fifteen minutes. Times are UTC milliseconds.
    """
    for row in connection.execute(*_grouped(start_ms, end_ms, cuts, _steps(epochs))):
        yield UsageSum(row[0], row[1], row[2], TokenCounts(*row[3:9]), row[9])


def price_sums(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    cuts: Sequence[int],
    epochs: Sequence[int],
) -> sqlite3.Cursor:
    """As `sums`, added up over the label sets of a home that are always priced alike, under the first of them.

    Each row is flat: bucket, price epoch, label id, the six counts of TokenCounts, responses.
    """
    return connection.execute(*_grouped(start_ms, end_ms, cuts, _steps(epochs), _PRICED_ALIKE))


def day_sums(
    connection: sqlite3.Connection,
    start_ms: int | None,
    end_ms: int | None,
    cuts: Sequence[int],
    *,
    alike: bool = False,
) -> DaySums:
    """As `sums`, by UTC day instead of price epoch: it stays right when prices change.

    `alike`: added up over the label sets of all homes that are always priced alike and have one effort, under the first
    of them.
    """
    day = f"bucket / {DAY_MS // BUCKET_MS}"
    grouped, values = _grouped(start_ms, end_ms, cuts, day, _ALIKE if alike else _AS_IT_IS)
    # One text: for each row that it hands over, SQLite's module would let every other thread go first.
    row = f"printf('%d{',%d' * (DaySums.WIDTH - 1)}', {_COLUMNS})"
    text = connection.execute(f"SELECT group_concat({row}) FROM ({grouped})", values).fetchone()[0]  # noqa: S608
    return DaySums(array("q", _numbers(f"[{text or ''}]")))


def _grouped(
    start_ms: int | None, end_ms: int | None, cuts: Sequence[int], step: str, joined: tuple[str, str] = _AS_IT_IS
) -> tuple[str, list[int]]:
    """The statement and its values; `joined` is what stands for a label set, and the table that says so."""
    source, values = _source(start_ms, end_ms)
    label, table = joined
    statement = (
        f"SELECT {_case(_runs(cuts))} AS cut, {step} AS step, {label} AS label, {_SUMS}, sum(events) AS events "  # noqa: S608
        f"FROM ({source}) {table} GROUP BY cut, step, label"
    )
    return statement, values


def span(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The times of the first and the last counted event."""
    first, last = connection.execute(
        "SELECT (SELECT min(bucket) FROM usage_rollup), (SELECT max(bucket) FROM usage_rollup)"
    ).fetchone()
    return None if first is None else (_extreme(connection, "min", first), _extreme(connection, "max", last))


def _extreme(connection: sqlite3.Connection, function: str, bucket: int) -> int:
    """The time of the first or last event of a quarter of an hour."""
    start_ms = bucket * BUCKET_MS
    source, values = _single_between(start_ms, start_ms + BUCKET_MS, f"{function}(e.time_ms)")
    found = connection.execute(source, values).fetchone()[0]
    if found is None:  # details that were removed: sessions still know when their first and last one was
        column = "first_event_ms" if function == "min" else "last_event_ms"
        (found,) = connection.execute(
            f"SELECT {function}({column}) FROM session WHERE {column} >= ? AND {column} < ?",  # noqa: S608 - fixed text
            (start_ms, start_ms + BUCKET_MS),
        ).fetchone()
    return start_ms if found is None else int(found)


def event_count(connection: sqlite3.Connection) -> int:
    """How many responses are counted."""
    return int(connection.execute("SELECT coalesce(sum(events), 0) FROM session_usage").fetchone()[0])


def models(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Every (provider, model) seen, with its tokens, most first."""
    rows = connection.execute(
        "SELECT l.provider, l.model, sum(r.input + r.cache_read + r.cache_write + r.cache_write_1h + r.output) "
        "FROM usage_rollup r JOIN label_set l ON l.id = r.label_id GROUP BY 1, 2 ORDER BY 3 DESC"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def known_models(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Every (provider, model) that a label set names."""
    return {(row[0], row[1]) for row in connection.execute("SELECT DISTINCT provider, model FROM label_set")}


def _source(start_ms: int | None, end_ms: int | None) -> tuple[str, list[int]]:
    """The rows of a range: whole quarters from the roll-up, what is left at either edge from the events."""
    first = None if start_ms is None else -(-start_ms // BUCKET_MS)
    last = None if end_ms is None else end_ms // BUCKET_MS
    if first is not None and last is not None and first >= last:
        return _events_between(start_ms or 0, end_ms or 0)
    conditions, values = [], []
    if first is not None:
        conditions.append("bucket >= ?")
        values.append(first)
    if last is not None:
        conditions.append("bucket < ?")
        values.append(last)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    parts = [f"SELECT bucket, label_id, {_PARTS}, events FROM usage_rollup{where}"]  # noqa: S608 - fixed text
    edges = []
    if start_ms is not None and first is not None and start_ms < first * BUCKET_MS:
        edges.append((start_ms, first * BUCKET_MS))
    if end_ms is not None and last is not None and last * BUCKET_MS < end_ms:
        edges.append((last * BUCKET_MS, end_ms))
    for edge in edges:
        text, bounds = _events_between(*edge)
        parts.append(text)
        values.extend(bounds)
    return " UNION ALL ".join(parts), values


def _events_between(start_ms: int, end_ms: int) -> tuple[str, list[int]]:
    """The counted events of a short time; a quarter of an hour whose details were removed belongs to its beginning."""
    text, values = _single_between(start_ms, end_ms, _EVENT)
    past = (
        f"SELECT p.bucket, p.label_id, {_PARTS}, p.events FROM session s CROSS JOIN past_usage p "  # noqa: S608
        "ON p.session_num = s.num WHERE s.last_event_ms >= ? AND s.first_event_ms < ? AND p.status = 0 "
        f"AND p.bucket >= ? AND p.bucket < ?"
    )
    return f"{text} UNION ALL {past}", [*values, start_ms, end_ms, -(-start_ms // BUCKET_MS), -(-end_ms // BUCKET_MS)]


def _single_between(start_ms: int, end_ms: int, columns: str) -> tuple[str, list[int]]:
    """The counted events of a short time: of the sessions that were going on then."""
    text = (
        f"SELECT {columns} FROM session s CROSS JOIN usage_event e ON e.session_num = s.num "  # noqa: S608
        "WHERE s.last_event_ms >= ? AND s.first_event_ms < ? AND e.status = 0 AND e.time_ms >= ? AND e.time_ms < ?"
    )
    return text, [start_ms, end_ms, start_ms, end_ms]


class _Run(NamedTuple):
    """Buckets of one length in a row: the first's place and start, and their length, in quarters of an hour."""

    place: int
    start: int
    length: int


def _runs(cuts: Sequence[int]) -> list[_Run]:
    """Equal buckets gathered into runs: a year of days is three runs where clocks change twice."""
    runs: list[_Run] = []
    starts = [cut // BUCKET_MS for cut in cuts]
    for place, start in enumerate(starts):
        length = starts[place + 1] - start if place + 1 < len(starts) else 1 << 40
        if runs and (runs[-1].length == length or place + 1 == len(starts)):
            expected = runs[-1].start + (place - runs[-1].place) * runs[-1].length
            if expected == start and runs[-1].length == length:
                continue
        runs.append(_Run(place, start, length))
    return runs


def _case(runs: Sequence[_Run]) -> str:
    """The place of a row's bucket as SQL; rows before the first cut belong to it."""
    if not runs:
        return "0"
    text = f"{runs[0].place}"
    branches = []
    for number, run in enumerate(runs):
        place = f"{run.place} + (bucket - {run.start}) / {run.length}" if run.length < 1 << 40 else f"{run.place}"
        if number + 1 < len(runs):
            branches.append(f"WHEN bucket < {runs[number + 1].start} THEN {place}")
        else:
            text = place
    return f"CASE {' '.join(branches)} ELSE {text} END" if branches else text


def _steps(epochs: Sequence[int]) -> str:
    if not epochs:
        return "0"
    branches = " ".join(f"WHEN bucket < {at // BUCKET_MS} THEN {place}" for place, at in enumerate(epochs))
    return f"CASE {branches} ELSE {len(epochs)} END"


def used_at(
    connection: sqlite3.Connection, start_ms: int, end_ms: int, provider: str, homes: Iterable[int]
) -> list[int]:
    """The quarters of an hour (by their beginning, ascending) between, in which homes of a provider had a response."""
    numbers = ",".join(str(int(home)) for home in homes)
    rows = connection.execute(
        "SELECT DISTINCT r.bucket FROM usage_rollup r JOIN label_set l ON l.id = r.label_id "  # noqa: S608 - numbers
        f"WHERE r.bucket >= ? AND r.bucket < ? AND l.provider = ? AND l.home_id IN ({numbers}) ORDER BY 1",
        (start_ms // BUCKET_MS, -(-end_ms // BUCKET_MS), provider),
    )
    return [row[0] * BUCKET_MS for row in rows]
