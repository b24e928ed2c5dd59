"""The start, and what the tray shows."""

from __future__ import annotations

from tokendial.api.parts.system import SystemPart
from tokendial.providers import PROVIDERS
from tokendial.services import startup as startup_service
from tokendial.services import tray_words
from tokendial.services.contract.common import Empty
from tokendial.services.contract.startup import Startup, StartupChange
from tokendial.services.panels.limits import limits
from tokendial.services.tray_words import TrayFace

NO_WINDOW = "A tray belongs to the window; this page is in a browser."


class StartupPart(SystemPart):
    """Answers for the start at login and the tray."""

    def startup(self, _request: Empty, /) -> Startup:
        """What the system has now."""
        return startup_service.state(self.own, NO_WINDOW if self.tray is None else self.tray.why_not())

    def change_startup(self, request: StartupChange, /) -> Startup:
        """Start at login or not."""
        startup_service.switch(self.own, on=request.login)
        return self.startup(Empty())

    def tray_face(self) -> TrayFace:
        """What the tray shows: always of the own ledger, never of the sample data. Raises LedgerError."""
        settings = self.own.settings.current
        on = [p.descriptor for p in PROVIDERS if p.descriptor.id not in settings.disabled_providers]
        with self.own.view() as view:
            today = view.total_between(view.today_ms, None).usage()
            return tray_words.face(limits(view), today, [(d.id, d.name) for d in on], settings, view.now_ms)
