"""Homes."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.homes import (
    ChosenFolder,
    HomeAddRequest,
    HomeBrowseRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeClearRequest,
    HomeLoss,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
    OfferedHomes,
)
from tokendial.services.contract.system import OpenedLogs, OpenLogsRequest


@registry.command("homes.list")
def homes(app: Application, request: Empty) -> Homes:
    """Every home."""
    return app.homes(request)


@registry.command("homes.browse")
def browse_home(app: Application, request: HomeBrowseRequest) -> ChosenFolder:
    """Let the user choose a folder in the system's dialog."""
    return app.browse_home(request)


@registry.command("homes.check")
def check_home(app: Application, request: HomeCheckRequest) -> HomeCheck:
    """What is in a folder, before it is added."""
    return app.check_home(request)


@registry.command("homes.add")
def add_home(app: Application, request: HomeAddRequest) -> Homes:
    """Add a folder."""
    return app.add_home(request)


@registry.command("homes.update")
def update_home(app: Application, request: HomeUpdateRequest) -> Homes:
    """Rename a home or switch it on or off."""
    return app.update_home(request)


@registry.command("homes.remove")
def remove_home(app: Application, request: HomeRequest) -> Homes:
    """Forget a home."""
    return app.remove_home(request)


@registry.command("homes.clear")
def clear_home(app: Application, request: HomeClearRequest) -> Homes:
    """Take out what came from a home."""
    return app.clear_home(request)


@registry.command("homes.rescan")
def rescan_home(app: Application, request: HomeRequest) -> Homes:
    """Read a home from the start of its logs."""
    return app.rescan_home(request)


@registry.command("homes.loss")
def home_loss(app: Application, request: HomeRequest) -> HomeLoss:
    """What would be lost with a home."""
    return app.home_loss(request)


@registry.command("homes.offers")
def home_offers(app: Application, request: Empty) -> OfferedHomes:
    """Folders that could be added."""
    return app.home_offers(request)


@registry.command("logs.open")
def open_logs(app: Application, request: OpenLogsRequest) -> OpenedLogs:
    """Open a home in the system's file manager."""
    return app.open_logs(request)
