"""What a person asked in a message of a conversation (log-formats 3.2)."""

from __future__ import annotations

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.providers.base import PromptText
from tokendial.providers.gemini.records import NULL, Message, decode_message, is_said, parts_of, text_of
from tokendial.providers.mending import mend
from tokendial.providers.texts import file_name


class _Blob(msgspec.Struct):
    """What is attached: its kind and, of a file, where it lies."""

    mime: msgspec.Raw = msgspec.field(name="mimeType", default=NULL)
    name: msgspec.Raw = msgspec.field(name="displayName", default=NULL)
    uri: msgspec.Raw = msgspec.field(name="fileUri", default=NULL)


_decode_blob = msgspec.json.Decoder(_Blob | None).decode


def prompt_of(record: bytes, time_ms: int) -> PromptText | None:
    """What was asked in a message, if it is a prompt of this time."""
    for text in (record, mend(record)):
        try:
            return _of(decode_message(text), time_ms)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return None


def _of(message: Message, time_ms: int) -> PromptText | None:
    if message.type != "user" or parse_utc_ms(message.timestamp) != time_ms:
        return None
    texts: list[str] = []
    attached: list[str] = []
    for part in parts_of(message.content):
        text = text_of(part.text) or ""
        if is_said(text):
            texts.append(text)
        attached += (_name(raw) for raw in (part.inline, part.file) if bytes(raw) != bytes(NULL))
    return PromptText("\n".join(texts), tuple(attached)) if texts else None


def _name(raw: msgspec.Raw) -> str:
    try:
        blob = _decode_blob(raw) or _Blob()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "attachment"
    kind = (text_of(blob.mime) or "").partition("/")[0] or "attachment"
    return file_name(text_of(blob.name) or text_of(blob.uri), kind)
