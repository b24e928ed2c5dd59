"""What every use case works on: the ledger or the sample data, the scan in the background, the events."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from tokendial.api.dialogs import Dialogs
from tokendial.api.events import Alert, EventHub
from tokendial.api.notices import Notices
from tokendial.api.tray import TrayHost
from tokendial.api.widget import Widget
from tokendial.errors import BadRequest, Unavailable
from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService
from tokendial.providers import PROVIDERS
from tokendial.services import spool
from tokendial.services.alert_watch import AlertWatch
from tokendial.services.alerts import AlertDesk
from tokendial.services.contract.common import Empty, Filter
from tokendial.services.contract.system import ScanStatus
from tokendial.services.diagnostics import Checks
from tokendial.services.jobs import Jobs
from tokendial.services.ledger import Ledger
from tokendial.services.status import scan_status
from tokendial.services.transfers import Transfers
from tokendial.services.view import View

PROGRESS_SECONDS = 0.1


class Core:
    """The state of the program that its parts share."""

    def __init__(self, ledger: Ledger, mode: Literal["window", "browser"], why_browser: str | None = None) -> None:
        """A browser's program begins to scan in the background at once, a window's when `begin` is called."""
        self.hub = EventHub()
        self.own = ledger
        self.sample: Ledger | None = None
        self.mode = mode
        self.why_browser = why_browser
        self.dialogs: Dialogs | None = None
        self.widget: Widget | None = None
        self.tray: TrayHost | None = None
        self.notices: Notices | None = None
        self.transfers = Transfers(ledger.data_dir)
        self.jobs = Jobs(lambda status: self.hub.publish("job-updated", status))
        self.checks: Checks | None = None
        self._told = 0.0
        self._closing = threading.Lock()
        self._is_closed = False
        self._keeping: threading.Thread | None = None
        self.desk = AlertDesk(ledger)
        self.watch = AlertWatch(self._look_at_alerts)
        # Then an agent may be installed while we run; a home that was removed, though, stays removed.
        self.found_none = not ledger.homes()
        waiting = spool.prepare(ledger.data_dir)
        self.ingest = IngestService(ledger.read_homes, ledger.scan, self._progressed, self._changed, waiting)
        if mode == "browser":
            self.begin()

    def begin(self) -> None:
        """Scan in the background from now on; the window does it when its page has figures, or waits for some."""
        self.ingest.start()
        self.watch.start()

    @property
    def ledger(self) -> Ledger:
        """What the page looks at: the sample data while they are on, else the own ledger."""
        return self.sample or self.own

    def system_dialogs(self) -> Dialogs:
        """The dialogs of the window. Raises Unavailable in the browser."""
        if self.dialogs is None:
            raise Unavailable("The system's dialogs need the window; type the path here instead.")
        return self.dialogs

    @contextmanager
    def view(self, wanted: Filter) -> Iterator[View]:
        """One consistent look at what is wanted, in the zone of the settings. Raises BadRequest for a provider."""
        ledger = self.ledger
        known = {p.descriptor.id for p in PROVIDERS}
        if wanted.provider is not None and wanted.provider not in known:
            raise BadRequest("There is no such provider.", field="provider")
        with ledger.view(provider=wanted.provider, home=wanted.home, zone=self.own.settings.zone) as view:
            yield view

    def scan_status(self, _request: Empty, /) -> ScanStatus:
        """The running or the last scan."""
        state = self.ingest.state
        elapsed = time.monotonic() - state.started if state.running else 0.0
        return scan_status(
            state.report,
            running=state.running,
            first=state.first,
            elapsed=elapsed,
            finished_at_ms=state.finished_at_ms,
            watching=self.ingest.watching,
            message=state.message,
        )

    @property
    def reading_first(self) -> bool:
        """Whether the own logs are being read for the first time since the start."""
        return self.sample is None and self.ingest.state.running and self.ingest.state.first

    def _progressed(self) -> None:
        now = time.monotonic()
        if self.ingest.state.running and now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        self.hub.publish("ingest-progress", self.scan_status(Empty()))
        if not self.ingest.state.running:
            self.watch.request()

    def _changed(self, report: ScanReport) -> None:
        self.hub.publish("usage-updated")
        if report.limits:
            self.hub.publish("limits-updated")

    def _look_at_alerts(self) -> None:
        """Tell the page and the system what is new; runs on the thread of the watch."""
        if self.ingest.state.first:
            return  # half of the logs would give half of the figures
        checked = self.desk.check()
        for said in checked.announcements:
            self.hub.publish("alert", Alert(said.headline, said.detail, said.plain_headline, said.plain_detail))
            if said.notice and self.notices is not None:
                private = self.own.settings.current.privacy
                title = said.plain_headline if private else said.headline
                self.notices.show(title, said.plain_detail if private else said.detail)
        if checked.changed:
            self.hub.publish("alerts-updated")
