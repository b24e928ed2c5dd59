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
    """Facts for a bug report: no prompt, no secret."""

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
    rollup_ok: bool
    integrity_ok: bool
