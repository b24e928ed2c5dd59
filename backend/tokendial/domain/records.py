"""What a log parser hands to the ledger: provider-neutral records of one file.

Times are UTC milliseconds, offsets are bytes from the start of the (decompressed) file. No record carries log text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntFlag
from struct import Struct
from typing import NamedTuple

import msgspec


class EventFlag(IntFlag):
    """Facts about an event that decide who owns it or how far it can be trusted."""

    NONE = 0
    FRESH_COUNTER = 1  # the first response of a counter: its key alone proves nothing (R6b)
    IN_REVIEW = 2  # written while a review ran: the review's own file may hold it too (R7)
    MODEL_ASSUMED = 4  # the log names no model (R9)
    GAP = 8  # earlier lines of the counter are missing (R5)
    GLOBAL_KEY = 16  # the key is unique over all files of the provider; of its rows the fullest counts (A1, G1)
    SIDE_CHAIN = 32  # a sub-agent's row: a row outside side chains goes before it (A1, A3)
    FOREIGN_FILE = 64  # the file is named after another session (A1, A-10)
    LOWER_BOUND = 128  # the log only has a placeholder of the output (A7)
    ALONE = 256  # set by the ledger: no other file, session or review can hold the same response (see links.py)


class Labels(NamedTuple):
    """The labels that events are grouped by; `band` is the prompt-size band of domain.pricing."""

    model: str
    effort: str | None
    tier: str | None
    project: str | None
    originator: str | None
    band: int
    context_window: int


MESSAGE_BITS = 44
REQUEST_BITS = 63 - MESSAGE_BITS


class UsageRecord(NamedTuple):
    """One billed response. `key` identifies it by its content within its family of sessions.

    With GLOBAL_KEY it does so over all files: its high MESSAGE_BITS are those of the message, the rest of its request,
    so that the rows of one message stand together (A3).
    """

    key: int
    time_ms: int
    labels: int
    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    reasoning: int
    flags: int
    offset: int


# A UsageRecord without its names: the same fields in the same order.
UsageTuple = tuple[int, int, int, int, int, int, int, int, int, int, int]
_ROW, _SUM = Struct("=11q"), Struct("=9q")
_MOST = 256  # rows in a sum: of 2^53 each, they fit into 63 bits
BUCKET_MS = 900_000  # fifteen minutes divide every time zone's offset


class EventRows(msgspec.Struct, frozen=True, gc=False):
    """Many UsageRecords in little memory: the reading processes hand them over as they are.

    `packed_sums` are their sums by bucket of BUCKET_MS and label set, worked out where they were read.
    """

    packed: bytes = b""
    packed_sums: bytes = b""

    @classmethod
    def of(cls, rows: Iterable[UsageTuple]) -> EventRows:
        """Pack rows."""
        packed = b"".join([_ROW.pack(*row) for row in rows])
        return cls(packed, _summed(_ROW.iter_unpack(packed)))

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.packed) // _ROW.size

    def __iter__(self) -> Iterator[UsageTuple]:
        """The rows in order."""
        return _ROW.iter_unpack(self.packed)

    def __getitem__(self, place: int) -> UsageTuple:
        """One row."""
        row: UsageTuple = _ROW.unpack_from(self.packed, place * _ROW.size)
        return row

    @property
    def times(self) -> memoryview[int]:
        """The time of each row."""
        return memoryview(self.packed).cast("q")[1::11]

    @property
    def flags(self) -> set[int]:
        """The flags of the rows, each once."""
        return set(memoryview(self.packed).cast("q")[9::11])

    @property
    def sums(self) -> Iterator[tuple[int, int, int, int, int, int, int, int, int]]:
        """Bucket, label set, the six token counts and the number of rows; those of many rows come in several."""
        return _SUM.iter_unpack(self.packed_sums)


def _summed(rows: Iterable[UsageTuple]) -> bytes:
    sums: list[list[int]] = []
    current: dict[tuple[int, int], list[int]] = {}
    for _, time_ms, label, *counts, _, _ in rows:
        key = (time_ms // BUCKET_MS, label)
        known = current.get(key)
        if known is None or known[8] == _MOST:
            known = current[key] = [*key, 0, 0, 0, 0, 0, 0, 0]
            sums.append(known)
        for place, count in enumerate(counts, start=2):
            known[place] += count
        known[8] += 1
    return b"".join([_SUM.pack(*known) for known in sums])


class PromptRecord(NamedTuple):
    """Where a prompt stands in its log. Never its text."""

    time_ms: int
    offset: int
    length: int


class ReadingSeries(NamedTuple):
    """What all readings of one window of one limit have in common."""

    limit_id: str
    limit_name: str | None
    window_minutes: int
    plan: str | None
    credits: str | None


class ReadingRecord(NamedTuple):
    """One observation of a limit, held until `last_ms`."""

    limit_id: str
    limit_name: str | None
    window_minutes: int
    used_percent: float
    resets_at_ms: int | None
    plan: str | None
    credits: str | None
    time_ms: int
    last_ms: int

    @property
    def series(self) -> ReadingSeries:
        """What it is a reading of."""
        return ReadingSeries(self.limit_id, self.limit_name, self.window_minutes, self.plan, self.credits)


_READING = Struct("=qdqqq")
NO_RESET = -(1 << 63)


class ReadingRows(msgspec.Struct, frozen=True):
    """Many ReadingRecords in little memory, of few series."""

    series: list[ReadingSeries] = []
    packed: bytes = b""

    @classmethod
    def of(cls, readings: Iterable[ReadingRecord]) -> ReadingRows:
        """Pack readings."""
        rows = ReadingPacker()
        for reading in readings:
            rows.add(reading)
        return rows.rows()

    def __len__(self) -> int:
        """How many readings there are."""
        return len(self.packed) // _READING.size

    def __iter__(self) -> Iterator[ReadingRecord]:
        """The readings in order."""
        for place, used, resets_ms, time_ms, last_ms in self.rows:
            limit_id, name, minutes, plan, credit = self.series[place]
            reset = None if resets_ms == NO_RESET else resets_ms
            yield ReadingRecord(limit_id, name, minutes, used, reset, plan, credit, time_ms, last_ms)

    @property
    def rows(self) -> Iterator[tuple[int, float, int, int, int]]:
        """The place of its series, used percent, reset (NO_RESET: none), time and last time of each."""
        return _READING.iter_unpack(self.packed)


class ReadingPacker:
    """Makes ReadingRows, row by row."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._series: dict[ReadingSeries, int] = {}
        self._pieces: list[bytes] = []

    def place(self, series: ReadingSeries) -> int:
        """The place of a series."""
        return self._series.setdefault(series, len(self._series))

    def add(self, reading: ReadingRecord) -> None:
        """Add a reading."""
        reset = NO_RESET if reading.resets_at_ms is None else reading.resets_at_ms
        place = self.place(reading.series)
        self._pieces.append(_READING.pack(place, reading.used_percent, reset, reading.time_ms, reading.last_ms))

    def add_packed(self, rows: bytes) -> None:
        """Add rows that were packed elsewhere, with places that `place` gave."""
        self._pieces.append(rows)

    def rows(self) -> ReadingRows:
        """What was added."""
        return ReadingRows(list(self._series), b"".join(self._pieces))


