"""What must be remembered of a conversation to go on reading it later."""

from __future__ import annotations

import msgspec

from tokendial.domain.records import SUBAGENT, PromptRecord, SessionFacts, Tally
from tokendial.providers.gemini.identity import parent_of_path, session_of_name
from tokendial.providers.states import load_state

STATE_VERSION = 2


class Response(msgspec.Struct, array_like=True, gc=False):
    """The last of what was said of a response, at the time of the first. `named` is False for an assumed model."""

    time_ms: int
    offset: int
    input: int
    cached: int
    tool: int
    output: int
    thoughts: int
    model: str | None
    named: bool

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """The tokens, in the log's own terms."""
        return self.input, self.cached, self.tool, self.output, self.thoughts

    @property
    def total(self) -> int:
        """`total` of the log: nothing is in two of its parts but cached, which is inside input."""
        return self.input + self.tool + self.output + self.thoughts


class GeminiState(msgspec.Struct, array_like=True, kw_only=True):
    """The resumable state of one file; it survives a restart as a blob in the ledger.

    Messages are known by the marks of their ids (`identity.mark_of`); `prompts` are kept for documents only.
    """

    version: int = STATE_VERSION
    facts: SessionFacts
    project: str
    model: str | None = None
    responses: dict[int, Response] = msgspec.field(default_factory=dict)
    asked: set[int] = msgspec.field(default_factory=set)
    prompts: list[PromptRecord] = msgspec.field(default_factory=list)
    begun: list[int] = msgspec.field(default_factory=list)
    audit: dict[str, Tally] = msgspec.field(default_factory=dict)
    refused: dict[str, Tally] = msgspec.field(default_factory=dict)

    @classmethod
    def fresh(cls, path: str, project: str, folder: str | None) -> GeminiState:
        """The state before the first byte; `folder` is where the project lies, if that is known."""
        parent = parent_of_path(path)
        facts = SessionFacts(id=session_of_name(path), cwd=folder)
        if parent is not None:
            facts.kind, facts.parent, facts.root, facts.relatives = SUBAGENT, parent, parent, [parent]
        return cls(facts=facts, project=project)

    @classmethod
    def load(cls, blob: bytes) -> GeminiState:
        """The state as it was saved. Raises ValueError for another version."""
        return load_state(_decoder.decode, blob, STATE_VERSION)

    def dump(self) -> bytes:
        """The state as bytes."""
        return _encoder.encode(self)


_decoder = msgspec.msgpack.Decoder(GeminiState)
_encoder = msgspec.msgpack.Encoder()
