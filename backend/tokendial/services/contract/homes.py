"""Homes: the folders of a provider that are read."""

from __future__ import annotations

from typing import Literal

import msgspec

HomeState = Literal["ok", "missing", "unreadable", "empty"]


class Home(msgspec.Struct):
    """A folder of a provider. `state` is ok, missing, unreadable or empty; `files` are its log files."""

    id: int
    provider: str
    path: str
    label: str
    active: bool
    state: HomeState
    files: int
    last_seen_ms: int | None


class LookedAt(msgspec.Struct):
    """A place where logs were looked for at the first run."""

    provider: str
    path: str
    exists: bool


class HomeBrowseRequest(msgspec.Struct):
    """Open the system's folder dialog, in the folder `start` if there is one."""

    start: str | None = None


class ChosenFolder(msgspec.Struct):
    """The folder the user chose, absolute; null if the dialog was cancelled."""

    path: str | None


class HomeCheckRequest(msgspec.Struct):
    """A folder as typed: `~`, environment variables and relative paths are resolved."""

    provider: str
    path: str


class HomeCheck(msgspec.Struct):
    """What is found in a folder before it is added; `problem` says why it cannot be."""

    path: str
    exists: bool
    files: int
    bytes: int
    duplicate_of: int | None
    problem: str | None


class HomeAddRequest(msgspec.Struct):
    """Add a folder; it is scanned at once."""

    provider: str
    path: str
    label: str = ""


class HomeRequest(msgspec.Struct):
    """A home by id."""

    id: int


class HomeUpdateRequest(msgspec.Struct, kw_only=True):
    """Change a home's label or switch it on or off."""

    id: int
    label: str | None = None
    active: bool | None = None


class Homes(msgspec.Struct):
    """All homes, in the order they were added."""

    homes: list[Home]
