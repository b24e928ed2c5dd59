"""Titles that only repeat what was asked: those are prompt text, and no text of a prompt is kept.

To know them later, two bytes of a digest are remembered of how a prompt begins: enough to recognise a title by, and far
too little to tell what the prompt was.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from itertools import islice

MAX_MARKS = 64  # of a session: what is made into a title is asked early
_LETTERS = 12


def beginning(text: str) -> str:
    """The first letters and digits of a text, whatever stands between them."""
    return "".join(islice(filter(str.isalnum, text), _LETTERS)).casefold()


def beginning_mark(text: str) -> int | None:
    """What is remembered of how a text begins; None where it has no letter or digit."""
    letters = beginning(text).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(letters, digest_size=2).digest(), "little") if letters else None


def repeats(title: str, marks: Collection[int]) -> bool:
    """Whether a title begins as one of the prompts of these marks does."""
    return beginning_mark(title) in marks
