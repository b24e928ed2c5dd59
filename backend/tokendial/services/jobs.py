"""Runs long tasks on a thread of their own: one at a time, with progress, and to be cancelled at any step."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import msgspec

from tokendial.errors import JobRunning, TokendialError
from tokendial.services.contract.common import ErrorInfo
from tokendial.services.contract.jobs import JobKind, JobResult, JobStatus

TELL_SECONDS = 0.1
CLOSE_SECONDS = 60.0
_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised within a task whose end was asked for; it puts away what it has begun."""


class Job:
    """What a task is handed: it says how far it is, and hears whether to stop."""

    def __init__(self, status: JobStatus, tell: Callable[[JobStatus], None]) -> None:
        """A task that has just begun."""
        self.status = status
        self._tell = tell
        self._told = 0.0
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask it to stop. From any thread."""
        self._cancelled.set()

    def check(self) -> None:
        """Raises Cancelled once the end was asked for."""
        if self._cancelled.is_set():
            raise Cancelled

    def say(self, text: str, progress: float | None = None) -> None:
        """A new part of the work begins; `progress` is the share of all that is done. Raises Cancelled."""
        self._told = 0.0
        self.status = msgspec.structs.replace(self.status, text=text)
        self.progress(progress)

    def progress(self, share: float | None) -> None:
        """The share that is done, 0 to 1; told a few times a second. Raises Cancelled."""
        self.check()
        self.status = msgspec.structs.replace(self.status, progress=share)
        now = time.monotonic()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            self._tell(self.status)

    def part(self, first: float, last: float) -> Callable[[float], None]:
        """`progress` for a part of the work that goes from one share to another."""
        return lambda share: self.progress(first + (last - first) * share)


Work = Callable[[Job], JobResult]


class Jobs:
    """One task at a time; any thread may ask."""

    def __init__(self, tell: Callable[[JobStatus], None]) -> None:
        """`tell` hears every change, from the task's thread."""
        self._tell = tell
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def status(self) -> JobStatus | None:
        """The running or the last task."""
        return None if self._job is None else self._job.status

    def refuse_second(self) -> None:
        """Raises JobRunning while a task runs, so that nobody is asked for a file in vain."""
        if self._closed or (self._job is not None and self._job.status.state == "running"):
            raise JobRunning("Another task is still running. Wait for it, or cancel it.")

    def start(self, kind: JobKind, work: Work) -> JobStatus:
        """Begin a task. Raises JobRunning."""
        with self._lock:
            self.refuse_second()
            number = 1 if self._job is None else self._job.status.id + 1
            self._job = job = Job(JobStatus(id=number, kind=kind, state="running"), self._tell)
            self._thread = threading.Thread(target=self._run, args=(job, work), name=f"job-{kind}", daemon=True)
            self._thread.start()
        return job.status

    def cancel(self) -> JobStatus | None:
        """Ask the running task to stop."""
        if self._job is not None:
            self._job.cancel()
        return self.status

    def close(self) -> None:
        """Stop the running task, wait until it has put away what it began, and begin no more."""
        with self._lock:
            self._closed = True
            self.cancel()
            thread = self._thread
        if thread is not None:
            thread.join(CLOSE_SECONDS)

    def _run(self, job: Job, work: Work) -> None:
        change: dict[str, object]
        try:
            change = {"state": "done", "progress": 1.0, "result": work(job)}
        except Cancelled:
            change = {"state": "cancelled"}
        except TokendialError as error:
            change = {"state": "failed", "error": ErrorInfo(error.code, error.message, error.details)}
        except Exception:
            # The edge of the thread: a fault of ours is logged, and said without its text.
            _log.exception("the task %s failed", job.status.kind)
            change = {
                "state": "failed",
                "error": ErrorInfo("internal", "A fault in Tokendial. Its log has the details."),
            }
        job.status = msgspec.structs.replace(job.status, text="", **change)
        self._tell(job.status)
