"""Which events are what a person asked, and what that was (log-formats 1.3).

Up to 2026 a prompt is a `user_message`, in paginated histories a completed item; only one of them is written.
"""

from __future__ import annotations

import msgspec

from tokendial.domain.clock import parse_utc_ms
from tokendial.providers.base import PromptText
from tokendial.providers.codex.lines import NULL, EventPayload, Line
from tokendial.providers.texts import file_name, string_of

_TYPED = (None, "plain")  # not environment_context, not user_instructions


class _Message(msgspec.Struct):
    """A `user_message`: texts stay raw, because they may hold what no decoder takes."""

    message: msgspec.Raw = NULL
    images: list[msgspec.Raw] | None = None
    local_images: list[msgspec.Raw] | None = None
    audio: list[msgspec.Raw] | None = None
    local_audio: list[msgspec.Raw] | None = None


class _Part(msgspec.Struct):
    """A part of a completed item."""

    type: str | None = None
    text: msgspec.Raw = NULL
    path: msgspec.Raw = NULL
    name: msgspec.Raw = NULL


class _Item(msgspec.Struct):
    content: list[_Part] | None = None


class _Completed(msgspec.Struct):
    item: _Item | None = None


_decode_line = msgspec.json.Decoder(Line).decode
_decode_event = msgspec.json.Decoder(EventPayload).decode
_decode_message = msgspec.json.Decoder(_Message).decode
_decode_completed = msgspec.json.Decoder(_Completed).decode


def is_prompt(event: EventPayload) -> bool:
    """Whether an event holds what a person asked."""
    if event.type == "user_message":
        return event.kind in _TYPED
    return event.type == "item_completed" and event.item is not None and event.item.type == "UserMessage"


def prompt_of(record: bytes, time_ms: int) -> PromptText | None:
    """What was asked in a line, if it is a prompt of this time."""
    try:
        line = _decode_line(record)
        event = _decode_event(line.payload) if line.type == "event_msg" else None
        if event is None or parse_utc_ms(line.timestamp) != time_ms or not is_prompt(event):
            return None
        return _of_message(line.payload) if event.type == "user_message" else _of_item(line.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _of_message(payload: msgspec.Raw) -> PromptText:
    message = _decode_message(payload)
    found = [*_named(message.local_images, "image"), *_named(message.local_audio, "audio")]
    found += ["image"] * len(message.images or ()) + ["audio"] * len(message.audio or ())
    return PromptText(string_of(bytes(message.message)) or "", tuple(found))


def _named(paths: list[msgspec.Raw] | None, otherwise: str) -> list[str]:
    return [file_name(string_of(bytes(path)), otherwise) for path in paths or ()]


def _of_item(payload: msgspec.Raw) -> PromptText:
    item = _decode_completed(payload).item
    texts: list[str] = []
    attached: list[str] = []
    for part in (item.content if item is not None else None) or ():
        if part.type == "text":
            texts.append(string_of(bytes(part.text)) or "")
        else:
            name = string_of(bytes(part.name)) or string_of(bytes(part.path))
            attached.append(file_name(name, (part.type or "attachment").removeprefix("local_")))
    return PromptText("\n".join(text for text in texts if text), tuple(attached))
