"""Token counts: five parts that never overlap."""

from __future__ import annotations

from typing import NamedTuple

MAX_COUNT = 2**53


class TokenCounts(NamedTuple):
    """What one or many responses used. `reasoning` is inside `output` and is never added.

    `input` is what was neither read from nor written to a cache; `cache_write` is the short-lived kind (five minutes).
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        """The sum of the five parts."""
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h + self.output

    def plus(self, other: TokenCounts) -> TokenCounts:
        """The part-wise sum."""
        return TokenCounts(*(a + b for a, b in zip(self, other, strict=True)))


ZERO = TokenCounts()
