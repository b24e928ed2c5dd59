"""The program's windows; in a browser there is none, and the widget is a page there."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.errors import Unavailable
from tokendial.services.contract.common import Empty
from tokendial.services.contract.windows import FullRequest, Gripped, GripRequest, WidgetSize


class WindowsPart(Core):
    """Shows one of the two windows."""

    def open_widget(self, _request: Empty, /) -> Empty:
        """Show the widget in place of the full window. Raises Unavailable in the browser."""
        if self.widget is None:
            raise Unavailable("A window of its own for the widget needs the desktop window; here it is a page.")
        self.widget.open()
        return Empty()

    def open_full(self, request: FullRequest, /) -> Empty:
        """Show the full window in place of the widget."""
        if self.widget is not None:
            self.widget.close(request.page)
        return Empty()

    def grip_widget(self, request: GripRequest, /) -> Gripped:
        """Let the system move or resize the widget."""
        return Gripped(self.widget is not None and self.widget.grip(request.grip))

    def resize_widget(self, request: WidgetSize, /) -> Empty:
        """Give the widget a size."""
        if self.widget is not None:
            self.widget.resize(request.width, request.height)
        return Empty()
