"""Processes that work through a list and send back bytes, about in the order of the list.

`concurrent.futures` has one call ready for them at most, and takes results through a small pipe by a thread that waits
for the interpreter: readers stood still a fifth of the time. Here each has a few numbers of items before it, and its
results wait in a large pipe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import NamedTuple, TypeVar

from tokendial.errors import Unavailable
from tokendial.ingest.worker import StartMethod, Worker, start

_T = TypeVar("_T")
_BEFORE_ONE = 2
Ahead = Callable[[int, int], int]


class Begun(NamedTuple):
    """A process that works already, and on how many of the first items."""

    worker: Worker
    items: int


@contextmanager
def working_through(
    work: Callable[[_T], bytes],
    items: Sequence[_T],
    workers: int,
    start_method: StartMethod,
    ahead: Ahead,
    begun: Begun | None = None,
) -> Iterator[Iterator[list[bytes]]]:
    """What `work` makes of each item, everything that is ready at once; it works from now on, until the end of `with`.

    Who takes results while none is ready works as well. `ahead` says how many items may be begun or wait when so many
    results had so many bytes. `begun` is one of the workers, and is dismissed with them. Raises Unavailable when a
    process ends early.
    """
    with closing(_Pool(work, items, workers, start_method, ahead, begun)) as pool:
        yield pool.results()


class _Pool:
    def __init__(
        self,
        work: Callable[[_T], bytes],
        items: Sequence[_T],
        workers: int,
        start_method: StartMethod,
        ahead: Ahead,
        begun: Begun | None,
    ) -> None:
        """Start the processes that are missing."""
        self._work: Callable[[int], bytes] = lambda number: work(items[number])
        self._items, self._ahead = len(items), ahead
        self._begun = begun.items if begun else 0
        self._taken = self._taken_bytes = 0
        self._ready: list[bytes] = []
        self._changed = threading.Condition()
        self._lost = False
        self._asked = {begun.worker: begun.items} if begun else {}
        # One after the other: then the last one sees that this process is gone, ends, and so does the one before it.
        self._asked |= {start(start_method, work, items): 0 for _ in range(workers - len(self._asked))}
        self._collectors = [
            threading.Thread(target=self._collect, args=(worker,), name="readers", daemon=True)
            for worker in self._asked
        ]
        with self._changed:
            self._ask()
        for collector in self._collectors:
            collector.start()

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
        return self._begun - 1

    def _took(self, results: list[bytes]) -> list[bytes]:
        with self._changed:
            self._taken += len(results)
            self._taken_bytes += sum(map(len, results))
            self._ask()
        return results

    def close(self) -> None:
        """End all processes; those that still work are broken off."""
        with self._changed:
            unfinished, self._begun = self._taken < self._items, self._items  # nothing is begun any more
            for worker in self._asked:
                worker.dismiss(at_once=unfinished)
        for collector in self._collectors:
            collector.join()
        for worker in self._asked:
            worker.join()

    def _ask(self) -> None:
        """Have as many items begun as may be; the caller holds the lock."""
        most = self._taken + self._ahead(self._taken, self._taken_bytes)
        while self._begun < min(most, self._items):
            worker = min(self._asked, key=lambda one: self._asked[one])
            if self._asked[worker] >= _BEFORE_ONE:
                return  # who is faster gets more
            with suppress(OSError):  # it ended: its collector notices
                worker.ask(self._begun)
            self._asked[worker] += 1
            self._begun += 1

    def _collect(self, worker: Worker) -> None:
        """Take the results of a process as they come, until it ends."""
        with suppress(EOFError, OSError):
            while True:
                self._keep(worker, worker.result())
        with self._changed:
            self._lost = True
            self._changed.notify_all()

    def _keep(self, worker: Worker, result: bytes) -> None:
        with self._changed:
            self._ready.append(result)
            self._asked[worker] -= 1
            self._ask()
            self._changed.notify_all()
