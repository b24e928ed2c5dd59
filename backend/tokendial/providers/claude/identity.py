"""Ids of Claude Code: sessions, agents, and the keys of responses (A1, A2, A6)."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

from tokendial.domain.records import MESSAGE_BITS, REQUEST_BITS

AGENT_PREFIX = "agent-"
_REQUEST_MASK = (1 << REQUEST_BITS) - 1
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
# A2: ids that an API draws at random. Proxies write others, which come twice (`msg_20251030182214` is a second).
_UNIQUE = re.compile(rf"msg_01[0-9A-Za-z]{{8,}}|msg_(?:vrtx|bdrk)_\S+|chatcmpl-\S+|{_UUID}")


def response_key(message: str | None, request: str | None, session: str | None, line: str) -> int:
    """The key of a response over all files (A1, A2); `line` is what identifies a line whose message has no id."""
    if not message:
        return _message_part(f"line\0{line}")
    if request:
        return _message_part(message) | _request_part(request)
    return _message_part(message if _is_unique(message) else f"{session or ''}\0{message}")


def iteration_key(key: int, request: str | None, kind: str, index: int) -> int:
    """The key of an inference that is billed beside the response of this key (A6)."""
    return key & ~_REQUEST_MASK | _request_part(f"{request or ''}\0{kind}\0{index}")


@lru_cache(maxsize=256)
def _is_unique(message: str) -> bool:
    return _UNIQUE.fullmatch(message) is not None


@lru_cache(maxsize=256)
def _message_part(text: str) -> int:
    return _digest(text) >> (64 - MESSAGE_BITS) << REQUEST_BITS


def _request_part(text: str) -> int:
    """Never 0, which stands for no request id."""
    return _digest(text) & _REQUEST_MASK or 1


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
