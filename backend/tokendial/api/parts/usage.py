"""The figures: overview, responses, sessions."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services import dashboard as overview
from tokendial.services import events as responses
from tokendial.services import session_list
from tokendial.services import sessions as session_service
from tokendial.services.contract.common import Filter
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
from tokendial.services.opener import open_folder
from tokendial.services.projects import folders_of
from tokendial.services.timeline import timeline


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
            return session_list.page(view, request, folders_of(view, self.ledger.repositories, request.project))

    def session(self, request: SessionRequest, /) -> SessionDetail:
        """One session."""
        with self.view(Filter()) as view:
            return session_service.detail(view, request)

    def timeline(self, request: SessionRequest, /) -> Timeline:
        """The responses of a session over time."""
        with self.view(Filter()) as view:
            return timeline(view, request)

    def reveal_log(self, request: FileRequest, /) -> OpenedLogs:
        """Show a log file's folder in the system's file manager."""
        with self.view(Filter()) as view:
            folder = session_service.folder_of(view, request)
        return OpenedLogs(str(folder), open_folder(folder))
