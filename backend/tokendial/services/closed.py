"""Remembers what was worked out about time that is over, until a change of the ledger reaches back into it.

Almost every change is about the last minutes, while most of a dashboard is about days before. So a range is cut at the
beginning of today: what lies before comes from here, the rest is read anew each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from tokendial.store import changes
from tokendial.store.database import Connection
from tokendial.store.day_sums import DaySums

MAX_ENTRIES = 256
MAX_BYTES = 64 << 20
_T = TypeVar("_T")


class ClosedCache:
    """Values by key, each about the time before an instant. Any thread may ask; values are never changed."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = threading.Condition()
        self._making: set[tuple[Hashable, int]] = set()
        self._seq = 0
        self._entries: OrderedDict[Hashable, tuple[int, object]] = OrderedDict()
        self._bytes = 0

    def refresh(self, connection: Connection) -> int:
        """Forget what changes since the last look reach into; returns the number of the last change."""
        with self._lock:
            seq, low_ms = changes.since(connection, self._seq)
            if seq >= self._seq or low_ms == 0:
                self._seq = seq
            if low_ms is not None:
                for key in [key for key, (end_ms, _) in self._entries.items() if low_ms < end_ms]:
                    self._forget(key)
            return seq

    def get(self, key: Hashable, end_ms: int, seq: int, make: Callable[[], _T]) -> _T:
        """The value of a key about the time before `end_ms`; made where it is not known, by one thread at a time.

        `seq` is what `refresh` said for the transaction that `make` reads in: a value of an older one is not kept.
        `make` may ask for other keys, but for none that is made of this one.
        """
        turn = (key, seq)
        with self._lock:
            while turn in self._making:
                self._lock.wait()
            known = self._entries.get(key)
            if known is not None and seq == self._seq:
                self._entries.move_to_end(key)
                value: _T = known[1]  # type: ignore[assignment]  # a key always has values of one type
                return value
            self._making.add(turn)
        try:
            made = make()
            self._keep(key, end_ms, seq, made)
            return made
        finally:
            with self._lock:
                self._making.discard(turn)
                self._lock.notify_all()

    def _keep(self, key: Hashable, end_ms: int, seq: int, made: object) -> None:
        with self._lock:
            if seq == self._seq:
                self._forget(key)
                self._entries[key] = (end_ms, made)
                self._bytes += _size(made)
                while len(self._entries) > MAX_ENTRIES or self._bytes > MAX_BYTES:
                    self._forget(next(iter(self._entries)))

    def _forget(self, key: Hashable) -> None:
        known = self._entries.pop(key, None)
        if known is not None:
            self._bytes -= _size(known[1])


def _size(value: object) -> int:
    """The bytes of what is large; all else counts as nothing."""
    return value.nbytes if isinstance(value, DaySums) else 0
