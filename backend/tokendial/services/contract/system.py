"""The program itself: what the page needs first, scans, sample data."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.homes import Home, LookedAt
from tokendial.services.contract.providers import ProviderStatus
from tokendial.services.contract.settings import Settings


class ProviderInfo(msgspec.Struct):
    """A provider the program knows: id, name, accent colour (light, dark), and whether it is on.

    `no_limits` says why no limit of it is known, where none is.
    """

    """A provider the program knows: id, name, accent colour (light, dark), whether it is on, and how its logs are."""

    id: str
    name: str
    color: str
    color_dark: str
    on: bool
    no_limits: str
    status: ProviderStatus


class ScanStatus(msgspec.Struct):
    """The running or the last scan. `seconds_left` is an estimate; `refused` are lines refused over all files."""

    running: bool
    first: bool
    files_total: int
    files_done: int
    files_read: int
    bytes_total: int
    bytes_done: int
    events_added: int
    refused: int
    seconds: float
    seconds_left: float | None
    finished_at_ms: int | None
    watching: Literal["watching", "polling", "off"]
    message: str | None


class AppState(msgspec.Struct):
    """What the page needs before it draws anything."""

    version: str
    mode: Literal["window", "browser"]
    why_browser: str | None
    demo: bool
    data_dir: str
    program_dir: str
    notice: str | None
    providers: list[ProviderInfo]
    homes: list[Home]
    looked_at: list[LookedAt]
    settings: Settings
    scan: ScanStatus


class OpenLogsRequest(msgspec.Struct):
    """Open a home in the system's file manager; null opens the first active one."""

    home: int | None = None


class OpenedLogs(msgspec.Struct):
    """The folder that was opened; `opened` is false where the system has no file manager."""

    path: str
    opened: bool


class DemoRequest(msgspec.Struct):
    """Enter or leave the sample data."""

    on: bool


class RefreshRequest(msgspec.Struct):
    """`wait` answers only when the scan is done; else at once."""

    wait: bool = True
