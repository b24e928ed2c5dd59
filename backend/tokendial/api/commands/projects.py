"""Projects."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
from tokendial.services.contract.common import Empty
from tokendial.services.contract.projects import ProjectNames, ProjectRename, Projects, ProjectsRequest


@registry.command("projects.list")
def projects(app: Application, request: ProjectsRequest) -> Projects:
    """Every project with usage in the range."""
    return app.projects(request)


@registry.command("projects.names")
def project_names(app: Application, request: Empty) -> ProjectNames:
    """The user's names of projects, by folder."""
    return app.project_names(request)


@registry.command("projects.rename")
def rename_project(app: Application, request: ProjectRename) -> ProjectNames:
    """Name a project, or take its name away."""
    return app.rename_project(request)
