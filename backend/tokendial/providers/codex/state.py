"""What must be remembered of a rollout to go on reading it later."""

from __future__ import annotations

import msgspec

from tokendial.domain.records import ReadingRecord, SessionFacts, Tally
from tokendial.providers.codex.identity import thread_id_of, uuid7_ms
from tokendial.providers.codex.lines import Vector
from tokendial.providers.states import load_state

STATE_VERSION = 3


class CodexState(msgspec.Struct, array_like=True, kw_only=True):
    """The resumable state of one file; it survives a restart as a blob in the ledger.

    `seen` are the fingerprints of the totals that were seen, `responses` the keys of responses, both as packed numbers.
    """

    version: int = STATE_VERSION
    facts: SessionFacts
    named: bool
    metas: int = 0
    copied: bool = False
    by_reference: bool = False
    review: bool = False
    model: str | None = None
    effort: str | None = None
    tier: str | None = None
    cwd: str | None = None
    seen: bytes = b""
    previous: Vector | None = None
    pending: list[Vector] = msgspec.field(default_factory=list)
    responses: bytes = b""
    models: list[str] = msgspec.field(default_factory=list)
    unmodelled: int = 0
    backfilled: str | None = None
    context_window: int = 0
    last_line_ms: int | None = None
    readings: dict[str, ReadingRecord] = msgspec.field(default_factory=dict)
    audit: dict[str, Tally] = msgspec.field(default_factory=dict)
    refused: dict[str, Tally] = msgspec.field(default_factory=dict)

    @classmethod
    def fresh(cls, stem: str) -> CodexState:
        """The state before the first line; `stem` is the file's name without its suffixes."""
        thread = thread_id_of(stem)
        identity = thread if thread is not None else stem
        return cls(facts=SessionFacts(id=identity, started_ms=uuid7_ms(identity)), named=thread is not None)

    @classmethod
    def load(cls, blob: bytes) -> CodexState:
        """The state as it was saved. Raises ValueError for another version."""
        return load_state(_decoder.decode, blob, STATE_VERSION)

    def dump(self) -> bytes:
        """The state as bytes."""
        return _encoder.encode(self)


_decoder = msgspec.msgpack.Decoder(CodexState)
_encoder = msgspec.msgpack.Encoder()
