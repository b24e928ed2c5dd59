"""The family of a session: from the eldest that is known down to every fork and sub-agent."""

from __future__ import annotations

from typing import NamedTuple

from tokendial.services.view import View
from tokendial.store import sessions as stored
from tokendial.store.sessions import SessionRow

MAX_MEMBERS = 2000
MAX_CHILDREN = 500  # the ledger gives no more of one parent


class Member(NamedTuple):
    """A session and how many steps it is below the eldest."""

    row: SessionRow
    depth: int


class Family(NamedTuple):
    """Members in the order of a tree, none without relatives; `cut` says that there are more."""

    members: list[Member]
    cut: bool


def tree(view: View, own: SessionRow) -> Family:
    """The family of a session. Logs may name a parent that is not known, or parents in a circle.

    Where it is too large for its own session to be in it, it is that session with those above and below it.
    """
    above = _above(view, own)
    found = _below(view, (above or [own])[0])
    if all(member.row.num != own.num for member in found.members):
        below = [Member(row, depth + len(above)) for row, depth in _below(view, own).members]
        found = Family([*(Member(row, depth) for depth, row in enumerate(above)), *below], cut=True)
    return found if len(found.members) > 1 else found._replace(members=[])


def _above(view: View, own: SessionRow) -> list[SessionRow]:
    """The ancestors, the eldest first."""
    seen, found, row = {own.id}, list[SessionRow](), own
    while row.parent and row.parent not in seen and len(found) < MAX_MEMBERS:
        parent = stored.by_id(view.connection, row.parent)
        if parent is None:
            break
        seen.add(parent.id)
        found.append(parent)
        row = parent
    return found[::-1]


def _below(view: View, eldest: SessionRow) -> Family:
    members, seen, cut = list[Member](), set[str](), False
    waiting = [Member(eldest, 0)]
    while waiting:
        member = waiting.pop()
        if member.row.id in seen:
            continue
        if len(members) == MAX_MEMBERS:
            return Family(members, cut=True)
        seen.add(member.row.id)
        members.append(member)
        children = stored.children(view.connection, member.row.id)
        cut = cut or len(children) >= MAX_CHILDREN
        waiting += [Member(child, member.depth + 1) for child in reversed(children)]
    return Family(members, cut)
