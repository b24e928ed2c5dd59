"""Ids of conversations and messages, and the keys of responses (G1, G6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import PurePath

from tokendial.domain.records import MESSAGE_BITS, REQUEST_BITS

CHATS = "chats"
_SHORT = 8
_NAMED_BY_TIME = re.compile(r"session-(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d)(?:-\d\d)?-(?P<id>.+)", re.DOTALL)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def session_of_name(path: str) -> str:
    """What a file's name says of its session's id: its first eight characters, of a sub-agent all of it (G6)."""
    stem = PurePath(path).name.removesuffix(".jsonl").removesuffix(".json")
    match = _NAMED_BY_TIME.fullmatch(stem)
    return match["id"] if match else stem


def started_by_name(path: str) -> datetime | None:
    """When a session began, where its file's name tells; to the minute."""
    match = _NAMED_BY_TIME.fullmatch(PurePath(path).name)
    try:
        return match and datetime.strptime(match["time"], "%Y-%m-%dT%H-%M").replace(tzinfo=UTC)
    except ValueError:
        return None


def parent_of_path(path: str) -> str | None:
    """The session whose folder a sub-agent's file lies in; always that of the main agent."""
    folder = PurePath(path).parent
    return folder.name if folder.parent.name == CHATS else None


def is_whole_id(session: str) -> bool:
    """Whether this is a session's id in full, as the program takes it back."""
    return _UUID.fullmatch(session) is not None


def mark_of(message: str) -> int:
    """A number for a message's id."""
    return int.from_bytes(blake2b(message.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def response_key(session: str, mark: int) -> int:
    """The key of a response over all files (G1).

    Of the session's id only the part counts that every file's name has: a file that lost its first line knows no more.
    """
    start = session[:_SHORT].lower().encode("utf-8", "surrogatepass")
    digest = blake2b(mark.to_bytes(8, "little") + start, digest_size=8, person=b"message").digest()
    return (int.from_bytes(digest, "little") >> (64 - MESSAGE_BITS)) << REQUEST_BITS
