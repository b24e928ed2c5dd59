"""The start."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.startup import Startup, StartupChange


@registry.command("startup.get")
def startup(app: Application, request: Empty) -> Startup:
    """Whether the program starts at login, and whether there is a tray."""
    return app.startup(request)


@registry.command("startup.set")
def change_startup(app: Application, request: StartupChange) -> Startup:
    """Start at login or not."""
    return app.change_startup(request)
