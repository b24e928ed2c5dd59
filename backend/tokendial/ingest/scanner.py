"""One scan: find the log files of the homes, read what is new, and put it into the ledger."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from tokendial.ingest import head_start, resume
from tokendial.ingest.beside import beside
from tokendial.ingest.head_start import HeadStart
from tokendial.ingest.quiet import is_quiet
from tokendial.ingest.reader import NO_STATE, Known
from tokendial.ingest.titles import new_titles
from tokendial.ingest.work import Done, Task, read_all, without_cycles
from tokendial.providers import provider
from tokendial.providers.base import LogSource
from tokendial.providers.folders import FoundFile
from tokendial.store import files, homes
from tokendial.store.database import Database
from tokendial.store.files import FileRow, Glance
from tokendial.store.homes import HomeRow
from tokendial.store.writer import FileOutcome, LedgerWriter

# A commit writes every page of the index of keys that it touches, so a few large ones write far less than many small.
COMMIT_EVENTS = 100_000
COMMIT_SECONDS = 0.5
# Nobody looks at the first rows of a home bit by bit, and in an empty ledger one commit indexes them all at once; its
# write-ahead log stays below 64 MB (S9).
FIRST_COMMIT_EVENTS = 320_000
FIRST_COMMIT_SECONDS = 2.0


class ScanReport(msgspec.Struct):
    """What a scan did, and how far it is while it runs."""

    files: int = 0
    files_to_read: int = 0
    files_read: int = 0
    bytes_to_read: int = 0
    bytes_read: int = 0
    events_added: int = 0
    refused: int = 0
    seconds: float = 0.0
    limits: bool = False
    changed: bool = False
    problems: list[str] = []


class _Look(msgspec.Struct):
    """What was found in a home: those that are not as they were known, and those known that are not there."""

    files: int
    changed: list[tuple[FoundFile, Glance | None]]
    absent: dict[str, Glance]
    first: bool
    ahead: HeadStart | None = None


class _Candidate(NamedTuple):
    found: FoundFile
    known: FileRow | None


class _Groups:
    """What was read, dealt out commit by commit: iterating gives the groups of one. True while there are more."""

    def __init__(self, groups: Iterator[list[Done]], *, first: bool) -> None:
        """`first`: nothing is known of this home yet."""
        self._groups = groups
        self._next = next(groups, None)
        self._first = first

    def __bool__(self) -> bool:
        return self._next is not None

    def __iter__(self) -> Iterator[list[Done]]:
        events, began = 0, time.perf_counter()
        most, longest = COMMIT_EVENTS, COMMIT_SECONDS
        if self._first:
            most, longest = FIRST_COMMIT_EVENTS, FIRST_COMMIT_SECONDS
        self._first = False
        while (group := self._next) is not None:
            events += sum(len(done.result.parsed.events) for done in group if done.result)
            yield group
            self._next = next(self._groups, None)
            if events >= most or time.perf_counter() - began >= longest:
                return


def _ignore(_report: ScanReport) -> None:
    """Nobody watches the progress."""


def _compared(found: Iterable[FoundFile], known: dict[str, Glance]) -> _Look:
    """Compare the files that are there with those that are known."""
    look = _Look(0, [], known, not known)
    for file in found:
        look.files += 1
        row = known.pop(file.path, None)
        if row is None or row.size != file.size or row.mtime_ns != file.mtime_ns or row.status != "present":
            look.changed.append((file, row))
    return look


class Scanner:
    """Scans homes into a ledger. One scan at a time; the caller sees to that."""

    def __init__(self, database: Database, writer: LedgerWriter, workers: int | None = None) -> None:
        """`workers` overrides the number of reading processes."""
        self._database = database
        self._writer = writer
        self._workers = workers

    def scan(
        self,
        active: Sequence[HomeRow],
        progress: Callable[[ScanReport], None] = _ignore,
        only: Iterable[str] | None = None,
    ) -> ScanReport:
        """Bring the ledger up to date with the given homes, or with only some of their files.

        Missing or unreadable homes are reported in `problems` and never lose anything. Raises LedgerError.
        """
        started = time.perf_counter()
        report = ScanReport()
        wanted = None if only is None else set(only)
        with without_cycles():
            for home in active:
                self._scan_home(home, report, progress, wanted)
        with self._database.reading() as connection:
            report.refused = files.refused_total(connection)
        report.seconds = time.perf_counter() - started
        progress(report)
        return report

    def _scan_home(
        self, home: HomeRow, report: ScanReport, progress: Callable[[ScanReport], None], only: set[str] | None
    ) -> None:
        path, closed = Path(home.path), list[OSError]()
        try:
            if not path.is_dir():
                raise FileNotFoundError(2, "the folder does not exist")
            look = self._look(home, path, only, closed.append)
        except OSError as error:
            report.problems.append(f"{home.path}: {error.strerror or error}")
            return
        report.problems += [f"{error.filename}: {error.strerror}" for error in closed]
        report.files += look.files
        hidden = tuple(f"{error.filename}{os.sep}" for error in closed)
        absent = {name: row for name, row in look.absent.items() if not name.startswith(hidden)}
        candidates = self._candidates(home, look.changed, absent)
        self._read(home, candidates, report, progress, look)
        if only is None:
            moved = {row.id for candidate in candidates if (row := candidate.known)}
            self._writer.mark_gone(row.id for row in absent.values() if row.status != "gone" and row.id not in moved)
            self._titles(home, path, report)
            if candidates:
                resume.forget_quiet(self._database, provider(home.provider).logs, home.id)

    def _look(self, home: HomeRow, path: Path, only: set[str] | None, closed: Callable[[OSError], None]) -> _Look:
        """List the files of a home, or look at those of them that a hint named: then no folder need be listed."""
        logs = provider(home.provider).logs
        if only is None:
            ahead = head_start.taken(home.provider, path) if self._workers is None else None
            with (
                self._database.reading() as connection,
                beside(lambda: files.of_home(connection, home.id)) as all_known,
            ):
                listing = ahead.listing() if ahead else None
                look = _compared(listing or list(logs.find_files(path, closed)), all_known())
            if ahead and listing and look.first:
                look.ahead = ahead
            elif ahead:
                ahead.give_up()
            return look
        found = {file.path: file for name in sorted(only) if (file := logs.find_file(path, name)) is not None}
        with self._database.reading() as connection:
            known = files.at_paths(connection, home.id, found)
        return _compared(found.values(), known)

    def _candidates(
        self, home: HomeRow, changed: Sequence[tuple[FoundFile, Glance | None]], absent: dict[str, Glance]
    ) -> list[_Candidate]:
        """What is known of the files that changed, newest first; one that moved is recognised by its name."""
        logs, absent_by_stem, candidates = provider(home.provider).logs, dict[str, FileRow](), list[_Candidate]()
        with self._database.reading() as connection:
            if any(row is None for _, row in changed):
                rows = (files.whole(connection, row.id) for row in absent.values())
                absent_by_stem = {logs.file_stem(row.path): row for row in rows}
            for file, glance in changed:
                row = files.whole(connection, glance.id) if glance else None
                if row is None and absent_by_stem:
                    row = absent_by_stem.pop(logs.file_stem(file.path), None)
                candidates.append(_Candidate(file, row))
        return sorted(candidates, key=lambda candidate: candidate.found.mtime_ns, reverse=True)

    def _read(
        self,
        home: HomeRow,
        candidates: Sequence[_Candidate],
        report: ScanReport,
        progress: Callable[[ScanReport], None],
        look: _Look,
    ) -> None:
        if not candidates:
            return
        now_ms = int(time.time() * 1000)
        tasks = self._tasks(provider(home.provider).logs, candidates, now_ms)
        report.files_to_read += len(tasks)
        report.bytes_to_read += sum(task.unread for task in tasks)
        progress(report)
        begun = look.ahead.begun(tasks) if look.ahead else None
        groups = _Groups(read_all(home.provider, tasks, now_ms, self._workers, begun), first=look.first)

        def outcomes() -> Iterator[list[FileOutcome]]:
            for group in groups:
                yield [self._outcome(home, candidates[done.place], done, report) for done in group]
                report.files_read += len(group)
                progress(report)

        while groups:
            committed = self._writer.commit(home.provider, outcomes())
            report.events_added += committed.events_added
            report.limits = report.limits or committed.limits
            report.changed = True
            progress(report)
        homes.seen(self._database, home.id, now_ms)

    def _tasks(self, logs: LogSource, candidates: Sequence[_Candidate], now_ms: int) -> list[Task]:
        tasks = []
        with self._database.reading() as connection:
            for place, (found, row) in enumerate(candidates):
                known = None
                if row is not None and row.cursor:
                    state = files.state_of(connection, row.id) or NO_STATE
                    known = Known(row.cursor, row.head_length, row.head, row.tail, state)
                resumable = not is_quiet(logs, found, now_ms)
                tasks.append(Task(place, found.path, found.size, known, resumable))
        return tasks

    def _outcome(self, home: HomeRow, candidate: _Candidate, done: Done, report: ScanReport) -> FileOutcome:
        found, row = candidate
        if row is not None and row.path != found.path and done.result and done.result.mark.cursor < row.cursor:
            row = None  # a copy that holds less takes nothing back: what was counted stays
        outcome = FileOutcome(
            home_id=home.id,
            path=found.path,
            size=found.size,
            mtime_ns=found.mtime_ns,
            inode=found.inode,
            file_id=row.id if row is not None else None,
            problem=done.problem,
        )
        if done.result is None:
            return outcome
        report.bytes_read += done.result.bytes_read
        outcome.parsed = done.result.parsed
        outcome.replaces = row is not None and done.result.replaces
        mark = done.result.mark
        outcome.cursor, outcome.head_length, outcome.head, outcome.tail = (
            mark.cursor, mark.head_length, mark.head, mark.tail,
        )  # fmt: skip
        return outcome

    def _titles(self, home: HomeRow, path: Path, report: ScanReport) -> None:
        titles = new_titles(self._database, home.provider, provider(home.provider).logs.titles(path))
        if self._writer.set_titles(home.provider, titles):
            report.changed = True
