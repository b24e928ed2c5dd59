"""The figures."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.sessions import (
    FileRequest,
    SessionDetail,
    SessionRequest,
    SessionsPage,
    SessionsRequest,
    Timeline,
)
from tokendial.services.contract.system import OpenedLogs


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


@registry.command("session.timeline")
def timeline(app: Application, request: SessionRequest) -> Timeline:
    """The responses of one session over time."""
    return app.timeline(request)


@registry.command("session.reveal")
def reveal_log(app: Application, request: FileRequest) -> OpenedLogs:
    """Show a log file's folder in the system's file manager."""
    return app.reveal_log(request)
