"""Projects: figures by working directory, and the user's names."""

from __future__ import annotations

from tokendial.api.parts.core import Core
from tokendial.services import projects as project_service
from tokendial.services.contract.common import Empty, Filter
from tokendial.services.contract.projects import ProjectNames, ProjectRename, Projects, ProjectsRequest


class ProjectsPart(Core):
    """Answers what was used where."""

    def projects(self, request: ProjectsRequest, /) -> Projects:
        """Every project with usage in the range."""
        with self.view(request) as view:
            return project_service.listed(view, self.ledger.repositories, request)

    def project_names(self, _request: Empty, /) -> ProjectNames:
        """The user's names by folder."""
        with self.view(Filter()) as view:
            return ProjectNames(project_service.names(view, self.ledger.repositories))

    def rename_project(self, request: ProjectRename, /) -> ProjectNames:
        """Name a project, and tell every open page."""
        project_service.rename(self.ledger, self.ledger.repositories, request)
        self.hub.publish("usage-updated")
        return self.project_names(Empty())
