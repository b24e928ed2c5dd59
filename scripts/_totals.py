"""What a generated corpus holds, as a report names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Tally:
    """The parts of a total as a report names them: they do not overlap, reasoning is inside output."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    total_tokens: int = 0
    events: int = 0

    def add(self, fresh: int, read: int, write: int, hour: int, output: int, reasoning: int) -> None:
        """Counts one response; `fresh` is what was neither read from the cache nor written to it."""
        self.input_tokens += fresh
        self.cache_read_tokens += read
        self.cache_write_tokens += write
        self.cache_write_1h_tokens += hour
        self.output_tokens += output
        self.reasoning_tokens += reasoning
        self.total_tokens += fresh + read + write + hour + output
        self.events += 1
