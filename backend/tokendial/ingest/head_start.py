"""The first reading of a home begins while the command that wants it is still being loaded.

Another core lists the home's files and reads the first of them. Whoever scans that home takes the listing and goes on
from there; until then nobody depends on it, and when this process ends, so does the other.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

import msgspec

from tokendial.ingest.pool import Begun
from tokendial.ingest.work import Task, groups_of, may_fork, newest_first, other_readers, read_encoded, tasks_of
from tokendial.ingest.worker import Forked, NextNumber, Send
from tokendial.providers import provider
from tokendial.providers.folders import FoundFile

_MOST_BYTES = 192 << 20  # about what is read until the command is there; it reads the rest as well
_MOST_WAITING = 16
_listing = msgspec.msgpack.Decoder(list[FoundFile] | None).decode


class HeadStart:
    """A process that reads a home."""

    def __init__(self, provider_id: str, path: Path) -> None:
        """Begin. Only where `may_fork`."""
        self._worker = Forked(_Reading(provider_id, path).serve)

    def listing(self) -> list[FoundFile] | None:
        """The files of the home, newest first; None where something is wrong with it. Asked once, before `begun`."""
        try:
            listing: list[FoundFile] | None = _listing(self._worker.result())
        except (EOFError, OSError):
            return None
        return listing

    def begun(self, tasks: Sequence[Task]) -> Begun | None:
        """The process, and how much of what is to be read it has begun; None, and it ends, where that is little."""
        items = _first_groups(list(groups_of(tasks)))
        if not items:
            self.give_up()
            return None
        return Begun(self._worker, items)

    def give_up(self) -> None:
        """End the process."""
        self._worker.dismiss(at_once=True)
        self._worker.join()


class _Reading:
    """What the other process does."""

    def __init__(self, provider_id: str, path: Path) -> None:
        self._provider_id, self._path = provider_id, path

    def serve(self, number: NextNumber, send: Send) -> None:
        """Send the listing, then what was read; reading goes on while nobody takes it."""
        now_ms, found = int(time.time() * 1000), self._list()
        send(msgspec.msgpack.encode(found))
        groups = list(groups_of(tasks_of(self._provider_id, found or [], now_ms)))
        waiting: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        threading.Thread(target=_pass_on, args=(waiting, send), daemon=True).start()
        for group in groups[: _first_groups(groups)]:
            waiting.put(read_encoded(self._provider_id, now_ms, group))
        while True:
            waiting.put(read_encoded(self._provider_id, now_ms, groups[number()]))

    def _list(self) -> list[FoundFile] | None:
        closed: list[OSError] = []
        try:
            found = newest_first(provider(self._provider_id).logs.find_files(self._path, closed.append))
        except OSError:
            return None
        return None if closed else found


def _pass_on(waiting: queue.Queue[bytes], send: Send) -> None:
    try:
        while True:
            send(waiting.get())
    except OSError:  # nobody takes it any more
        os._exit(0)


def _first_groups(groups: Sequence[Sequence[Task]]) -> int:
    """How many groups the head start is: none where one process reads all."""
    if len(groups) < 2 or not other_readers(sum(task.unread for group in groups for task in group)):
        return 0
    read = accumulate(sum(task.unread for task in group) for group in groups)
    return sum(size <= _MOST_BYTES for size in read)


_begun: dict[tuple[str, Path], HeadStart] = {}


def begin(provider_id: str, path: Path) -> None:
    """Begin to read a home that nothing is known of, where the system and this process let it be."""
    if not may_fork():
        return
    with suppress(OSError):  # no more processes are allowed
        _begun[provider_id, path] = HeadStart(provider_id, path)


def taken(provider_id: str, path: Path) -> HeadStart | None:
    """The head start of a home; whoever asks has it from now on."""
    return _begun.pop((provider_id, path), None)


def give_up() -> None:
    """End those that nobody took."""
    while _begun:
        _begun.popitem()[1].give_up()
