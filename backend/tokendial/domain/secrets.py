"""Takes secrets out of text that is to be shown: each becomes the name of what it was, such as `[GitHub token]`.

What is found is found in the whole text, and only then is anything cut, so a cut never leaves half of a secret.
Every pattern reads a place of the text a bounded number of times: the time is linear in the length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_LOOK_AHEAD = 4096  # more than any secret needs to be known as one


class Masked(NamedTuple):
    """Text without its secrets. `cut` tells that more of it is there, `secrets` how many were taken out."""

    text: str
    cut: bool
    secrets: int


class _Span(NamedTuple):
    start: int
    end: int
    label: str


def masked(text: str, most: int) -> Masked:
    """The first `most` characters of a text, with every secret that begins in them replaced by its name."""
    read = text[: most + _LOOK_AHEAD]
    pieces, at, count = list[str](), 0, 0
    for span in _merged(read):
        if span.start >= most:
            break
        pieces += (read[at : span.start], f"[{span.label}]")
        at, count = span.end, count + 1
    pieces.append(read[at:most])
    return Masked("".join(pieces), len(text) > max(at, most), count)


def _merged(text: str) -> list[_Span]:
    """Every secret in the order of the text; those that overlap are one, under the name of the first."""
    found: list[_Span] = []
    for span in sorted(_spans(text), key=lambda each: (each.start, -each.end)):
        if found and span.start < found[-1].end:
            found[-1] = found[-1]._replace(end=max(span.end, found[-1].end))
        else:
            found.append(span)
    return found


def _spans(text: str) -> Iterator[_Span]:
    from tokendial.domain.secret_shapes import SHAPES  # noqa: PLC0415 - its patterns take longer than all else to load

    yield from _key_blocks(text)
    lower = text.lower()
    for shape in SHAPES:
        if not any(mark in lower for mark in shape.marks):
            continue
        for match in shape.pattern.finditer(text):
            if shape.holds is None or shape.holds(match):
                start, end = match.span("s" if "s" in shape.pattern.groupindex else 0)
                if end > start:
                    yield _Span(start, end, shape.label)


_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINES = re.compile(r"(?:\s|\\[nr]|[A-Za-z0-9+/=]{16,}+)*+")


def _key_blocks(text: str) -> Iterator[_Span]:
    """Private keys in PEM; of one whose end is not there, all that looks like its lines."""
    if "-----BEGIN " not in text:
        return
    ends = list(_END.finditer(text))
    starts = [end.start() for end in ends]
    done = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < done:
            continue
        place = bisect_right(starts, begin.end() - 1)
        lines = _KEY_LINES.match(text, begin.end())
        done = ends[place].end() if place < len(ends) else (lines.end() if lines else begin.end())
        yield _Span(begin.start(), done, "private key")
