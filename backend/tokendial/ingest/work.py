"""Reading many files: in this process, or in a few worker processes when there is much to read."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tokendial.ingest.quiet import is_quiet
from tokendial.ingest.reader import Known, ReadResult, Unreadable, holds_no_more, read_file
from tokendial.providers import provider
from tokendial.providers.folders import FoundFile

if TYPE_CHECKING:
    from tokendial.ingest.pool import Begun
    from tokendial.ingest.worker import StartMethod

PARALLEL_ABOVE_BYTES = 48 << 20
_FIRST_BYTES = 3 << 20
_GROUP_BYTES = 24 << 20
_GROUP_FILES = 200
# Groups ahead of the ledger, enough to keep reading while it commits; of logs that are mostly usage, fewer.
MAX_WAITING = 96
WAITING_BYTES = 20 << 20


class Task(msgspec.Struct, array_like=True):
    """A file to read; `place` finds the caller's own record of it. Without `resumable` no state comes back."""

    place: int
    path: str
    size: int
    known: Known | None
    resumable: bool = True

    @property
    def unread(self) -> int:
        """How many bytes of the file are new."""
        return self.size - (self.known.cursor if self.known and self.known.state else 0)


def newest_first(found: Iterable[FoundFile]) -> list[FoundFile]:
    """The order in which files are read."""
    return sorted(found, key=lambda file: file.mtime_ns, reverse=True)


def tasks_of(provider_id: str, found: Sequence[FoundFile], now_ms: int) -> list[Task]:
    """The tasks of reading files that nothing is known of."""
    logs = provider(provider_id).logs
    return [
        Task(place, file.path, file.size, None, not is_quiet(logs, file, now_ms)) for place, file in enumerate(found)
    ]


class Done(msgspec.Struct, array_like=True):
    """What became of a task: a result, or the problem in words; neither where nothing in the file is new."""

    place: int
    result: ReadResult | None
    problem: str | None


def read_all(
    provider_id: str, tasks: Sequence[Task], now_ms: int, workers: int | None = None, begun: Begun | None = None
) -> Iterator[list[Done]]:
    """Read the files and give what was found in groups small enough to hold in memory.

    `workers` overrides how many other processes read; by default there is one for each other core when there is much to
    read, else none. This one reads, too, when it would have to wait. `begun` has a head start on these very tasks.
    """
    groups = list(groups_of(tasks))
    if workers is None:
        workers = other_readers(sum(task.unread for task in tasks)) if len(groups) > 1 else 0
    if workers < 1:
        for group in groups:
            yield read_group(provider_id, group, now_ms)
        return
    yield from _read_parallel(provider_id, groups, now_ms, workers, begun)


def other_readers(unread: int) -> int:
    """How many other processes read, by default, when there are so many bytes to read."""
    return min((os.cpu_count() or 1) - 1, 4) if unread > PARALLEL_ABOVE_BYTES else 0


def read_group(provider_id: str, tasks: Sequence[Task], now_ms: int) -> list[Done]:
    """Read some files one after the other."""
    source, done = provider(provider_id), []
    for task in tasks:
        try:
            if task.known and not task.known.state and holds_no_more(task.path, task.known):
                done.append(Done(task.place, None, None))
                continue
            result = read_file(source, task.path, task.known, now_ms, resumable=task.resumable)
        except Unreadable as error:
            done.append(Done(task.place, None, str(error)))
            continue
        if not task.resumable:
            result.parsed.state = b""
        done.append(Done(task.place, result, None))
    return done


def _read_parallel(
    provider_id: str, groups: list[list[Task]], now_ms: int, workers: int, begun: Begun | None
) -> Iterator[list[Done]]:
    from tokendial.ingest.pool import working_through  # noqa: PLC0415 - most scans need no other process

    decode = msgspec.msgpack.Decoder(list[Done]).decode
    read, ahead = partial(read_encoded, provider_id, now_ms), partial(_ahead, workers)
    with working_through(read, groups, workers, _start_method(), ahead, begun) as results:
        for ready in results:
            yield from map(decode, ready)


def _ahead(workers: int, groups: int, size: int) -> int:
    """How many groups may be begun or wait, by the bytes of some."""
    least = 3 * workers  # until it is known how large a group is
    return max(least, min(MAX_WAITING, WAITING_BYTES * groups // max(size, 1)))


def read_encoded(provider_id: str, now_ms: int, tasks: list[Task]) -> bytes:
    """As `read_group`, in the bytes of another process's answer."""
    with without_cycles():
        return msgspec.msgpack.encode(read_group(provider_id, tasks, now_ms))


@contextmanager
def without_cycles() -> Iterator[None]:
    """No search for reference cycles meanwhile: records have none, and looking at millions of them takes time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def may_fork() -> bool:
    """Forking is fast, but only safe where no other thread runs."""
    return sys.platform == "linux" and threading.active_count() == 1


def _start_method() -> StartMethod:
    return "fork" if may_fork() else "spawn"


def groups_of(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """What is read at once. The first groups are small: until one was read, the ledger has nothing to write."""
    group: list[Task] = []
    size, most = 0, _FIRST_BYTES
    for task in tasks:
        group.append(task)
        size += task.size
        if size >= most or len(group) >= _GROUP_FILES:
            yield group
            group, size, most = [], 0, min(most * 3 // 2, _GROUP_BYTES)
    if group:
        yield group
