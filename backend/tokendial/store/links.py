"""Which responses no other file can hold: their keys are in no index.

The key of a response holds within its family of sessions (R6b), and a file has each only once. So a response of a
session that has one file and no relatives is alone, unless a review mirrors it (R7), the log names it (GLOBAL_KEY), or
details were removed, whose keys may come again. It stops being alone when its session gets another file or a relative,
and never is alone again. Every search by key leaves those alone out, with the words of the index: `indexed`.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence

from tokendial.domain.records import EventFlag, ParsedFile

INDEX = "usage_event_key"
REVIEW_KIND = "review"
_ALONE, _GLOBAL = int(EventFlag.ALONE), int(EventFlag.GLOBAL_KEY)
_NEVER_ALONE = int(EventFlag.GLOBAL_KEY | EventFlag.IN_REVIEW)
_CHUNK = 500


def indexed(alias: str) -> str:
    """The condition of the index of keys, for rows of `usage_event` under a name."""
    return f"{alias}.flags & {_ALONE} = 0"


def marked_alone(flags: Iterable[int]) -> array[int]:
    """The flags of rows of a file that is alone."""
    return array("q", [flag if flag & _NEVER_ALONE else flag | _ALONE for flag in flags])


def new_rows(linked: Iterable[int], named_by_log: bool) -> list[str]:
    """Conditions for `usage_event n` that together hold for every response of a batch that is not alone.

    From what its Links found.
    """
    return ["TRUE"] if named_by_log else [f"n.session_num IN ({chosen})" for chosen in chunks(sorted(linked))]


class Links:
    """Keeps those responses of a batch alone that are.

    `linked` are the sessions that have others, `named_by_log` tells whether the log names responses of the batch.
    """

    def __init__(self, connection: sqlite3.Connection, provider: str, *, has_past: bool) -> None:
        """`has_past`: details were removed. `all_is_new` may be set where the batch began with no responses."""
        self._connection = connection
        self._provider = provider
        self._has_past = has_past
        self._relatives: set[str] = set()
        self._grown: set[int] = set()
        self.linked: set[int] = set()
        self.all_is_new = False
        self.named_by_log = False

    def is_alone(self, session: int, parsed: ParsedFile) -> bool:
        """Whether the responses of a file of a session are alone, as far as the batch has got."""
        facts, flags = parsed.session, parsed.events.flags
        self._relatives.update(facts.relatives)
        named = {bool(flag & _GLOBAL) for flag in flags}
        self.named_by_log = self.named_by_log or True in named
        if named == {True}:
            return False
        self._grown.add(session)
        alone = not (self._has_past or facts.relatives or facts.kind == REVIEW_KIND or self._is_relative(facts.id))
        if not alone or any(flag & _NEVER_ALONE for flag in flags):
            self.linked.add(session)
        return alone

    def extend(self, joined: Iterable[str]) -> None:
        """Put responses that are not alone any more into the index, now that all files and sessions are there.

        `joined` are threads whose families were joined with others.
        """
        gone = {number for chosen in chunks(sorted(self._grown)) for number in self._not_alone(chosen)}
        if not self.all_is_new:
            for family in families_of(self._connection, self._provider, joined):
                gone.update(self._members(family))
        for chosen in chunks(sorted(gone)):
            self._connection.execute(
                f"UPDATE usage_event SET flags = flags & ~{_ALONE} "  # noqa: S608 - numbers
                f"WHERE session_num IN ({chosen}) AND flags & {_ALONE}"
            )
        self.linked |= gone

    def _is_relative(self, thread: str) -> bool:
        """Whether another session named this one."""
        if thread in self._relatives:
            return True
        return not self.all_is_new and bool(families_of(self._connection, self._provider, [thread]))

    def _not_alone(self, chosen: str) -> Iterator[int]:
        """Those of some sessions that have several files, are a review, or are named by a relative."""
        for row in self._connection.execute(
            f"SELECT session_num FROM source_file WHERE session_num IN ({chosen}) "  # noqa: S608 - numbers
            "GROUP BY session_num HAVING count(*) > 1 UNION "
            f"SELECT num FROM session s WHERE num IN ({chosen}) AND (kind = ? OR EXISTS "
            "(SELECT 1 FROM thread_family t WHERE t.provider = s.provider AND t.thread = s.id))",
            (REVIEW_KIND,),
        ):
            yield row[0]

    def _members(self, family: str) -> Iterator[int]:
        for row in self._connection.execute(
            "SELECT s.num FROM thread_family t JOIN session s ON s.provider = t.provider AND s.id = t.thread "
            "WHERE t.provider = ? AND t.family = ?",
            (self._provider, family),
        ):
            yield row[0]


def families_of(connection: sqlite3.Connection, provider: str, threads: Iterable[str]) -> set[str]:
    """The families of threads that have one."""
    statement = "SELECT family FROM thread_family WHERE provider = ? AND thread = ?"
    return {row[0] for thread in threads for row in connection.execute(statement, (provider, thread))}


def chunks(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers as lists of SQL, a few hundred at a time."""
    for at in range(0, len(numbers), _CHUNK):
        yield ",".join(map(str, numbers[at : at + _CHUNK]))


def value_rows(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers as rows of one column for `VALUES`, a few hundred at a time."""
    for at in range(0, len(numbers), _CHUNK):
        yield f"({'),('.join(map(str, numbers[at : at + _CHUNK]))})"
