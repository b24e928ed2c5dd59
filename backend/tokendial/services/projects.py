"""`projects.list`: exact figures by working directory, from the same roll-ups as the cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tokendial.errors import NotFound
from tokendial.services import project_names
from tokendial.services.contract.projects import (
    Project,
    ProjectFolder,
    ProjectModel,
    ProjectRename,
    Projects,
    ProjectsRequest,
)
from tokendial.services.ledger import Ledger
from tokendial.services.panels import slices
from tokendial.services.panels.dimensions import key_of
from tokendial.services.project_groups import Group, groups_of
from tokendial.services.repositories import Repositories
from tokendial.services.totals import Totals
from tokendial.services.view import View, resolved
from tokendial.store import sessions
from tokendial.store.sessions import FolderSessions
from tokendial.store.usage import LabelRow

_MOST_MODELS = 5
_BETWEEN = "\0"


class _Parts(NamedTuple):
    """What a folder had in the range by (model, provider), in each bucket, and today."""

    by_model: dict[tuple[str, str], Totals]
    buckets: list[float]
    today: Totals


def listed(view: View, repositories: Repositories, request: ProjectsRequest) -> Projects:
    """Every project with usage in the range. Raises BadRequest for a range that makes no sense."""
    groups = groups_of(view, repositories)
    period = view.range(request)
    folders, total, today = _folders(view, request)
    counted = sessions.by_folder(view.connection, period.start_ms, period.end_ms, view.home_ids)
    inside: dict[str, list[str]] = {}
    for folder in folders:
        inside.setdefault(groups[folder].key, []).append(folder)
    found = [
        _project(groups[own[0]], {folder: folders[folder] for folder in own}, counted, total) for own in inside.values()
    ]
    found.sort(key=lambda one: (-float(one.usage.cost.usd or 0), -one.usage.tokens.total_tokens, one.key))
    return Projects(resolved(period), total.usage(), today.usage(), found)


def rename(ledger: Ledger, repositories: Repositories, request: ProjectRename) -> None:
    """Name a project. Raises NotFound for one that the ledger does not know, BadRequest for a bad name."""
    with ledger.view() as view:
        known = {group.key for group in groups_of(view, repositories).values()}
    if not request.key or request.key not in known:
        raise NotFound("The ledger knows no such project.", key=request.key[:200])
    project_names.rename(ledger.database, request.key, request.name)


def names(view: View, repositories: Repositories) -> dict[str, str]:
    """The user's names by folder; the disk is asked only where there is one."""
    if not project_names.read(view.connection):
        return {}
    found = groups_of(view, repositories)
    return {folder: group.name for folder, group in found.items() if group.is_named}


def folders_of(view: View, repositories: Repositories, key: str | None) -> frozenset[str] | None:
    """The folders of a project, as the logs spell them; the empty key has those that name none, None is no project."""
    if key is None:
        return None
    return frozenset(folder for folder, group in groups_of(view, repositories).items() if group.key == key)


def _by_model(label: LabelRow) -> str:
    return _BETWEEN.join((label.project or "", label.model, label.provider))


def _folders(view: View, request: ProjectsRequest) -> tuple[dict[str, _Parts], Totals, Totals]:
    """Each folder with usage in the range, the sum of all, and the sum of today."""
    period = view.range(request)
    cuts = slices.cut(view, period, None, "project", "project")
    by_model = view.gathered(period.start_ms, period.end_ms, (), "projects", key_of("provider"), _by_model)
    today = view.gathered(view.today_ms, None, (), "projects-today", key_of("provider"), key_of("project"))
    places = range(len(cuts.buckets))
    found: dict[str, _Parts] = {}
    for key, totals in by_model.groups.items():
        folder, model, provider = key.split(_BETWEEN)
        if folder not in found:
            cells = cuts.gathered.cells.get(folder, {})
            spent = [cells[place].dollars if place in cells else 0.0 for place in places]
            found[folder] = _Parts({}, spent, today.groups.get(folder, Totals()))
        found[folder].by_model[(model, provider)] = totals
    return found, by_model.total, today.total


def _project(group: Group, own: Mapping[str, _Parts], counted: Mapping[str, FolderSessions], whole: Totals) -> Project:
    total, today = Totals(), Totals()
    models: dict[str, int] = {}
    folders = []
    for folder, parts in own.items():
        inside = Totals()
        for (model, _), totals in parts.by_model.items():
            inside.merge(totals)
            models[model] = models.get(model, 0) + totals.tokens.total
        total.merge(inside)
        today.merge(parts.today)
        seen = counted.get(folder)
        count, last = (seen.sessions, seen.last_ms) if seen else (0, None)
        folders.append(ProjectFolder(folder, folder in group.worktrees, inside.usage(), count, last))
    folders.sort(key=lambda one: (-one.usage.tokens.total_tokens, one.path))
    ranked = sorted(models.items(), key=lambda item: (-item[1], item[0]))[:_MOST_MODELS]
    return Project(
        key=group.key,
        path=group.key,
        name=group.name,
        named=group.is_named,
        repository=group.is_repository,
        providers=sorted({provider for parts in own.values() for _, provider in parts.by_model}),
        usage=total.usage(),
        today=today.usage(),
        sessions=sum(one.sessions for one in folders),
        last_ms=max((one.last_ms for one in folders if one.last_ms is not None), default=None),
        models=[ProjectModel(model, tokens) for model, tokens in ranked],
        share=100 * total.tokens.total / whole.tokens.total if whole.tokens.total else 0.0,
        sparkline=[sum(values) for values in zip(*(parts.buckets for parts in own.values()), strict=True)],
        folders=folders,
    )
