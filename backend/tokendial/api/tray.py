"""The tray of the desktop, as far as the settings ask about it."""

from __future__ import annotations

from typing import Protocol


class TrayHost(Protocol):
    """Asked from threads of the page."""

    def why_not(self) -> str | None:
        """Why the program cannot be in a tray now, in words; None where it is in one."""
