"""The small window that stays above the others: what a use case may ask for, whatever toolkit draws it."""

from __future__ import annotations

from typing import Protocol

from tokendial.services.contract.windows import Grip


class Widget(Protocol):
    """The widget takes the place of the full window and gives it back. Any thread but the toolkit's own may call."""

    def open(self) -> None:
        """Show the widget and hide the full window. Raises Unavailable when it cannot be made."""

    def close(self, page: str | None = None) -> None:
        """Show the full window, on a page of it if one is named, and end the widget. Nothing happens without one."""

    def grip(self, grip: Grip) -> bool:
        """Let the system move or resize the widget until the pointer is let go; false if it cannot."""

    def resize(self, width: int, height: int) -> None:
        """Give the widget a size, within reason."""
