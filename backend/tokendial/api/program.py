"""The program behind both shells: every command, over one ledger (or the sample data), and a scan in the background."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tokendial import __version__
from tokendial.api.events import EventHub
from tokendial.errors import BadRequest, HomeUnavailable, NotFound
from tokendial.ingest.scanner import ScanReport
from tokendial.ingest.service import IngestService
from tokendial.providers import PROVIDERS
from tokendial.services import dashboard as overview
from tokendial.services import events as responses
from tokendial.services import homes as home_service
from tokendial.services import sessions as session_service
from tokendial.services.contract.common import Empty, Filter
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.sessions import SessionDetail, SessionRequest, SessionsPage, SessionsRequest
from tokendial.services.contract.system import (
    AppState,
    DemoRequest,
    Diagnostics,
    HomeAddRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
    OpenedLogs,
    OpenLogsRequest,
    PriceRules,
    Pricing,
    ProviderInfo,
    RefreshRequest,
    ScanStatus,
    Settings,
    SettingsPatch,
)
from tokendial.services.demo import demo_ledger
from tokendial.services.diagnostics import diagnose
from tokendial.services.ledger import Ledger
from tokendial.services.opener import open_folder
from tokendial.services.status import scan_status
from tokendial.services.view import View
from tokendial.store import homes as stored_homes

PROGRESS_SECONDS = 0.1


class Program:
    """Implements `api.application.Application`. Any thread may call any command."""

    def __init__(self, ledger: Ledger, mode: Literal["window", "browser"], why_browser: str | None = None) -> None:
        """Begin to scan in the background at once."""
        self.hub = EventHub()
        self._own = ledger
        self._sample: Ledger | None = None
        self._mode = mode
        self._why_browser = why_browser
        self._told = 0.0
        # Then an agent may be installed while we run; a home that was removed, though, stays removed.
        self._found_none = not ledger.homes()
        self._ingest = IngestService(ledger.database, ledger.scan, self._progressed, self._changed)
        self._ingest.start()

    @property
    def _ledger(self) -> Ledger:
        return self._sample or self._own

    def app_state(self, _request: Empty, /) -> AppState:
        """What the page needs before it draws anything."""
        return AppState(
            version=__version__,
            mode=self._mode,
            why_browser=self._why_browser,
            demo=self._sample is not None,
            data_dir=str(self._own.data_dir),
            notice=self._own.notice,
            providers=[
                ProviderInfo(p.descriptor.id, p.descriptor.name, p.descriptor.color, p.descriptor.color_dark)
                for p in PROVIDERS
            ],
            homes=home_service.listed(self._ledger.homes()),
            looked_at=home_service.looked_at(self._own.named),
            settings=self._own.settings.current,
            scan=self.scan_status(Empty()),
        )

    def dashboard(self, request: DashboardRequest, /) -> Dashboard:
        """The whole overview."""
        with self._view(request) as view:
            minutes = self._own.settings.current.active_minutes
            return overview.dashboard(view, request, active_minutes=minutes, demo=self._sample is not None)

    def events(self, request: EventsRequest, /) -> EventsPage:
        """A page of responses."""
        with self._view(request) as view:
            return responses.page(view, request)

    def sessions(self, request: SessionsRequest, /) -> SessionsPage:
        """A page of sessions."""
        with self._view(request) as view:
            return session_service.page(view, request)

    def session(self, request: SessionRequest, /) -> SessionDetail:
        """One session."""
        with self._view(Filter()) as view:
            return session_service.detail(view, request)

    def refresh(self, request: RefreshRequest, /) -> ScanStatus:
        """Scan the homes now."""
        if self._sample is None:
            if self._found_none and not self._own.homes():
                home_service.ensure_defaults(self._own.database)
            self._ingest.request(wait=request.wait)
        return self.scan_status(Empty())

    def scan_status(self, _request: Empty, /) -> ScanStatus:
        """The running or the last scan."""
        state = self._ingest.state
        elapsed = time.monotonic() - state.started if state.running else 0.0
        return scan_status(
            state.report,
            running=state.running,
            first=state.first,
            elapsed=elapsed,
            finished_at_ms=state.finished_at_ms,
            watching=self._ingest.watching,
            message=state.message,
        )

    def change_settings(self, request: SettingsPatch, /) -> Settings:
        """Change some settings."""
        return self._own.settings.change(request.values)

    def homes(self, _request: Empty, /) -> Homes:
        """Every home."""
        return Homes(home_service.listed(self._own.homes()))

    def check_home(self, request: HomeCheckRequest, /) -> HomeCheck:
        """What is in a folder."""
        return home_service.check(request.provider, request.path, self._own.homes())

    def add_home(self, request: HomeAddRequest, /) -> Homes:
        """Add a folder and scan it."""
        home_service.add(self._own.database, request.provider, request.path, request.label)
        self._ingest.request(wait=False)
        return self.homes(Empty())

    def update_home(self, request: HomeUpdateRequest, /) -> Homes:
        """Rename a home or switch it on or off."""
        label = None if request.label is None else request.label.strip()[: home_service.MAX_LABEL]
        if not stored_homes.update(self._own.database, request.id, label=label, active=request.active):
            raise NotFound("There is no such home.", id=request.id)
        self.hub.publish("usage-updated")
        self._ingest.request(wait=False)
        return self.homes(Empty())

    def remove_home(self, request: HomeRequest, /) -> Homes:
        """Forget a home and what came from it."""
        if all(home.id != request.id for home in self._own.homes()):
            raise NotFound("There is no such home.", id=request.id)
        self._own.remove_home(request.id)
        self.hub.publish("usage-updated")
        return self.homes(Empty())

    def pricing(self, _request: Empty, /) -> Pricing:
        """The price rules and what prices each model."""
        return self._ledger.prices.overview()

    def save_prices(self, request: PriceRules, /) -> Pricing:
        """Replace the user's rules."""
        self._ledger.prices.save(request.rules)
        self.hub.publish("usage-updated")
        return self._ledger.prices.overview()

    def diagnostics(self, _request: Empty, /) -> Diagnostics:
        """Facts for a bug report."""
        window = "window" if self._mode == "window" else f"browser ({self._why_browser or 'asked for'})"
        return diagnose(self._ledger, self.scan_status(Empty()), window)

    def open_logs(self, request: OpenLogsRequest, /) -> OpenedLogs:
        """Open a home in the system's file manager."""
        homes = self._own.homes()
        if request.home is not None:
            homes = [home for home in homes if home.id == request.home]
        chosen = next((home for home in homes if home.active), None) or next(iter(homes), None)
        if chosen is None:
            raise NotFound("No home has been added yet.")
        if not Path(chosen.path).is_dir():
            raise HomeUnavailable("The folder of this home is not there.", path=chosen.path)
        return OpenedLogs(chosen.path, open_folder(Path(chosen.path)))

    def demo(self, request: DemoRequest, /) -> AppState:
        """Enter or leave the sample data; the own ledger is not touched."""
        if request.on and self._sample is None:
            self._sample = demo_ledger(int(time.time() * 1000))
        elif not request.on and self._sample is not None:
            sample, self._sample = self._sample, None
            sample.close()
        self.hub.publish("usage-updated")
        return self.app_state(Empty())

    def close(self) -> None:
        """Stop the threads and close the ledger."""
        self._ingest.stop()
        for ledger in (self._sample, self._own):
            if ledger is not None:
                ledger.close()

    @contextmanager
    def _view(self, wanted: Filter) -> Iterator[View]:
        ledger = self._ledger
        known = {p.descriptor.id for p in PROVIDERS}
        if wanted.provider is not None and wanted.provider not in known:
            raise BadRequest("There is no such provider.", field="provider")
        with ledger.view(provider=wanted.provider, home=wanted.home, zone=self._own.settings.zone) as view:
            yield view

    def _progressed(self) -> None:
        now = time.monotonic()
        if self._ingest.state.running and now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        self.hub.publish("ingest-progress", self.scan_status(Empty()))

    def _changed(self, report: ScanReport) -> None:
        self.hub.publish("usage-updated")
        if report.limits:
            self.hub.publish("limits-updated")
