"""Ids and times of Codex: thread ids, UUIDv7 clocks, and the content keys of responses."""

from __future__ import annotations

import re
from hashlib import blake2b
from struct import Struct

from tokendial.providers.codex.lines import Vector

_UUID_AT_END = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$", re.IGNORECASE)
_pack_pair = Struct("<12q").pack
_PRIME, _FACTOR = (1 << 61) - 1, 0x16A09E667F3BCC90


def thread_id_of(stem: str) -> str | None:
    """The UUID at the end of a rollout's name, lower case (R1)."""
    match = _UUID_AT_END.search(stem)
    return match.group(1).lower() if match else None


def uuid7_ms(text: str) -> int | None:
    """The creation time inside a UUIDv7, or None for any other id."""
    if len(text) != 36 or text[14] != "7":
        return None
    try:
        return int(text[:8] + text[9:13], 16)
    except ValueError:
        return None


def pair_key(total: Vector, last: Vector) -> int:
    """The family-wide key of a response that has no id of its own (R6b): 63 bits of both vectors."""
    return _to_int(blake2b(_pack_pair(*total, *last), digest_size=8).digest())


def fingerprint(total: Vector) -> int:
    """61 bits of a running total, to know it again: a polynomial over a prime field, which is quick to work out."""
    found = 0
    for part in total:
        found = (found * _FACTOR + part) % _PRIME
    return found


def response_key(response_id: str) -> int:
    """The key of a response by the id its API gave it (R8)."""
    return _to_int(blake2b(response_id.encode("utf-8", "surrogatepass"), digest_size=8, person=b"response").digest())


def _to_int(digest: bytes) -> int:
    return int.from_bytes(digest, "little") >> 1
