"""Diagnostics: facts for a bug report."""

from __future__ import annotations

import msgspec

from tokendial.services.contract.system import ScanStatus


class RefusedLine(msgspec.Struct):
    """Lines refused in a file for one reason; `first_offset` is the byte where the first of them begins."""

    path: str
    reason: str
    label: str
    count: int
    first_offset: int


class Diagnostics(msgspec.Struct):
    """Facts for a bug report: no prompt, no secret.

    What takes long is null until it is asked for: whether the roll-up equals the events, and whether the file is sound.
    `report` is all of it as text that may be shown to anybody: no prompts, secrets, names of people or whole paths.
    """

    version: str
    python: str
    sqlite: str
    sqlite_warning: str | None
    platform: str
    window: str
    data_dir: str
    database_bytes: int
    events: int
    sessions: int
    files: int
    files_gone: int
    refused: list[RefusedLine]
    refused_total: int
    last_scan: ScanStatus
    rollup_ok: bool | None
    integrity_ok: bool | None
    checked_at_ms: int | None
    report: str


class RefusedLinesRequest(msgspec.Struct, kw_only=True):
    """Look for the line numbers in every file that is not too large, or in one file of any size by its path."""

    path: str | None = None


class RefusedAt(msgspec.Struct):
    """The number of the first line that was refused in a file for a reason; else why there is none."""

    path: str
    reason: str
    line: int | None
    problem: str | None


class RefusedLines(msgspec.Struct):
    """Where refused lines are."""

    lines: list[RefusedAt]
