"""Keeps the ledger up to date in the background: at start, on hints, on wake, when asked, and every few minutes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokendial.errors import TokendialError
from tokendial.ingest.hints import ANYTHING
from tokendial.ingest.scanner import ScanReport
from tokendial.providers import provider
from tokendial.store.homes import HomeRow

if TYPE_CHECKING:
    from tokendial.ingest.watch import Watcher

RECONCILE_SECONDS = 300.0
POLL_SECONDS = 15.0  # where the system gives no watch
TICK_SECONDS = 3.0  # so soon a sleep of the machine is noticed once it is over
SLEPT_SECONDS = 2.0  # so late a tick ends, and so far two clocks part, only by a sleep
ScanFunction = Callable[[Callable[[ScanReport], None], set[str] | None], ScanReport]
Watching = Literal["watching", "polling", "off"]
_log = logging.getLogger(__name__)


class ScanStopped(Exception):
    """The program ends while a scan runs."""


class ScanPaused(Exception):
    """The homes are about to change while a scan runs; it begins again afterwards."""


class ScanState:
    """How far the running scan is, and what the last one did."""

    def __init__(self) -> None:
        """No scan yet."""
        self.running = False
        self.first = True
        self.report = ScanReport()
        self.started = 0.0
        self.finished_at_ms: int | None = None
        self.message: str | None = None


class IngestService:
    """Owns the scanning thread. Scans never overlap."""

    def __init__(
        self,
        homes: Callable[[], list[HomeRow]],
        scan: ScanFunction,
        on_progress: Callable[[], None],
        on_change: Callable[[ScanReport], None],
        also: Path | None = None,
    ) -> None:
        """`homes` are those to watch, and `also` another folder; `scan` brings the ledger up to date, or some paths.

        `on_progress` is called while it runs, `on_change` after one that changed the ledger.
        """
        self._homes = homes
        self._scan_homes = scan
        self._on_progress = on_progress
        self._on_change = on_change
        self._also = [] if also is None else [also]
        self._condition = threading.Condition()
        self._full_wanted = 0
        self._full_done = 0
        self._hints: set[str] = set()
        self._stopping = False
        self._pauses = 0
        self._ahead = time.time() - time.monotonic()
        self._scanning = threading.Lock()
        self._thread: threading.Thread | None = None
        self._watcher: Watcher | None = None
        self.state = ScanState()

    @property
    def watching(self) -> Watching:
        """`watching`, `polling` where the system gives no watch, or `off`."""
        if self._watcher is None:
            return "off"
        return "watching" if self._watcher.working else "polling"

    def start(self) -> None:
        """Scan in the background from now on, beginning with a full scan. Not where it runs or was stopped."""
        from tokendial.ingest.watch import Watcher  # noqa: PLC0415 - slow to load, and no figures wait for it

        with self._condition:
            if self._stopping or self._thread is not None:
                return
            self._watcher = Watcher(self._hint)
            self._watcher.start()
            self._full_wanted += 1  # somebody may have asked before
            self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the threads. What a running scan has not committed yet is read the next time."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=30)
        if self._watcher is not None:  # last: the thread may still have given it folders
            self._watcher.stop()

    def request(self, *, wait: bool, timeout: float = 600.0) -> None:
        """Ask for a full scan; with `wait`, return when one that began after the call is done."""
        with self._condition:
            self._full_wanted += 1
            wanted = self._full_wanted
            self._condition.notify_all()
            if wait:
                self._condition.wait_for(lambda: self._full_done >= wanted or self._stopping, timeout)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No scan runs meanwhile: a running one is broken off, which loses nothing, and a full one follows."""
        with self._condition:
            self._pauses += 1
        try:
            with self._scanning:
                yield
        finally:
            with self._condition:
                self._pauses -= 1
                self._full_wanted += 1
                self._condition.notify_all()

    def _hint(self, paths: set[str]) -> None:
        with self._condition:
            if ANYTHING in paths:
                self._full_wanted += 1
            self._hints |= paths - {ANYTHING}
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                pause = RECONCILE_SECONDS if self.watching == "watching" else POLL_SECONDS
                self._wait(time.monotonic() + pause)
                if self._stopping:
                    return
                wanted = self._full_wanted
                only = None if wanted > self._full_done or not self._hints else self._hints
                self._hints = set()
            try:
                with self._scanning:
                    self._scan(only)
            except ScanStopped:
                return
            except ScanPaused:
                continue
            except (TokendialError, OSError) as error:
                _log.warning("scan failed", exc_info=True)
                self.state.message = error.message if isinstance(error, TokendialError) else f"{error}"
                self._on_progress()
            with self._condition:
                if only is None:
                    self._full_done = max(wanted, self._full_done)
                self._condition.notify_all()

    def _wait(self, until: float) -> None:
        """Wait for work until a moment of the monotonic clock, which may stand still while the machine sleeps.

        What changed meanwhile may have given no hint: waking asks for a full scan, and so does a home that outgrew the
        watches the system gives. The caller holds the condition.
        """
        while not self._has_work() and (left := until - time.monotonic()) > 0:
            began = time.monotonic()
            self._condition.wait_for(self._has_work, min(left, TICK_SECONDS))
            if self._slept(since=began) or (self._watcher is not None and self._watcher.is_blind()):
                self._full_wanted += 1

    def _slept(self, since: float) -> bool:
        """Whether the machine, or this process, was asleep: the one clock went on without the other, or a tick is late.

        `since` is when the tick began; a sleep before that, while a scan ran, is noticed too.
        """
        monotonic = time.monotonic()
        ahead, self._ahead = self._ahead, time.time() - monotonic
        return self._ahead - ahead > SLEPT_SECONDS or monotonic - since > TICK_SECONDS + SLEPT_SECONDS

    def _has_work(self) -> bool:
        return self._stopping or (not self._pauses and (bool(self._hints) or self._full_wanted > self._full_done))

    def _scan(self, only: set[str] | None) -> ScanReport:
        state = self.state
        active = self._homes()
        self._watch(active)  # first: what changes while the scan runs must give a hint
        state.running, state.started, state.report = True, time.monotonic(), ScanReport()
        try:
            report = self._scan_homes(self._progress, only)
        finally:
            state.running = False
        if only is not None:
            report.files = max(report.files, sum(home.files for home in active))
        state.report, state.first = report, False
        state.finished_at_ms = int(time.time() * 1000)
        state.message = "; ".join(report.problems) or None
        if report.changed:
            self._on_change(report)
        self._on_progress()
        return report

    def _watch(self, active: list[HomeRow]) -> None:
        if self._watcher is not None:
            roots = (root for home in active for root in provider(home.provider).logs.watch_roots(Path(home.path)))
            self._watcher.watch([*roots, *self._also])

    def _progress(self, report: ScanReport) -> None:
        self.state.report = report
        if self._stopping:
            raise ScanStopped
        if self._pauses:
            raise ScanPaused
        if report.changed or report.files_to_read:
            self._on_progress()
