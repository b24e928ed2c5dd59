"""The program itself."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.contract.system import AppState, DemoRequest, RefreshRequest, ScanStatus


@registry.command("app.state")
def app_state(app: Application, request: Empty) -> AppState:
    """What the page needs before it draws anything."""
    return app.app_state(request)


@registry.command("ingest.refresh")
def refresh(app: Application, request: RefreshRequest) -> ScanStatus:
    """Scan the homes now."""
    return app.refresh(request)


@registry.command("ingest.status")
def scan_status(app: Application, request: Empty) -> ScanStatus:
    """The running or the last scan."""
    return app.scan_status(request)


@registry.command("settings.set")
def change_settings(app: Application, request: SettingsPatch) -> Settings:
    """Change some settings."""
    return app.change_settings(request)


@registry.command("window.reset")
def reset_window(app: Application, request: Empty) -> Empty:
    """Put the window back to where it opens at first."""
    return app.reset_window(request)


@registry.command("demo.set")
def demo(app: Application, request: DemoRequest) -> AppState:
    """Enter or leave the sample data."""
    return app.demo(request)
