"""Which copy of a response counts where the log names the response itself, over all files of all homes (A1, A3, G1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from tokendial.domain.records import REQUEST_BITS, EventFlag
from tokendial.store.links import indexed

COUNTED, OTHER_FILE, COPIED, REVIEW_MIRROR = 0, 1, 2, 3
IN_SUMS = 4  # read again after its details were removed: it counts in the sums that stayed
REQUESTS = (1 << REQUEST_BITS) - 1  # the bits of a key that tell the rows of a message apart
_SIDE_CHAIN, _FOREIGN, _GLOBAL = int(EventFlag.SIDE_CHAIN), int(EventFlag.FOREIGN_FILE), int(EventFlag.GLOBAL_KEY)


class EventCopy(NamedTuple):
    """One row of a response, with what decides about its owner."""

    id: int
    key: int
    time_ms: int
    label_id: int
    parts: tuple[int, ...]
    flags: int
    offset: int
    status: int
    file_id: int
    path: str
    session_num: int
    session: str
    kind: str
    born_ms: int
    family: str
    active: int

    @property
    def output(self) -> int:
        """The output tokens."""
        return self.parts[4]


class PastCopy(NamedTuple):
    """A response whose details were removed: the session and the file that held it, and what was decided about it."""

    key: int
    session_num: int
    file_id: int
    status: int
    in_review: bool
    side_chain: bool
    kind: str
    family: str
    active: int

    def status_of(self, row: EventCopy) -> int:
        """What a row of the same response in the same session is: what it was."""
        if self.status != COUNTED:
            return self.status
        return IN_SUMS if row.file_id == self.file_id else OTHER_FILE


def repeated(connection: sqlite3.Connection) -> set[int]:
    """Keys of each message that has more than one row, of all that may stand in several files: the first and the last.

    All are compared in one pass, where a search for the others of each row takes four times as long.
    """
    found = connection.execute(
        f"SELECT min(key), max(key) FROM usage_event e WHERE {indexed('e')} GROUP BY key >> ? HAVING count(*) > 1",  # noqa: S608
        (REQUEST_BITS,),
    )
    return {key for keys in found for key in keys}


def shared_with(connection: sqlite3.Connection, home_id: int) -> set[int]:
    """The keys of a home whose message another home has too, under whatever key."""
    found = connection.execute(
        "SELECT DISTINCT e.key FROM source_file f "  # noqa: S608 - fixed text
        "JOIN usage_event e ON e.session_num = f.session_num AND e.file_id = f.id AND (e.flags & ?) <> 0 "
        f"JOIN usage_event o ON o.key BETWEEN (e.key >> ?) << ? AND e.key | ? AND {indexed('o')} "
        "JOIN source_file g ON g.id = o.file_id AND g.home_id <> f.home_id WHERE f.home_id = ?",
        (_GLOBAL, REQUEST_BITS, REQUEST_BITS, REQUESTS, home_id),
    )
    return {row[0] for row in found}


def decide(rows: Sequence[EventCopy], past: Sequence[PastCopy] = ()) -> list[tuple[EventCopy, int]]:
    """The status of each row of one message: of every key the fullest row counts.

    A row of a side chain does not count where the message stands outside side chains: it was replayed there with a
    request id of its own (A3). What was decided about responses whose details were removed stays.
    """
    known = {one.key for one in past}
    replayed = any(one.side_chain and one.status == COUNTED for one in past)
    seen_outside = any(not one.side_chain for one in past)
    outside = seen_outside or any(not row.flags & _SIDE_CHAIN for row in rows)
    owners: dict[int, EventCopy] = {}
    for row in sorted(rows, key=_rank):
        if row.key in known or (replayed and not seen_outside and not row.flags & _SIDE_CHAIN):
            continue
        if not (outside and row.flags & _SIDE_CHAIN and not _has_outside_row(row, rows)):
            owners.setdefault(row.key, row)
    before = {(one.key, one.session_num): one for one in past}
    return [
        (
            row,
            one.status_of(row)
            if (one := before.get((row.key, row.session_num)))
            else _status(row, owners.get(row.key)),
        )
        for row in rows
    ]


def _has_outside_row(row: EventCopy, rows: Sequence[EventCopy]) -> bool:
    """Whether the same response stands outside side chains too: a mirror, of which the fullest row counts (A1)."""
    return any(other.key == row.key and not other.flags & _SIDE_CHAIN for other in rows)


def _status(row: EventCopy, owner: EventCopy | None) -> int:
    if row is owner:
        return COUNTED
    return OTHER_FILE if owner is not None and row.session_num == owner.session_num else COPIED


def _rank(row: EventCopy) -> tuple[int, bool, bool, int, int, int, str, str]:
    """Most output first; then a row outside side chains, in its own file, the fullest, the oldest (A1)."""
    side, foreign = bool(row.flags & _SIDE_CHAIN), bool(row.flags & _FOREIGN)
    return -row.output, side, foreign, -sum(row.parts[:5]), row.time_ms, row.born_ms, row.session, row.path
