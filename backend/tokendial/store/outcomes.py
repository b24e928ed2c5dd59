"""What a scan hands to the ledger about files, and what a commit answers."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from tokendial.domain.records import ParsedFile


class FileOutcome(msgspec.Struct, kw_only=True):
    """What a scan found out about one file. `parsed` is None where nothing was read (moved, touched, unreadable)."""

    home_id: int
    path: str
    size: int
    mtime_ns: int
    inode: int
    file_id: int | None = None
    problem: str | None = None
    parsed: ParsedFile | None = None
    replaces: bool = False
    cursor: int = 0
    head_length: int = 0
    head: bytes = b""
    tail: bytes = b""


class CommitResult(msgspec.Struct):
    """What a commit changed. `limits` tells whether any limit was observed."""

    events_added: int = 0
    limits: bool = False


class ReadFile(NamedTuple):
    """A file of the batch that was read, with its ids in the ledger.

    `alone`: nothing says so far that other files hold its responses too.
    """

    outcome: FileOutcome
    parsed: ParsedFile
    file_id: int
    session: int
    label_ids: list[int]
    alone: bool
