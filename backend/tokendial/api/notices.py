"""The notifications of the operating system, whatever shell the program runs in."""

from __future__ import annotations

from typing import Protocol


class Notices(Protocol):
    """Shows notifications; any thread may call."""

    def why_not(self) -> str | None:
        """In words why none can be shown; None where they can. May take a moment the first time."""

    def show(self, title: str, message: str) -> str | None:
        """Show one; the answer is in words why it was not shown. Waits for the system, a few seconds at most."""
