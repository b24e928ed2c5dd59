"""The records of a conversation that matter, as msgspec reads them: named fields only, everything else is skipped.

What may be strange without costing the counts stays raw here and is read by `text_of`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from tokendial.domain.tokens import MAX_COUNT

NULL = msgspec.Raw(b"null")
_SCENE = "<session_context>"  # what the program itself tells a model before the first prompt

# A count that is negative, above 2^53 or not an integer fails to decode, and its message is refused.
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]


class Tokens(msgspec.Struct, gc=False):
    """What a response used: `input` includes `cached`, `output` is without `thoughts` (log-formats 3.2)."""

    input: Count | None = 0
    output: Count | None = 0
    cached: Count | None = 0
    thoughts: Count | None = 0
    tool: Count | None = 0


class Message(msgspec.Struct):
    """A message of a conversation, alone on its line or in a list."""

    id: str | None = None
    timestamp: str = ""
    type: str = ""
    model: str | None = None
    tokens: Tokens | None = None
    content: msgspec.Raw = NULL


class Record(msgspec.Struct):
    """Any line, any whole document, and what stands in `$set`: the parts that say which of them it is."""

    id: msgspec.Raw = NULL
    settings: msgspec.Raw = msgspec.field(name="$set", default=NULL)
    rewind_to: msgspec.Raw = msgspec.field(name="$rewindTo", default=NULL)
    session: msgspec.Raw = msgspec.field(name="sessionId", default=NULL)
    started: msgspec.Raw = msgspec.field(name="startTime", default=NULL)
    kind: msgspec.Raw = NULL
    summary: msgspec.Raw = NULL
    messages: msgspec.Raw = NULL


class Part(msgspec.Struct):
    """A part of a message's content: words of a person, the result of a tool, or something attached."""

    text: msgspec.Raw = NULL
    inline: msgspec.Raw = msgspec.field(name="inlineData", default=NULL)
    file: msgspec.Raw = msgspec.field(name="fileData", default=NULL)


decode_record = msgspec.json.Decoder(Record).decode
decode_message = msgspec.json.Decoder(Message).decode
decode_list = msgspec.json.Decoder(list[msgspec.Raw] | None).decode
_decode_text = msgspec.json.Decoder(str | None).decode
_decode_parts = msgspec.json.Decoder(list[Part] | Part | str | None).decode


def text_of(raw: msgspec.Raw) -> str | None:
    """A string; None for anything else."""
    try:
        return _decode_text(raw) or None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def parts_of(content: msgspec.Raw) -> list[Part]:
    """The parts of a message; a message that is only text is one part."""
    try:
        parts = _decode_parts(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    if isinstance(parts, str):
        return [Part(content)]
    return [parts] if isinstance(parts, Part) else parts or []


def first_words(content: msgspec.Raw) -> str | None:
    """The first words of a person in a user's message; None where it hands a tool's result back, or sets the scene."""
    texts = (text_of(part.text) or "" for part in parts_of(content))
    return next((text for text in texts if is_said(text)), None)


def is_said(text: str) -> bool:
    """Whether a text is a person's."""
    return bool(text) and not text.startswith(_SCENE)
