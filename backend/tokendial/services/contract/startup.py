"""The start: at login, hidden, and whether there is a tray to hide in."""

from __future__ import annotations

import msgspec


class Startup(msgspec.Struct, kw_only=True):
    """What the system does now. `tray_reason` says why the window cannot be in a tray; null where it can.

    `login_place` is where the system keeps its entry; `login_problem` says in words what is wrong with it.
    """

    tray_reason: str | None
    login: bool
    login_place: str
    login_problem: str | None


class StartupChange(msgspec.Struct):
    """Start at login or not."""

    login: bool
