"""Live sources."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.live import LiveSources, LiveSwitch


@registry.command("live.get")
def live_sources(app: Application, request: Empty) -> LiveSources:
    """Every provider that can be asked for its limits."""
    return app.live_sources(request)


@registry.command("live.switch")
def switch_live(app: Application, request: LiveSwitch) -> LiveSources:
    """Switch a live source on or off."""
    return app.switch_live(request)


@registry.command("live.refresh")
def refresh_live(app: Application, request: Empty) -> LiveSources:
    """Ask for limits now."""
    return app.refresh_live(request)
