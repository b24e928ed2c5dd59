"""Text of a log as text: also what no decoder takes, such as half of a surrogate pair."""

from __future__ import annotations

import json
from pathlib import PurePath

import msgspec

_decode = msgspec.json.Decoder(str).decode
NAME_LENGTH = 120


def string_of(raw: bytes) -> str | None:
    """The string that stands here in JSON; None for anything else. What is no character becomes U+FFFD."""
    if raw[:1] != b'"':
        return None
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        text = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(text, str) else None


def file_name(path: str | None, otherwise: str) -> str:
    """The name of an attached file without its folders, or what it is where it has no name."""
    name = PurePath((path or "").replace("\\", "/")).name
    return name[:NAME_LENGTH] or otherwise
