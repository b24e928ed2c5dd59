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
    """The family of a session. Logs may name a parent that is not known, or parents in a circle."""
    found = _below(view, _eldest(view, own))
    if all(member.row.num != own.num for member in found.members):
        found = _below(view, own)._replace(cut=True)
    return found if len(found.members) > 1 else found._replace(members=[])


def _eldest(view: View, own: SessionRow) -> SessionRow:
    seen, row = {own.id}, own
    while row.parent and row.parent not in seen and len(seen) < MAX_MEMBERS:
        parent = stored.by_id(view.connection, row.parent)
        if parent is None:
            break
        seen.add(parent.id)
        row = parent
    return row


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
