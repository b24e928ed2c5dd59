"""Model patterns: case-insensitive, `*` stands for any run of characters (also none), everything else is literal."""

from __future__ import annotations

WILDCARD = "*"


def is_exact(pattern: str) -> bool:
    """Whether the pattern names one model, that is, holds no `*`."""
    return WILDCARD not in pattern


def literal_length(pattern: str) -> int:
    """How many characters the pattern spells out; the longer, the more specific."""
    return len(pattern) - pattern.count(WILDCARD)


def matches(pattern: str, text: str) -> bool:
    """Whether `text` fits `pattern` as a whole. An empty pattern fits nothing, not even an empty text.

    `*codex`, `*-codex*` and `gpt*codex` on `gpt-codex-codex` fit as one expects (codex-tracker W12). The ends are
    compared first and what lies between is searched from the left, once: with `*` as the only wildcard the leftmost
    find of a piece leaves the most room for the rest, so nothing has to be tried again.
    """
    if not pattern:
        return False
    wanted, given = pattern.lower(), text.lower()
    if is_exact(wanted):
        return wanted == given
    head, *middle, tail = wanted.split(WILDCARD)
    end = len(given) - len(tail)
    if end < len(head) or not given.startswith(head) or not given.endswith(tail):
        return False
    at = len(head)
    for piece in middle:
        at = given.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
