"""What the commands need from the program: the one object behind both transports."""

from __future__ import annotations

from typing import Protocol

from tokendial.api.events import EventHub
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.diagnostics import Diagnostics
from tokendial.services.contract.homes import (
    HomeAddRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
)
from tokendial.services.contract.prices import PriceRules, Pricing
from tokendial.services.contract.sessions import SessionDetail, SessionRequest, SessionsPage, SessionsRequest
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.contract.system import (
    AppState,
    DemoRequest,
    OpenedLogs,
    OpenLogsRequest,
    RefreshRequest,
    ScanStatus,
)


class Application(Protocol):
    """The use cases, one method per command. Each may raise a TokendialError; any thread may call any of them."""

    @property
    def hub(self) -> EventHub:
        """Where the program publishes what it has to tell the page."""

    def app_state(self, request: Empty, /) -> AppState:
        """What the page needs before it draws anything."""

    def dashboard(self, request: DashboardRequest, /) -> Dashboard:
        """The whole overview; panels fail separately inside the answer."""

    def events(self, request: EventsRequest, /) -> EventsPage:
        """A page of billed responses, newest first."""

    def sessions(self, request: SessionsRequest, /) -> SessionsPage:
        """A page of sessions."""

    def session(self, request: SessionRequest, /) -> SessionDetail:
        """One session; NotFound if the ledger does not know it."""

    def refresh(self, request: RefreshRequest, /) -> ScanStatus:
        """Scan the homes now."""

    def scan_status(self, request: Empty, /) -> ScanStatus:
        """The running or the last scan."""

    def change_settings(self, request: SettingsPatch, /) -> Settings:
        """Change some settings; BadRequest for a name or value that cannot be."""

    def reset_window(self, request: Empty, /) -> Empty:
        """Forget where the window stood and put it back to where it opens at first."""

    def homes(self, request: Empty, /) -> Homes:
        """Every home."""

    def check_home(self, request: HomeCheckRequest, /) -> HomeCheck:
        """What is in a folder, before it is added."""

    def add_home(self, request: HomeAddRequest, /) -> Homes:
        """Add a folder; HomeUnavailable if it cannot be read."""

    def update_home(self, request: HomeUpdateRequest, /) -> Homes:
        """Rename a home or switch it on or off."""

    def remove_home(self, request: HomeRequest, /) -> Homes:
        """Forget a home."""

    def pricing(self, request: Empty, /) -> Pricing:
        """The price rules and what prices each model."""

    def save_prices(self, request: PriceRules, /) -> Pricing:
        """Replace the user's rules; InvalidPriceRule names what is wrong."""

    def diagnostics(self, request: Empty, /) -> Diagnostics:
        """Facts for a bug report."""

    def open_logs(self, request: OpenLogsRequest, /) -> OpenedLogs:
        """Open a home in the system's file manager."""

    def demo(self, request: DemoRequest, /) -> AppState:
        """Enter or leave the sample data."""

    def close(self) -> None:
        """Stop the threads and close the ledger. Called once, last."""
