"""One commit in progress: rows, roll-up, audit counters and cursors of a batch of files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

import msgspec

from tokendial.domain.records import REQUEST_BITS, EventFlag, Labels, ParsedFile, ReadingRecord
from tokendial.store import changes, families, global_keys
from tokendial.store.rollup import RollupChange
from tokendial.store.session_upsert import keep_session

_EVENT_COLUMNS = (
    "key, session_num, file_id, time_ms, label_id, input, cache_read, cache_write, cache_write_1h, output, "
    "reasoning, flags, offset"
)

_REQUESTS = (1 << REQUEST_BITS) - 1
_GLOBAL = int(EventFlag.GLOBAL_KEY)


class FileOutcome(msgspec.Struct, kw_only=True):
    """What a scan found out about one file. `parsed` is None where nothing was read (moved, touched, unreadable)."""

    home_id: int
    path: str
    stem: str
    size: int
    mtime_ns: int
    inode: int
    file_id: int | None = None
    problem: str | None = None
    parsed: ParsedFile | None = None
    replaces: bool = False
    cursor: int = 0
    head_length: int = 0
    head: bytes = b""
    tail: bytes = b""


class CommitResult(msgspec.Struct):
    """What a commit changed. `limits` tells whether any limit was observed."""

    events_added: int = 0
    limits: bool = False


class Batch:
    """One commit in progress."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        provider: str,
        labels: dict[tuple[int, str, Labels], int],
        step: Callable[[str], None],
    ) -> None:
        """Begin with nothing written; `labels` are ids that are known already."""
        self._connection = connection
        self._provider = provider
        self._labels = labels
        self._step = step
        self.rollup = RollupChange()
        self._rows: list[tuple[int, ...]] = []
        self._prompts: list[tuple[int, ...]] = []
        self._readings: list[tuple[int | float | None, ...]] = []
        self._series_ids: dict[tuple[int, str, str | None, int, str | None, str | None], int] = {}
        self._sessions: dict[int, int] = {}
        self._unsettled: set[int] = set()

    def write(self, outcomes: Sequence[FileOutcome]) -> CommitResult:
        """Write everything of the batch in the order: events, roll-up, cursors."""
        result = CommitResult()
        read: list[tuple[FileOutcome, ParsedFile, int]] = []
        for outcome in outcomes:
            file_id = self._file(outcome)
            if outcome.parsed is not None:
                read.append((outcome, outcome.parsed, file_id))
                self._contribution(outcome, outcome.parsed, file_id)
                result.limits = result.limits or bool(outcome.parsed.readings)
        # Asked after contributions were taken back: SQLite gives the ids of deleted last rows out again.
        first_id = self._connection.execute("SELECT coalesce(max(id), 0) FROM usage_event").fetchone()[0] + 1
        if self._rows:
            places = ",".join("?" * 13)
            self._connection.executemany(f"INSERT INTO usage_event ({_EVENT_COLUMNS}) VALUES ({places})", self._rows)  # noqa: S608
        self._connection.executemany(
            "INSERT OR REPLACE INTO prompt (file_id, offset, session_num, time_ms, length) VALUES (?, ?, ?, ?, ?)",
            self._prompts,
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO limit_reading (file_id, series_id, time_ms, last_ms, used_percent, resets_at_ms) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            self._readings,
        )
        self._step("rows")
        families.settle(self._connection, self._unsettled | self._repeated(first_id), self.rollup)
        self.rollup.apply(self._connection)
        self._step("rollup")
        self._bookkeeping(read)
        changes.note(self._connection, self._lowest())
        self._step("cursor")
        result.events_added = max(0, self.rollup.events)
        return result

    def drop_file(self, file_id: int) -> set[int]:
        """Take a file's contribution back; returns the keys whose ownership must be settled again."""
        rows = self._connection.execute(
            "SELECT key, time_ms, label_id, input, cache_read, cache_write, cache_write_1h, output, reasoning, status "
            "FROM usage_event WHERE session_num = (SELECT session_num FROM source_file WHERE id = ?) AND file_id = ?",
            (file_id, file_id),
        ).fetchall()
        for row in rows:
            if row[9] == global_keys.COUNTED:
                self.rollup.add(row[1], row[2], row[3:9], -1)
        for table in ("limit_reading", "prompt", "audit", "refused_line", "file_state"):
            self._connection.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608 - fixed names
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
                "DELETE FROM usage_event WHERE key = ? AND file_id = ? RETURNING time_ms, label_id, input, cache_read, "
                "cache_write, cache_write_1h, output, reasoning, status",
                (key, file_id),
            ).fetchall():
                if row[8] == global_keys.COUNTED:
                    self.rollup.add(row[0], row[1], row[2:8], -1)

    def _file(self, outcome: FileOutcome) -> int:
        status = "unreadable" if outcome.problem else "present"
        if outcome.file_id is not None:
            self._connection.execute(
                "UPDATE source_file SET path = ?, size = ?, mtime_ns = ?, inode = ?, status = ?, problem = ? "
                "WHERE id = ?",
                (outcome.path, outcome.size, outcome.mtime_ns, outcome.inode, status, outcome.problem, outcome.file_id),
            )
            return outcome.file_id
        cursor = self._connection.execute(
            "INSERT INTO source_file (home_id, path, stem, size, mtime_ns, inode, status, problem) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                outcome.home_id, outcome.path, outcome.stem, outcome.size, outcome.mtime_ns, outcome.inode, status,
                outcome.problem,
            ),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _contribution(self, outcome: FileOutcome, parsed: ParsedFile, file_id: int) -> None:
        if outcome.replaces:
            self._unsettled |= self.drop_file(file_id)
        elif parsed.revised:
            self._take_back(file_id, parsed.revised)
        session = keep_session(self._connection, self._provider, outcome.home_id, parsed.session, parsed.events)
        self._sessions[file_id] = session
        if parsed.session.relatives:
            self._unsettled |= families.relate(self._connection, self._provider, parsed.session)
        label_ids = [self._label(outcome.home_id, label) for label in parsed.labels]
        self._rows += [
            (key, session, file_id, time_ms, label_ids[label], a, b, c, d, e, f, flags, offset)
            for key, time_ms, label, a, b, c, d, e, f, flags, offset in parsed.events
        ]
        self.rollup.add_events(parsed.events, label_ids)
        self._prompts += [(file_id, prompt.offset, session, prompt.time_ms, prompt.length) for prompt in parsed.prompts]
        self._readings += [
            (file_id, self._series(outcome.home_id, reading), reading[7], reading[8], reading[3], reading[4])
            for reading in parsed.readings
        ]

    def _lowest(self) -> int | None:
        """The earliest time that anything of this batch is about."""
        times = [prompt[3] for prompt in self._prompts] + [int(reading[2] or 0) for reading in self._readings]
        if self.rollup.lowest_ms is not None:
            times.append(self.rollup.lowest_ms)
        return min(times, default=None)

    def _bookkeeping(self, read: Sequence[tuple[FileOutcome, ParsedFile, int]]) -> None:
        executemany = self._connection.executemany
        executemany(
            "INSERT OR REPLACE INTO audit (file_id, kind, records, tokens) VALUES (?, ?, ?, ?)",
            [(i, kind, tally.records, tally.tokens) for _, parsed, i in read for kind, tally in parsed.audit.items()],
        )
        executemany(
            "INSERT OR REPLACE INTO refused_line (file_id, reason, lines, first_offset) VALUES (?, ?, ?, ?)",
            [
                (i, reason, tally.records, tally.first_offset)
                for _, parsed, i in read
                for reason, tally in parsed.refused.items()
            ],
        )
        executemany(
            "INSERT OR REPLACE INTO file_state (file_id, state) VALUES (?, ?)",
            [(file_id, parsed.state) for _, parsed, file_id in read],
        )
        executemany(
            "UPDATE source_file SET session_num = ?, cursor = ?, head_length = ?, head = ?, tail = ? WHERE id = ?",
            [
                (self._sessions[file_id], outcome.cursor, outcome.head_length, outcome.head, outcome.tail, file_id)
                for outcome, _, file_id in read
            ],
        )

    def _repeated(self, first_id: int) -> set[int]:
        """The keys of this batch that the ledger holds more than once."""
        if not self._rows:
            return set()
        same = "o.key = n.key"
        if any(row[11] & _GLOBAL for row in self._rows):
            same = f"o.key BETWEEN n.key & ~{_REQUESTS} AND n.key | {_REQUESTS} AND n.flags & {_GLOBAL} OR {same}"
        found = self._connection.execute(
            "SELECT DISTINCT n.key FROM usage_event n WHERE n.id >= ? "  # noqa: S608 - fixed numbers
            f"AND EXISTS (SELECT 1 FROM usage_event o WHERE ({same}) AND o.id <> n.id)",
            (first_id,),
        )
        return {row[0] for row in found}

    def _series(self, home_id: int, reading: ReadingRecord) -> int:
        """The id of what the reading is one of a series of."""
        limit_id, name, minutes, _, _, plan, credit, _, _ = reading
        key = (home_id, limit_id, name, minutes, plan, credit)
        known = self._series_ids.get(key)
        if known is None:
            row = self._connection.execute(
                "INSERT INTO limit_series (home_id, provider, limit_id, limit_name, window_minutes, plan, credits, "
                "source) VALUES (?, ?, ?, ?, ?, ?, ?, 'logs') ON CONFLICT DO UPDATE SET source = source RETURNING id",
                (home_id, self._provider, limit_id, name or "", minutes, plan or "", credit or ""),
            ).fetchone()
            known = self._series_ids[key] = int(row[0])
        return known

    def _label(self, home_id: int, label: Labels) -> int:
        key = (home_id, self._provider, label)
        known = self._labels.get(key)
        if known is None:
            row = self._connection.execute(
                "INSERT INTO label_set (home_id, provider, model, effort, tier, project, originator, band, "
                "context_window) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET band = band RETURNING id",
                (
                    home_id, self._provider, label.model, label.effort or "", label.tier or "", label.project or "",
                    label.originator or "", label.band, label.context_window,
                ),
            ).fetchone()  # fmt: skip
            known = self._labels[key] = int(row[0])
        return known
