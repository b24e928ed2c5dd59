"""Makes odd spellings readable without moving a byte, so that offsets into the file still hold."""

from __future__ import annotations

import codecs
import re

_BOM = b"\xef\xbb\xbf"
_SAME_LENGTH = "tokendial.same-length"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}(?P<pair>\\u[dD][c-fC-F][0-9a-fA-F]{2})?"
    rb"|(?P<low>u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<other>.))",
    re.DOTALL,
)


def _marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "?" * (error.end - error.start), error.end


codecs.register_error(_SAME_LENGTH, _marks)


def mend(text: bytes) -> bytes:
    """The text with its byte order mark, its invalid UTF-8 and its half surrogate pairs replaced, as long as before.

    A half pair is what JavaScript leaves when it cuts a text within an emoji: valid JSON, but no text.
    """
    if text.startswith(_BOM):
        text = b"   " + text[3:]
    return _ESCAPE.sub(_whole, text.decode("utf-8", _SAME_LENGTH).encode())


def _whole(escape: re.Match[bytes]) -> bytes:
    if escape["pair"] or escape["other"]:
        return escape.group()
    return b"\\ufffd"
