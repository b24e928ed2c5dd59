"""Long tasks: one at a time, with progress."""

from __future__ import annotations

from typing import Literal

import msgspec

from tokendial.services.contract.common import ErrorInfo

JobKind = Literal["backup", "restore", "compact", "export", "check", "report", "erase", "retention"]
JobState = Literal["running", "done", "failed", "cancelled"]


class JobResult(msgspec.Struct, kw_only=True):
    """What a task did, in one sentence, and where.

    `path` is the file it wrote; `download` is an address of this server that gives it once, for a browser. `kept` names
    the copy that holds what a restore replaced or a removal took out.
    """

    message: str
    path: str | None = None
    download: str | None = None
    kept: str | None = None


class JobStatus(msgspec.Struct, kw_only=True):
    """The running or the last task. `progress` is 0 to 1, or null while its length is not known."""

    id: int
    kind: JobKind
    state: JobState
    progress: float | None = None
    text: str = ""
    result: JobResult | None = None
    error: ErrorInfo | None = None


class JobAnswer(msgspec.Struct):
    """The task that was begun or asked for; null where there is none, as when a dialog was closed without a choice."""

    job: JobStatus | None
