"""Reading many files: in this process, or in a few worker processes when there is much to read."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Literal

import msgspec

from tokendial.ingest.reader import Known, ReadResult, Unreadable, holds_no_more, read_file
from tokendial.providers import provider

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


class Done(msgspec.Struct, array_like=True):
    """What became of a task: a result, or the problem in words; neither where nothing in the file is new."""

    place: int
    result: ReadResult | None
    problem: str | None


def read_all(provider_id: str, tasks: Sequence[Task], now_ms: int, workers: int | None = None) -> Iterator[list[Done]]:
    """Read the files and give what was found in groups small enough to hold in memory.

    `workers` overrides how many other processes read; by default there is one for each other core when there is much to
    read, else none. This one reads, too, when it would have to wait.
    """
    groups = list(_groups(tasks))
    if workers is None:
        much = sum(task.unread for task in tasks) > PARALLEL_ABOVE_BYTES
        workers = min((os.cpu_count() or 1) - 1, 4) if much and len(groups) > 1 else 0
    if workers < 1:
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
            result = read_file(source, task.path, task.known, now_ms, resumable=task.resumable)
        except Unreadable as error:
            done.append(Done(task.place, None, str(error)))
            continue
        if not task.resumable:
            result.parsed.state = b""
        done.append(Done(task.place, result, None))
    return done


def _read_parallel(provider_id: str, groups: list[list[Task]], now_ms: int, workers: int) -> Iterator[list[Done]]:
    from tokendial.ingest.pool import working_through  # noqa: PLC0415 - most scans need no other process

    decode = msgspec.msgpack.Decoder(list[Done]).decode
    read = partial(_read_encoded, provider_id, now_ms)
    with working_through(read, groups, workers, _start_method(), partial(_ahead, workers)) as results:
        for ready in results:
            yield from map(decode, ready)


def _ahead(workers: int, groups: int, size: int) -> int:
    """How many groups may be begun or wait, by the bytes of some."""
    least = 3 * workers  # until it is known how large a group is
    return max(least, min(MAX_WAITING, WAITING_BYTES * groups // max(size, 1)))


def _read_encoded(provider_id: str, now_ms: int, tasks: list[Task]) -> bytes:
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


def _start_method() -> Literal["fork", "spawn"]:
    """Forking is fast, but only safe where no other thread runs."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The first groups are small: until one was read, the ledger has nothing to write."""
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
