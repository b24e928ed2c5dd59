"""The figures: overview, responses, sessions."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services import dashboard as overview
from tokendial.services import events as responses
from tokendial.services import sessions as session_service
from tokendial.services.contract.common import Filter
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.sessions import SessionDetail, SessionRequest, SessionsPage, SessionsRequest


class UsagePart(Core):
    """Answers what was used."""

    def dashboard(self, request: DashboardRequest, /) -> Dashboard:
        """The whole overview."""
        with self.view(request) as view:
            minutes = self.own.settings.current.active_minutes
            return overview.dashboard(view, request, active_minutes=minutes, demo=self.sample is not None)

    def events(self, request: EventsRequest, /) -> EventsPage:
        """A page of responses."""
        with self.view(request) as view:
            return responses.page(view, request)

    def sessions(self, request: SessionsRequest, /) -> SessionsPage:
        """A page of sessions."""
        with self.view(request) as view:
            return session_service.page(view, request)

    def session(self, request: SessionRequest, /) -> SessionDetail:
        """One session."""
        with self.view(Filter()) as view:
            return session_service.detail(view, request)
