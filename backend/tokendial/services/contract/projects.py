"""Projects: what was used in each working directory, sub-folders under their repository."""

from __future__ import annotations

import msgspec

from tokendial.services.contract.common import Filter, ResolvedRange, Usage


class ProjectsRequest(Filter, kw_only=True):
    """Every project with usage in the range."""


class ProjectModel(msgspec.Struct):
    """A model and the tokens that a project had of it in the range."""

    model: str
    tokens: int


class ProjectFolder(msgspec.Struct):
    """A working directory of a project; `worktree` says that it lies in a linked worktree of the repository."""

    path: str
    worktree: bool
    usage: Usage
    sessions: int
    last_ms: int | None


class Project(msgspec.Struct, kw_only=True):
    """A repository or a folder. `key` is its path, empty for responses that name no folder; `path` is it, to be shown.

    `name` is the user's, else the last part of the path; `named` says that it is the user's. `sessions` are those that
    began in it, `last_ms` is when one of them was last seen. `sparkline` is cost by the range's buckets, `share`
    percent of its tokens.
    """

    key: str
    path: str
    name: str
    named: bool
    repository: bool
    providers: list[str]
    usage: Usage
    today: Usage
    sessions: int
    last_ms: int | None
    models: list[ProjectModel]
    share: float
    sparkline: list[float]
    folders: list[ProjectFolder]


class Projects(msgspec.Struct):
    """Every project, the dearest first, and their sum, which equals the cards."""

    range: ResolvedRange
    total: Usage
    today: Usage
    projects: list[Project]


class ProjectRename(msgspec.Struct):
    """Give a project a name; null takes it away again."""

    key: str
    name: str | None


class ProjectNames(msgspec.Struct):
    """The user's names by folder, as the logs spell it: of each project that has one, all its folders."""

    names: dict[str, str]
