"""What every system's entry can do, and the one of this system."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol


class Entry(Protocol):
    """The entry of this user. Each method asks or changes the system, and raises OSError where it refuses."""

    @property
    def place(self) -> str:
        """Where the entry is kept, for people."""

    def read(self) -> list[str] | None:
        """The command that is started at login; None where nothing is. Empty for one that cannot be read."""

    def write(self, command: Sequence[str]) -> None:
        """Start this command at login."""

    def remove(self) -> None:
        """Start nothing at login."""


def system_entry() -> Entry:
    """The entry of the operating system that the program runs on."""
    if sys.platform == "win32":
        from tokendial.services.autostart.windows import RunKey  # noqa: PLC0415 - only this system's is loaded

        return RunKey()
    if sys.platform == "darwin":
        from tokendial.services.autostart.mac import LaunchAgent  # noqa: PLC0415 - as above

        return LaunchAgent()
    from tokendial.services.autostart.linux import DesktopEntry  # noqa: PLC0415 - as above

    return DesktopEntry()
