"""Characters that are not seen but change what is: they move a cursor, turn text around, or end a line."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def has_unseen(text: str) -> bool:
    """Whether any of them is in a text."""
    return not text.isprintable() and any(unicodedata.category(one) in _UNSEEN for one in text)


def without_unseen(text: str) -> str:
    """The text without them."""
    return _each(text, lambda _one: "")


def with_escapes(text: str) -> str:
    """Each of them as the escape that stands for it in JSON, such as `\\u001b`."""
    return _each(text, lambda one: json.dumps(one)[1:-1] if one > "\uffff" else f"\\u{ord(one):04x}")


def _each(text: str, instead: Callable[[str], str]) -> str:
    if text.isprintable():
        return text
    return "".join(instead(one) if unicodedata.category(one) in _UNSEEN else one for one in text)
