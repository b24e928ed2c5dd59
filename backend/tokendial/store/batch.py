"""One commit in progress: rows, roll-up, audit counters and cursors of a batch of files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from tokendial.domain.records import (
    EventFlag,
    ReadingRows,
    ReadingSeries,
)
from tokendial.store import bulk, changes, families, files, global_keys, past
from tokendial.store.global_keys import REQUESTS
from tokendial.store.label_ids import Known, LabelIds
from tokendial.store.links import INDEX, Links, indexed, new_rows
from tokendial.store.new_rows import NewRows
from tokendial.store.outcomes import CommitResult, FileOutcome, ReadFile
from tokendial.store.rollup import RollupChange
from tokendial.store.session_upsert import SessionRows

_INDEXED_LATE = ("usage_event", "prompt", "limit_reading", "session", "source_file")
_LAST_FILE = "SELECT coalesce(max(id), 0) FROM source_file"
_NEW_FILE = (
    "INSERT INTO source_file (id, home_id, path, size, mtime_ns, inode, status, problem, session_num, cursor, "
    "head_length, head, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SEEN_FILE = "UPDATE source_file SET path = ?, size = ?, mtime_ns = ?, inode = ?, status = ?, problem = ? WHERE id = ?"
_READ_FILE = "UPDATE source_file SET session_num = ?, cursor = ?, head_length = ?, head = ?, tail = ? WHERE id = ?"
_GLOBAL = int(EventFlag.GLOBAL_KEY)


class Batch:
    """One commit in progress."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        provider: str,
        labels: Known,
        step: Callable[[str], None],
    ) -> None:
        """Begin with nothing written; `labels` are ids that are known already."""
        self._connection = connection
        self._provider = provider
        self._labels = LabelIds(connection, provider, labels)
        self._sessions = SessionRows(connection, provider)
        self._files = NewRows(connection.execute(_LAST_FILE).fetchone()[0])
        self._step = step
        self.rollup = RollupChange()
        self._result = CommitResult()
        self._late_indexes: list[str] = []
        self._key_index: str | None = None
        self._first_id: int | None = None
        self._lowest_ms: int | None = None
        self._series_ids: dict[tuple[int, ReadingSeries], int] = {}
        self._unsettled: set[int] = set()
        self._related: set[str] = set()
        self._has_past = past.are_any(connection)
        self._links = Links(connection, provider, has_past=self._has_past)

    def add(self, outcomes: Sequence[FileOutcome]) -> None:
        """Write what was found about some files, in the order: rows, roll-up, cursors."""
        fresh = [read for outcome in outcomes if (read := self._file(outcome)) is not None]
        self._insert(fresh)
        self._step("rows")
        self.rollup.apply(self._connection)
        self._step("rollup")
        self._bookkeeping(fresh)
        self._step("cursor")

    def finish(self) -> CommitResult:
        """Write what follows from all rows: who owns what several files hold."""
        for statement in self._late_indexes:
            self._connection.execute(statement)
        self._links.extend(self._related)
        if self._key_index:  # last: until now it was not known which keys it holds
            self._connection.execute(self._key_index)
        families.settle(self._connection, self._unsettled | self._shared() | self._repeated(), self.rollup)
        self.rollup.apply(self._connection)
        self._step("settled")
        changes.note(self._connection, self._lowest())
        self._result.events_added = max(0, self.rollup.events)
        return self._result

    def _insert(self, fresh: Sequence[ReadFile]) -> None:
        self._labels.write()
        self._sessions.write()
        self._connection.executemany(_NEW_FILE, self._files.taken())
        # Asked after contributions were taken back: SQLite gives the ids of deleted last rows out again.
        last_id = self._connection.execute("SELECT max(id) FROM usage_event").fetchone()[0]
        if last_id is None and self._first_id is None:
            self._put_off_indexes()
        self._first_id = min(self._first_id or (1 << 62), (last_id or 0) + 1)
        bulk.insert_events(self._connection, fresh)
        bulk.insert_rows(
            self._connection,
            "INSERT OR REPLACE INTO prompt (file_id, offset, session_num, time_ms, length)",
            "(?, ?, ?, ?, ?)",
            [
                (one.file_id, prompt.offset, one.session, prompt.time_ms, prompt.length)
                for one in fresh
                for prompt in one.parsed.prompts
            ],
        )
        bulk.insert_readings(self._connection, [self._readings(one) for one in fresh])

    def _put_off_indexes(self) -> None:
        """The first rows of a ledger are indexed when they are there: sorting once is faster than finding places."""
        tables = ", ".join(f"'{table}'" for table in _INDEXED_LATE)
        for name, statement in self._connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({tables}) AND sql IS NOT NULL"  # noqa: S608
        ).fetchall():
            self._connection.execute(f"DROP INDEX {name}")
            if name == INDEX:
                self._key_index = statement
            else:
                self._late_indexes.append(statement)
        self._links.all_is_new = not self._has_past

    def drop_file(self, file_id: int) -> set[int]:
        """Take a file's contribution back; returns the keys whose ownership must be settled again."""
        rows = self._connection.execute(
            "SELECT key, time_ms, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, status, "
            "session_num FROM usage_event "
            "WHERE session_num = (SELECT session_num FROM source_file WHERE id = ?) AND file_id = ?",
            (file_id, file_id),
        ).fetchall()
        for row in rows:
            if row[9] == global_keys.COUNTED:
                self.rollup.add(row[10], row[1], row[2], row[3:9], -1)
        for table in ("limit_reading", "prompt", "audit", "refused_line", "file_state"):
            self._connection.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608 - fixed names
        past.forget_copies(self._connection, file_id)
        self._connection.execute(
            "DELETE FROM usage_event WHERE file_id = ? "
            "AND session_num = (SELECT session_num FROM source_file WHERE id = ?)",
            (file_id, file_id),
        )
        return {row[0] for row in rows}

    def _take_back(self, file_id: int, keys: Sequence[int]) -> None:
        """Remove rows of a file that a later line of it corrected; the new rows come with the batch."""
        for key in keys:
            for row in self._connection.execute(
                f"DELETE FROM usage_event AS e WHERE key = ? AND {indexed('e')} AND file_id = ? "  # noqa: S608
                "RETURNING time_ms, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, "
                "status, session_num",
                (key, file_id),
            ).fetchall():
                if row[8] == global_keys.COUNTED:
                    self.rollup.add(row[9], row[0], row[1], row[2:8], -1)

    def _file(self, outcome: FileOutcome) -> ReadFile | None:
        """Write what is known of a file and its session; what was read of it waits for its rows."""
        parsed, file_id = outcome.parsed, outcome.file_id
        if parsed is None:
            self._state(outcome, None)
            return None
        if file_id is not None and outcome.replaces:
            self._unsettled |= self.drop_file(file_id)
        elif file_id is not None and parsed.revised:
            self._take_back(file_id, parsed.revised)
        session = self._sessions.keep(outcome.home_id, parsed.session, parsed.events)
        if parsed.session.relatives and families.relate(self._connection, self._provider, parsed.session):
            self._related.add(parsed.session.id)
        label_ids = [self._labels.id_of(outcome.home_id, labels) for labels in parsed.labels]
        self.rollup.add_events(session, parsed.events, label_ids)
        self._result.limits = self._result.limits or bool(parsed.readings)
        times = [prompt.time_ms for prompt in parsed.prompts] + [row[3] for row in parsed.readings.rows]
        if times:
            self._lowest_ms = min(times) if self._lowest_ms is None else min(self._lowest_ms, *times)
        alone = self._links.is_alone(session, parsed)
        return ReadFile(outcome, parsed, self._state(outcome, session), session, label_ids, alone)

    def _state(self, outcome: FileOutcome, session: int | None) -> int:
        """Write the state of a file, with its session and cursor where it was read, and return its id."""
        values = (
            outcome.home_id, outcome.path, outcome.size, outcome.mtime_ns, outcome.inode,
            "unreadable" if outcome.problem else "present", outcome.problem,
        )  # fmt: skip
        mark = (session, outcome.cursor, outcome.head_length, outcome.head, outcome.tail)
        if outcome.file_id is None:
            return self._files.add(*values, *mark)
        self._connection.execute(_SEEN_FILE, (*values[1:], outcome.file_id))
        if session is not None:
            self._connection.execute(_READ_FILE, (*mark, outcome.file_id))
        return outcome.file_id

    def _lowest(self) -> int | None:
        """The earliest time that anything of this batch is about."""
        times = [time_ms for time_ms in (self._lowest_ms, self.rollup.lowest_ms) if time_ms is not None]
        return min(times, default=None)

    def _bookkeeping(self, read: Sequence[ReadFile]) -> None:
        executemany = self._connection.executemany
        executemany(
            "INSERT OR REPLACE INTO audit (file_id, kind, records, tokens) VALUES (?, ?, ?, ?)",
            [
                (one.file_id, kind, tally.records, tally.tokens)
                for one in read
                for kind, tally in one.parsed.audit.items()
            ],
        )
        executemany(
            "INSERT OR REPLACE INTO refused_line (file_id, reason, lines, first_offset) VALUES (?, ?, ?, ?)",
            [
                (one.file_id, reason, tally.records, tally.first_offset)
                for one in read
                for reason, tally in one.parsed.refused.items()
            ],
        )
        executemany(
            "INSERT OR REPLACE INTO file_state (file_id, state) VALUES (?, ?)",
            [(one.file_id, one.parsed.state) for one in read if one.parsed.state],
        )
        files.forget_states(
            self._connection,
            (one.file_id for one in read if one.outcome.file_id is not None and not one.parsed.state),
        )

    def _shared(self) -> set[int]:
        """The keys that sessions of families hold that this batch brought together."""
        if self._links.all_is_new:
            return set()  # what is shared is repeated
        return families.shared_in_family(self._connection, self._provider, self._related)

    def _repeated(self) -> set[int]:
        """The keys of this batch that the ledger holds more than once."""
        if self._first_id is None:
            return set()
        if self._late_indexes and self._links.named_by_log:
            return global_keys.repeated(self._connection) | self._removed_before(self._first_id)
        if self._late_indexes:
            rows = self._connection.execute(
                f"SELECT key FROM usage_event e WHERE {indexed('e')} GROUP BY key HAVING count(*) > 1"  # noqa: S608
            )
            return {row[0] for row in rows} | self._removed_before(self._first_id)
        same = f"o.key = n.key AND {indexed('o')}"
        if self._links.named_by_log:
            message = f"o.key BETWEEN n.key & ~{REQUESTS} AND n.key | {REQUESTS} AND {indexed('o')}"
            same = f"{message} AND n.flags & {_GLOBAL} OR {same}"
        found: set[int] = set()
        for new in new_rows(self._links.linked, self._links.named_by_log):
            # Without DISTINCT, for which SQLite would read the whole index of keys.
            rows = self._connection.execute(
                f"SELECT n.key FROM usage_event n WHERE {new} AND n.id >= ? AND {indexed('n')} "  # noqa: S608
                f"AND EXISTS (SELECT 1 FROM usage_event o WHERE ({same}) AND o.id <> n.id)",
                (self._first_id,),
            )
            found.update(row[0] for row in rows)
        return found | self._removed_before(self._first_id)

    def _removed_before(self, first_id: int) -> set[int]:
        """The keys of this batch whose details were removed; those of files that are read again are settled at once."""
        if not self._has_past:
            return set()
        past.settle_same(self._connection, first_id, self.rollup)
        return past.seen_again(self._connection, first_id)

    def _readings(self, one: ReadFile) -> tuple[int, ReadingRows, list[int]]:
        readings = one.parsed.readings
        return one.file_id, readings, [self._series(one.outcome.home_id, named) for named in readings.series]

    def _series(self, home_id: int, named: ReadingSeries) -> int:
        """The id of what readings are a series of."""
        known = self._series_ids.get((home_id, named))
        if known is None:
            limit_id, name, minutes, plan, credit = named
            row = self._connection.execute(
                "INSERT INTO limit_series (home_id, provider, limit_id, limit_name, window_minutes, plan, credits, "
                "source) VALUES (?, ?, ?, ?, ?, ?, ?, 'logs') ON CONFLICT DO UPDATE SET source = source RETURNING id",
                (home_id, self._provider, limit_id, name or "", minutes, plan or "", credit or ""),
            ).fetchone()
            known = self._series_ids[home_id, named] = int(row[0])
        return known
