"""`sessions.list` and `session.get`."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import Filter, Usage


class SessionsRequest(Filter, kw_only=True):
    """A page of sessions with a response in the range; `search` looks in title, id, project and model."""

    search: str = ""
    sort: Literal["last_seen", "started", "tokens", "cost", "events"] = "last_seen"
    descending: bool = True
    offset: int = 0
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


class SessionRow(SessionFacts):
    """A session with its usage inside the range."""

    originator: str | None
    usage: Usage


class SessionsPage(msgspec.Struct):
    """`total` counts every session that fits."""

    total: int
    offset: int
    rows: list[SessionRow]


class AuditLine(msgspec.Struct):
    """A class of usage records of a session or file: how many, and the tokens they carried."""

    kind: str
    label: str
    records: int
    tokens: int


class SourceFile(msgspec.Struct):
    """A log file of the session. `state` is present, gone or unreadable."""

    path: str
    state: str
    size: int
    read_to: int
    audit: list[AuditLine]


class SessionRequest(msgspec.Struct):
    """A session by its full id."""

    id: str


class SessionDetail(msgspec.Struct):
    """All about a session: usage over all time, its family, its files and its audit."""

    session: SessionRow
    branch: str | None
    cwd: str | None
    client_version: str | None
    prompts: int
    compactions: int
    resume_command: str | None
    parent: SessionRow | None
    children: list[SessionRow]
    files: list[SourceFile]
    audit: list[AuditLine]
