"""Homes: the folders of a provider that are read."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Usage

HomeState = Literal["ok", "missing", "unreadable", "empty", "cleared"]


class Home(msgspec.Struct):
    """A folder of a provider.

    `files` and `bytes` are its log files, `files_gone` those that were counted and are there no more; `first_ms` and
    `last_ms` its first and last response; `last_seen_ms` when something new was read last. A `cleared` home is not
    read before homes.rescan asks for it.
    """

    id: int
    provider: str
    path: str
    label: str
    active: bool
    state: HomeState
    files: int
    bytes: int
    files_gone: int
    first_ms: int | None
    last_ms: int | None
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


class HomeCheck(msgspec.Struct, kw_only=True):
    """What is found in a folder before it is added; `problem` says why it cannot be.

    `first_day` and `last_day` are the days on which its first and last session began. `meant` is the home around the
    folder or inside it, where the folder itself is none.
    """

    path: str
    exists: bool
    files: int = 0
    bytes: int = 0
    first_day: str | None = None
    last_day: str | None = None
    meant: str | None = None
    duplicate_of: int | None = None
    problem: str | None = None


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


class HomeClearRequest(msgspec.Struct):
    """Take out what came from a home; `confirmation` is its label, or the word `clear`."""

    id: int
    confirmation: str


class HomeLoss(msgspec.Struct):
    """What leaves the ledger with a home: what no other home holds. `files_gone` could not be read again."""

    sessions: int
    files_gone: int
    usage: Usage


class OfferedHome(msgspec.Struct):
    """A folder of a provider that is there and is no home yet; `place` says where it was found."""

    provider: str
    path: str
    place: str


class OfferedHomes(msgspec.Struct):
    """Folders that could be added."""

    homes: list[OfferedHome]
