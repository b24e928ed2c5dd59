"""Sums of days in little memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

_LARGE_BYTES = 48


class DaySums:
    """Sums by bucket, UTC day (counted from 1970) and label set, packed, because tens of thousands are remembered.

    Iterates as (bucket, day, label id, the six counts of TokenCounts, responses).
    """

    __slots__ = ("_flat",)
    WIDTH = 10

    def __init__(self, flat: array[int] | list[int]) -> None:
        """`flat` holds the rows one after the other."""
        self._flat = flat

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> DaySums:
        """Pack rows; sums that are too large for that stay as they are."""
        flat = list(chain.from_iterable(rows))
        try:
            return cls(array("q", flat))
        except OverflowError:
            return cls(flat)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """The rows."""
        return zip(*[iter(self._flat)] * self.WIDTH, strict=True)

    def moved(self, first: int, places: Sequence[int]) -> DaySums:
        """The rows of the buckets from `first` on that have a place in `places`, moved there. Rows must be in order."""
        buckets = self._flat[:: self.WIDTH]
        low, high = bisect_left(buckets, first), bisect_left(buckets, first + len(places))
        flat = self._flat[low * self.WIDTH : high * self.WIDTH]
        there = [places[bucket - first] for bucket in buckets[low:high]]
        if isinstance(flat, array):
            flat[:: self.WIDTH] = array("q", there)
        else:
            flat[:: self.WIDTH] = there
        return DaySums(flat)

    def then(self, later: DaySums, buckets: int) -> DaySums:
        """The rows, and after them those of another one whose buckets are counted from `buckets` on."""
        return DaySums.of([*self, *((buckets + bucket, *rest) for bucket, *rest in later)])

    def packed(self) -> bytes | None:
        """The rows as bytes of this machine; None for sums that are too large."""
        return self._flat.tobytes() if isinstance(self._flat, array) else None

    def __len__(self) -> int:
        """How many rows."""
        return len(self._flat) // self.WIDTH

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return len(self._flat) * (self._flat.itemsize if isinstance(self._flat, array) else _LARGE_BYTES)