SUBAGENT = "subagent"  # the kind of a session that another one started, and that nobody can go on with


class SessionFacts(msgspec.Struct, array_like=True, kw_only=True):
    """What a file says about its session. `relatives` are the ids of threads it was forked from or belongs to."""

    id: str
    parent: str | None = None
    root: str | None = None
    relatives: list[str] = []
    kind: str = "main"
    title: str | None = None
    agent: str | None = None
    cwd: str | None = None
    branch: str | None = None
    originator: str | None = None
    client_version: str | None = None
    model: str | None = None
    effort: str | None = None
    started_ms: int | None = None
    last_seen_ms: int | None = None
    context_used: int | None = None
    context_window: int | None = None
    compactions: int = 0


class Tally(msgspec.Struct, array_like=True):
    """How many records fell into a class, their tokens, and where the first stands."""

    records: int = 0
    tokens: int = 0
    first_offset: int = -1


class ParsedFile(msgspec.Struct, array_like=True, kw_only=True):
    """What one pass over a file found: all of it, or what was appended since the state before.

    `audit` and `refused` are running totals of the whole file, whatever the pass read. `revised` are the keys of
    responses whose earlier rows of this file are void: a later line corrected them, and `events` has the new row.
    """

    session: SessionFacts
    labels: list[Labels]
    events: EventRows
    prompts: list[PromptRecord]
    readings: ReadingRows
    audit: dict[str, Tally]
    refused: dict[str, Tally]
    state: bytes
    revised: list[int] = []
