"""Processes that work through a list and send back bytes, about in the order of the list.

`concurrent.futures` has one call ready for them at most, and takes results through a small pipe by a thread that waits
for the interpreter: readers stood still a fifth of the time. Here each has a few numbers of items before it, and its
results wait in a large pipe.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from tokendial.errors import Unavailable

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

_T = TypeVar("_T")
_PIPE_BYTES = 1 << 20
_NUMBER_BYTES = 4
_BEFORE_ONE = 2
StartMethod = Literal["fork", "spawn"]
Ahead = Callable[[int, int], int]


class _Worker(NamedTuple):
    """A process, where it is told numbers, and where its results come from."""

    process: BaseProcess
    numbers: Connection
    results: Connection


@contextmanager
def working_through(
    work: Callable[[_T], bytes],
    items: Sequence[_T],
    workers: int,
    start_method: StartMethod,
    ahead: Ahead,
) -> Iterator[Iterator[list[bytes]]]:
    """What `work` makes of each item, everything that is ready at once; it works from now on, until the end of `with`.

    Who takes results while none is ready works as well. `ahead` says how many items may be begun or wait when so many
    results had so many bytes. Raises Unavailable when a process ends early.
    """
    with closing(_Pool(work, items, workers, start_method, ahead)) as pool:
        yield pool.results()


class _Pool:
    def __init__(
        self,
        work: Callable[[_T], bytes],
        items: Sequence[_T],
        workers: int,
        start_method: StartMethod,
        ahead: Ahead,
    ) -> None:
        """Start the processes."""
        self._work: Callable[[int], bytes] = lambda number: work(items[number])
        self._items, self._ahead = len(items), ahead
        self._begun = self._taken = self._taken_bytes = 0
        self._missing = len(items)
        self._ready: list[bytes] = []
        self._changed = threading.Condition()
        self._lost = False
        # One after the other: then the last one sees that this process is gone, ends, and so does the one before it.
        self._workers = [_start(start_method, work, items) for _ in range(workers)]
        self._asked = dict.fromkeys(self._workers, 0)
        self._collector = threading.Thread(target=self._collect, name="readers", daemon=True)
        with self._changed:
            self._ask()
        self._collector.start()

    def results(self) -> Iterator[list[bytes]]:
        """All results, those that are ready at once."""
        while self._taken < self._items:
            yield self._take()

    def _take(self) -> list[bytes]:
        """All results that are there; else what this process makes of an item, or the next ones that come."""
        with self._changed:
            own = None if self._ready or self._lost else self._begin_here()
        if own is not None:
            return self._took([self._work(own)])
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._lost)
            if not self._ready:
                raise Unavailable("A process that reads logs ended early; the next scan reads what it left.")
            taken, self._ready = self._ready, []
        return self._took(taken)

    def _begin_here(self) -> int | None:
        """An item that nobody has begun; the caller holds the lock."""
        if self._begun == self._items:
            return None
        self._begun += 1
        self._missing -= 1
        return self._begun - 1

    def _took(self, results: list[bytes]) -> list[bytes]:
        with self._changed:
            self._taken += len(results)
            self._taken_bytes += sum(map(len, results))
            self._ask()
        return results

    def close(self) -> None:
        """End all processes; those that still work are broken off."""
        finished = self._taken == self._items
        for worker in self._workers:
            worker.numbers.close()
            if not finished:
                worker.process.kill()
        self._collector.join()
        for worker in self._workers:
            worker.process.join()
            worker.results.close()

    def _ask(self) -> None:
        """Have as many items begun as may be; the caller holds the lock."""
        most = self._taken + self._ahead(self._taken, self._taken_bytes)
        while self._begun < min(most, self._items):
            worker = min(self._workers, key=lambda one: self._asked[one])
            if self._asked[worker] == _BEFORE_ONE:
                return  # who is faster gets more
            with suppress(OSError):  # it ended: the collector notices
                worker.numbers.send_bytes(self._begun.to_bytes(_NUMBER_BYTES, "little"))
            self._asked[worker] += 1
            self._begun += 1

    def _collect(self) -> None:
        """Take results as they come, until none is missing or a process has ended."""
        while self._missing:
            ready = set(wait([worker.results for worker in self._workers]))
            for worker in self._workers:
                if worker.results not in ready:
                    continue
                try:
                    result = worker.results.recv_bytes()
                except (EOFError, OSError):
                    self._lose()
                    return
                self._keep(worker, result)

    def _keep(self, worker: _Worker, result: bytes) -> None:
        with self._changed:
            self._ready.append(result)
            self._missing -= 1
            self._asked[worker] -= 1
            self._ask()
            self._changed.notify_all()

    def _lose(self) -> None:
        with self._changed:
            self._lost = True
            self._changed.notify_all()


def _start(start_method: StartMethod, work: Callable[[_T], bytes], items: Sequence[_T]) -> _Worker:
    context: ForkContext | SpawnContext = get_context("fork") if start_method == "fork" else get_context("spawn")
    their_numbers, numbers = context.Pipe(duplex=False)
    results, their_results = context.Pipe(duplex=False)
    _widen(results)
    inherited = [numbers, results] if start_method == "fork" else []
    process = context.Process(target=_serve, args=(work, items, their_numbers, their_results, inherited), daemon=True)
    process.start()
    their_numbers.close()
    their_results.close()
    return _Worker(process, numbers, results)


def _widen(pipe: Connection) -> None:
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        with suppress(OSError):  # the system allows less
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _serve(
    work: Callable[[_T], bytes],
    items: Sequence[_T],
    numbers: Connection,
    results: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Work in a process of its own until nothing is asked any more, or nobody is there who asks."""
    for one in inherited:  # the other ends: as long as any process holds them, the pipes do not end
        one.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it too, and ends this one
    if sys.platform != "win32":
        os.nice(10)  # leaves the processor to the process that commits what was found, and to the user's own work
    with suppress(EOFError, BrokenPipeError):
        while True:
            item = items[int.from_bytes(numbers.recv_bytes(), "little")]
            results.send_bytes(work(item))
