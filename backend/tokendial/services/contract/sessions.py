"""`sessions.list` and `session.get`."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Filter, Usage

SessionSort = Literal[
    "last_seen", "started", "duration", "tokens", "cost", "events", "title", "model", "project", "parent"
]


class SessionsRequest(Filter, kw_only=True):
    """A page of sessions with a response in the range; `search` looks in title, id, project and model.

    `project` is the key of one (`Project.key`); its sessions are those that began in one of its folders.
    What a session does not have (a parent, a model) stands last, whatever the direction. `at` is one of the places that
    a page named (`next`, `previous`, `last`); null is the first page. Sessions that come or go meanwhile move no row.
    """

    search: str = ""
    project: str | None = None
    sort: SessionSort = "last_seen"
    descending: bool = True
    at: str | None = None
    limit: int = 50


class SessionFacts(msgspec.Struct):
    """What a session is; `project` is its folder, `agent` the kind of a sub-agent."""

    id: str
    provider: str
    title: str | None
    project: str | None
    model: str | None
    effort: str | None
    agent: str | None
    parent_id: str | None
    started_at_ms: int
    last_seen_ms: int
    context_used: int | None
    context_window: int | None


class SessionName(msgspec.Struct):
    """How a session is called."""

    id: str
    provider: str
    title: str | None


class SessionRow(SessionFacts):
    """A session with its usage inside the range; `parent` is null where the ledger does not know it."""

    originator: str | None
    parent: SessionName | None
    usage: Usage


class FamilyMember(msgspec.Struct):
    """A session of a family, `depth` steps below the eldest that is known."""

    session: SessionRow
    depth: int


class SessionsPage(msgspec.Struct):
    """`total` counts every session that fits, `offset` those before the page; the places are null where no page is."""

    total: int
    offset: int
    rows: list[SessionRow]
    previous: str | None
    next: str | None
    last: str | None


class AuditLine(msgspec.Struct):
    """A class of usage records of a session or file: how many, and the tokens they carried."""

    kind: str
    label: str
    records: int
    tokens: int


class SourceFile(msgspec.Struct):
    """A log file of the session. `state` is present, gone or unreadable."""

    id: int
    path: str
    state: str
    size: int
    read_to: int
    audit: list[AuditLine]


class SessionRequest(msgspec.Struct):
    """A session by its full id."""

    id: str


class TimelinePoint(msgspec.Struct):
    """Some responses in a row, from the first to the last: their sums, and the fullest that the context was.

    `cost` is dollars, for drawing; what has no price adds nothing.
    """

    start_ms: int
    end_ms: int
    responses: int
    tokens: int
    cost: float
    context: int


class Timeline(msgspec.Struct):
    """Every response of a session, oldest first, gathered into at most a few hundred points.

    Not among them are `removed` responses, whose details were removed because they are older than `removed_before_ms`.
    """

    responses: int
    points: list[TimelinePoint]
    removed: int = 0
    removed_before_ms: int | None = None


class FileRequest(msgspec.Struct):
    """A log file of a session, by its id in `SessionDetail.files`."""

    session: str
    file: int


class SessionDetail(msgspec.Struct):
    """All about a session: usage over all time, its family, its files and its audit.

    `family` is a tree in the order of its lines, empty without relatives; `family_cut` says that it has more members.
    """

    session: SessionRow
    branch: str | None
    cwd: str | None
    client_version: str | None
    prompts: int
    compactions: int
    resume_command: str | None
    family: list[FamilyMember]
    family_cut: bool
    files: list[SourceFile]
    audit: list[AuditLine]
