"""The one line that an agent's status line shows: text with places in braces, cut into parts by separators.

A part with a place whose value is not known is left out together with its separator, so a line never says `None`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tokendial.domain.visible import has_unseen, without_unseen
from tokendial.errors import BadRequest

PLACES: dict[str, str] = {
    "model": "the model of the session",
    "context": "how full its context is",
    "cost_today": "what all agents cost today",
    "cost_session": "what the agent says the session cost",
    "five_hour": "how much of the five-hour window is used",
    "weekly": "how much of the weekly window is used",
    "five_hour_reset": "when the five-hour window resets",
    "weekly_reset": "when the weekly window resets",
}
DEFAULT_FORMAT = "{model} · ctx {context} · {cost_today} today · 5h {five_hour} · week {weekly}"
NOTHING_KNOWN = "Tokendial"
MAX_FORMAT = 200
MAX_LINE = 400
_SEPARATOR = re.compile(r"(\s+[·•|/–—-]\s+)")
_PLACE = re.compile(r"\{([^{}]*)\}")


def check_format(text: str) -> None:
    """Raise BadRequest, in words, for a format that cannot be."""
    if not text.strip():
        raise BadRequest("Write a format, such as {model} · {cost_today} today.", field="status_line_format")
    if len(text) > MAX_FORMAT:
        raise BadRequest(f"A format has at most {MAX_FORMAT} characters.", field="status_line_format")
    if has_unseen(text):
        raise BadRequest("A format is one line of plain text.", field="status_line_format")
    for name in _PLACE.findall(text):
        if name not in PLACES:
            known = ", ".join(f"{{{place}}}" for place in PLACES)
            raise BadRequest(f"{{{name[:40]}}} is no place of the line. There are {known}.", field="status_line_format")
    if set(_PLACE.sub("", text)) & set("{}"):
        raise BadRequest("A brace has no partner.", field="status_line_format")


def render(text: str, values: Mapping[str, str | None]) -> str:
    """The line of a format that `check_format` lets through; never empty, never more than one line."""
    pieces = _SEPARATOR.split(text)
    line = ""
    for at in range(0, len(pieces), 2):
        part = pieces[at]
        if any(values.get(name) is None for name in _PLACE.findall(part)):
            continue
        filled = _PLACE.sub(lambda found: values.get(found[1]) or "", part)
        line += f"{pieces[at - 1]}{filled}" if line else filled
    line = without_unseen(line).strip()
    return line[:MAX_LINE] or NOTHING_KNOWN
