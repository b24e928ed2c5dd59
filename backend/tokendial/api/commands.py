"""Every command of the page: its name and the use case it calls. Import this module to fill the registry."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.sessions import SessionDetail, SessionRequest, SessionsPage, SessionsRequest
from tokendial.services.contract.system import (
    AppState,
    DemoRequest,
    Diagnostics,
    HomeAddRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
    OpenedLogs,
    OpenLogsRequest,
    PriceRules,
    Pricing,
    RefreshRequest,
    ScanStatus,
    Settings,
    SettingsPatch,
)

__all__ = ["registry"]


@registry.command("app.state")
def app_state(app: Application, request: Empty) -> AppState:
    """What the page needs before it draws anything."""
    return app.app_state(request)


@registry.command("dashboard.get")
def dashboard(app: Application, request: DashboardRequest) -> Dashboard:
    """The whole overview in one answer."""
    return app.dashboard(request)


@registry.command("events.list")
def events(app: Application, request: EventsRequest) -> EventsPage:
    """A page of billed responses."""
    return app.events(request)


@registry.command("sessions.list")
def sessions(app: Application, request: SessionsRequest) -> SessionsPage:
    """A page of sessions."""
    return app.sessions(request)


@registry.command("session.get")
def session(app: Application, request: SessionRequest) -> SessionDetail:
    """All about one session."""
    return app.session(request)


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


@registry.command("homes.list")
def homes(app: Application, request: Empty) -> Homes:
    """Every home."""
    return app.homes(request)


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


@registry.command("pricing.get")
def pricing(app: Application, request: Empty) -> Pricing:
    """The price rules and what prices each model."""
    return app.pricing(request)


@registry.command("pricing.save")
def save_prices(app: Application, request: PriceRules) -> Pricing:
    """Replace the user's price rules."""
    return app.save_prices(request)


@registry.command("diagnostics.get")
def diagnostics(app: Application, request: Empty) -> Diagnostics:
    """Facts for a bug report."""
    return app.diagnostics(request)


@registry.command("logs.open")
def open_logs(app: Application, request: OpenLogsRequest) -> OpenedLogs:
    """Open a home in the system's file manager."""
    return app.open_logs(request)


@registry.command("demo.set")
def demo(app: Application, request: DemoRequest) -> AppState:
    """Enter or leave the sample data."""
    return app.demo(request)
