"""The program's windows."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.windows import FullRequest, Gripped, GripRequest, WidgetSize


@registry.command("window.widget")
def open_widget(app: Application, request: Empty) -> Empty:
    """Show the widget in place of the full window."""
    return app.open_widget(request)


@registry.command("window.full")
def open_full(app: Application, request: FullRequest) -> Empty:
    """Show the full window in place of the widget."""
    return app.open_full(request)


@registry.command("window.grip")
def grip_widget(app: Application, request: GripRequest) -> Gripped:
    """Let the system move or resize the widget."""
    return app.grip_widget(request)


@registry.command("window.size")
def resize_widget(app: Application, request: WidgetSize) -> Empty:
    """Give the widget a size."""
    return app.resize_widget(request)
