"""What must be remembered of a transcript to go on reading it later."""

from __future__ import annotations

import msgspec

from tokendial.domain.records import Labels, Tally
from tokendial.providers.states import load_state

STATE_VERSION = 2


class Row(msgspec.Struct, array_like=True, gc=False):
    """The fullest row of a response so far; `time_ms` is that of its first row (A1)."""

    time_ms: int
    label: int
    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    reasoning: int
    flags: int
    offset: int
    searches: int
    stopped: bool

    @property
    def tokens(self) -> int:
        """The sum of the five parts."""
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h + self.output


class Seen(msgspec.Struct, array_like=True):
    """What the lines of one session in the file say about it."""

    lines: int = 0
    started_ms: int | None = None
    last_ms: int | None = None
    cwd: str | None = None
    branch: str | None = None
    originator: str | None = None
    version: str | None = None
    model: str | None = None
    effort: str | None = None
    agent: str | None = None
    copied: bool = False
    forked_from: str | None = None
    context_used: int | None = None
    compactions: int = 0
    title: str | None = None
    title_rank: int = 0
    begun: list[int] = []


class ClaudeState(msgspec.Struct, array_like=True, kw_only=True):
    """The resumable state of one file; it survives a restart as a blob in the ledger."""

    version: int = STATE_VERSION
    rows: dict[int, Row] = msgspec.field(default_factory=dict)
    labels: list[Labels] = msgspec.field(default_factory=list)
    sessions: dict[str, Seen] = msgspec.field(default_factory=dict)
    summaries: dict[str, str] = msgspec.field(default_factory=dict)
    born_ms: int | None = None
    last_uuid: str | None = None
    last_session: str | None = None
    audit: dict[str, Tally] = msgspec.field(default_factory=dict)
    refused: dict[str, Tally] = msgspec.field(default_factory=dict)

    @classmethod
    def load(cls, blob: bytes) -> ClaudeState:
        """The state as it was saved. Raises ValueError for another version."""
        return load_state(_decoder.decode, blob, STATE_VERSION)

    def dump(self, rows: bytes | None = None) -> bytes:
        """The state as bytes; `rows` are the rows where they are bytes already."""
        if rows is None:
            return _encoder.encode(self)
        given = {"rows": msgspec.Raw(rows)}
        return _encoder.encode([given.get(name, getattr(self, name)) for name in self.__struct_fields__])


_decoder = msgspec.msgpack.Decoder(ClaudeState)
_encoder = msgspec.msgpack.Encoder()
