"""Bytes that something went wrong with."""

from __future__ import annotations

HOW = ("flip", "cut", "double", "insert")


def damaged(data: bytes, place: int, byte: int, how: str) -> bytes:
    """The bytes with one of them changed, left out or put in, or a stretch written twice; `place` goes round."""
    found = bytearray(data)
    at = place % len(found)
    if how == "flip":
        found[at] ^= byte
    elif how == "cut":
        del found[at]
    elif how == "insert":
        found.insert(at, byte)
    else:
        found[at:at] = found[at : at + byte]
    return bytes(found)
