"""Which working directories are one project: those of one repository, else each for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tokendial.domain.folders import folder_key, longest_ancestor
from tokendial.services import project_names
from tokendial.services.panels.dimensions import UNKNOWN, project_name
from tokendial.services.repositories import Repositories, Repository
from tokendial.services.view import View


class Group(NamedTuple):
    """A project: its folder, whether that is a repository, its name, and which of its folders lie in worktrees."""

    key: str
    is_repository: bool
    name: str
    is_named: bool
    worktrees: frozenset[str]


def groups_of(view: View, repositories: Repositories) -> dict[str, Group]:
    """The project of every folder that the ledger knows, by the folder as the logs spell it."""
    folders = {label.project or UNKNOWN for label in view.labels.values()}
    return grouped(
        folders, repositories.of(folder for folder in folders if folder), project_names.read(view.connection)
    )


def grouped(folders: Iterable[str], found: Mapping[str, Repository], names: Mapping[str, str]) -> dict[str, Group]:
    """Folders by repository. One that the disk does not know lies in the nearest repository that others tell of."""
    spelled = {folder_key(one.root): one.root for one in found.values()}
    roots: dict[str, str] = {}
    for folder in folders:
        known = found.get(folder)
        root = folder_key(known.root) if known is not None else folder and longest_ancestor(folder_key(folder), spelled)
        roots[folder] = spelled[root] if root else _plain(folder)
    linked: dict[str, set[str]] = {}
    for folder, root in roots.items():
        if folder in found and found[folder].worktree is not None:
            linked.setdefault(root, set()).add(folder)
    made: dict[str, Group] = {}
    for root in set(roots.values()):
        own = names.get(folder_key(root)) if root else None
        name = own or (project_name(root) if root else "No folder")
        repository = folder_key(root) in spelled if root else False
        made[root] = Group(root, repository, name, own is not None, frozenset(linked.get(root, ())))
    return {folder: made[root] for folder, root in roots.items()}


def _plain(folder: str) -> str:
    """A folder without separators at its end; the root of a disk stays."""
    return folder.rstrip("/\\") or folder
