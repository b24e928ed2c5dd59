"""Reading many files: in this process, or in a few worker processes when there is much to read."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from tokendial.ingest.reader import Known, ReadResult, Unreadable, holds_no_more, read_file
from tokendial.providers import provider

if TYPE_CHECKING:
    from concurrent.futures import Future

PARALLEL_ABOVE_BYTES = 48 << 20
_GROUP_BYTES = 24 << 20
_GROUP_FILES = 200
# Groups ahead of the ledger, enough to keep reading while it commits; of logs that are mostly usage, fewer.
MAX_WAITING = 48
WAITING_BYTES = 12 << 20


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


class Done(msgspec.Struct, array_like=True):
    """What became of a task: a result, or the problem in words; neither where nothing in the file is new."""

    place: int
    result: ReadResult | None
    problem: str | None


def read_all(provider_id: str, tasks: Sequence[Task], now_ms: int, workers: int | None = None) -> Iterator[list[Done]]:
    """Read the files and give what was found in groups small enough to hold in memory.

    `workers` overrides how many processes are used; by default all cores when there is much to read, else none.
    """
    groups = list(_groups(tasks))
    if workers is None:
        much = sum(task.unread for task in tasks) > PARALLEL_ABOVE_BYTES
        workers = min(os.cpu_count() or 1, 4) if much and len(groups) > 1 else 0
    if workers < 2:
        for group in groups:
            yield read_group(provider_id, group, now_ms)
        return
    yield from _read_parallel(provider_id, groups, now_ms, workers)


def read_group(provider_id: str, tasks: Sequence[Task], now_ms: int) -> list[Done]:
    """Read some files one after the other."""
    source, done = provider(provider_id), []
    for task in tasks:
        try:
            if task.known and not task.known.state and holds_no_more(task.path, task.known):
                done.append(Done(task.place, None, None))
                continue
            result = read_file(source, task.path, task.known, now_ms)
        except Unreadable as error:
            done.append(Done(task.place, None, str(error)))
            continue
        if not task.resumable:
            result.parsed.state = b""
        done.append(Done(task.place, result, None))
    return done


def _read_parallel(provider_id: str, groups: list[list[Task]], now_ms: int, workers: int) -> Iterator[list[Done]]:
    import multiprocessing  # noqa: PLC0415 - most scans need no other process
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    decode = msgspec.msgpack.Decoder(list[Done]).decode
    waiting: deque[Future[bytes]] = deque()
    context = multiprocessing.get_context(_start_method())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_step_back) as pool:
        ahead = 2 * workers  # until it is known how large a group is
        for group in groups:
            waiting.append(pool.submit(_read_encoded, provider_id, group, now_ms))
            while len(waiting) > ahead:
                encoded = _ready(waiting)
                ahead = _ahead(len(encoded), sum(map(len, encoded)), workers)
                yield [done for one in encoded for done in decode(one)]
        while waiting:
            yield [done for one in _ready(waiting) for done in decode(one)]


def _ready(waiting: deque[Future[bytes]]) -> list[bytes]:
    """Everything that is done, at least one group: the longer the ledger was busy, the more it gets at once."""
    ready = [waiting.popleft().result()]
    while waiting and waiting[0].done():
        ready.append(waiting.popleft().result())
    return ready


def _ahead(groups: int, size: int, workers: int) -> int:
    """How many groups may wait, by the bytes of some."""
    return max(2 * workers, min(MAX_WAITING, WAITING_BYTES * groups // max(size, 1)))


def _read_encoded(provider_id: str, tasks: list[Task], now_ms: int) -> bytes:
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


def _step_back() -> None:
    """Readers leave the processor to the process that commits what they found, and to the user's own work."""
    if sys.platform != "win32":
        os.nice(5)


def _start_method() -> str:
    """Forking is fast, but only safe where no other thread runs."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    group: list[Task] = []
    size = 0
    for task in tasks:
        group.append(task)
        size += task.size
        if size >= _GROUP_BYTES or len(group) >= _GROUP_FILES:
            yield group
            group, size = [], 0
    if group:
        yield group
