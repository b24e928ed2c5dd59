"""One session with its family, files and audit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tokendial.domain.records import SUBAGENT
from tokendial.errors import BadRequest, HomeUnavailable, NotFound
from tokendial.providers import provider
from tokendial.services import audit, family
from tokendial.services.contract.sessions import (
    FamilyMember,
    FileRequest,
    SessionDetail,
    SessionFacts,
    SessionName,
    SessionRequest,
    SessionRow,
    SourceFile,
)
from tokendial.services.totals import Totals, total_of
from tokendial.services.view import View
from tokendial.store import files as stored_files
from tokendial.store import session_usage
from tokendial.store import sessions as stored
from tokendial.store.sessions import SessionRow as StoredSession

EVERY = 1_000_000
_WORD = re.compile(r"\w[\w.-]*", re.ASCII)


def detail(view: View, request: SessionRequest) -> SessionDetail:
    """One session, its usage over all time. Raises NotFound."""
    row = stored.by_id(view.connection, request.id)
    if row is None:
        raise NotFound("The ledger knows no session of this id.", id=request.id[:80])
    relatives = family.tree(view, row)
    totals = usage(view, [row, *(one.row for one in relatives.members)], None, None, everywhere=True)
    audits = stored.audit_of(view.connection, row.num, view.shown)
    files = stored.files_of(view.connection, row.num)
    paths = {file.path for file in files}
    refused = [one for one in stored_files.refused(view.connection, EVERY) if one.path in paths]
    return SessionDetail(
        session=row_of(row, totals[row.num]),
        branch=row.branch,
        cwd=row.cwd,
        client_version=row.client_version,
        prompts=stored.prompt_count(view.connection, row.num),
        compactions=row.compactions,
        resume_command=_resume_command(row),
        family=[FamilyMember(row_of(one.row, totals[one.row.num]), one.depth) for one in relatives.members],
        family_cut=relatives.cut,
        files=[
            SourceFile(
                id=file.id,
                path=file.path,
                state=file.status,
                size=file.size,
                read_to=file.cursor,
                audit=audit.lines(one for one in audits if one.file_id == file.id)
                + audit.refused(one for one in refused if one.path == file.path),
            )
            for file in files
        ],
        audit=audit.lines(audits) + audit.refused(refused),
    )


def folder_of(view: View, request: FileRequest) -> Path:
    """The folder that holds a log file of a session. Raises NotFound, or HomeUnavailable where it is gone."""
    row = stored.by_id(view.connection, request.session)
    files = [] if row is None else stored.files_of(view.connection, row.num)
    path = next((Path(file.path) for file in files if file.id == request.file), None)
    if path is None:
        raise NotFound("The session has no such log file.", file=request.file)
    if not path.parent.is_dir():
        raise HomeUnavailable("The folder of this log is not there any more.", path=str(path.parent))
    return path.parent


def find(view: View, session: str) -> StoredSession:
    """The session of an id or of the beginning of one. Raises NotFound, or BadRequest where several begin like this."""
    exact = stored.by_id(view.connection, session)
    if exact is not None:
        return exact
    found = stored.matching(view.connection, session)
    if not found:
        raise NotFound(f"The ledger knows no session {session!r}.", id=session[:80])
    if len(found) > 1:
        raise BadRequest(f"Several sessions begin with {session!r}.", ids=[row.id for row in found])
    return found[0]


def usage(
    view: View,
    rows: Sequence[StoredSession],
    start_ms: int | None,
    end_ms: int | None,
    *,
    everywhere: bool = False,
) -> dict[int, Totals]:
    """What these sessions used in [start_ms, end_ms), by their number: within the filter, or in all homes shown."""
    found = session_usage.usage_of(view.connection, [row.num for row in rows], start_ms, end_ms, view.epochs)
    shown = {label.id for label in view.labels.values() if label.home_id in view.shown}
    allowed = shown if everywhere else view.allowed
    return {
        number: total_of((one for one in sums if one.label_id in allowed), view.labels, view.pricer)
        for number, sums in found.items()
    }


def _resume_command(row: StoredSession) -> str | None:
    """None for a sub-agent, and for an id that a shell would not take as one word.

    Ids are log text, and this is made to be pasted.
    """
    if row.kind == SUBAGENT or not _WORD.fullmatch(row.id):
        return None
    return provider(row.provider).logs.resume_command(row.id)


def facts(row: StoredSession) -> SessionFacts:
    """What a session is, as the contract has it."""
    return SessionFacts(
        id=row.id,
        provider=row.provider,
        title=row.title,
        project=row.cwd,
        model=row.model,
        effort=row.effort,
        agent=row.agent,
        parent_id=row.parent,
        started_at_ms=row.started_ms or row.last_seen_ms or 0,
        last_seen_ms=row.last_seen_ms or row.started_ms or 0,
        context_used=row.context_used,
        context_window=row.context_window,
    )


def row_of(row: StoredSession, totals: Totals, parent: StoredSession | None = None) -> SessionRow:
    """A session with what it used, and its parent where that is to be told."""
    name = None if parent is None else SessionName(parent.id, parent.provider, parent.title)
    known = msgspec.structs.asdict(facts(row))
    return SessionRow(**known, originator=row.originator, parent=name, usage=totals.usage())
