"""Live sources: asking providers for their limits."""

from __future__ import annotations

from typing import Literal

from tokendial.api.parts.core import Core
from tokendial.services.contract.common import Empty
from tokendial.services.contract.live import LiveSources, LiveSwitch
from tokendial.services.ledger import Ledger
from tokendial.services.live import LiveDesk


class LivePart(Core):
    """Switches live sources on and off, and asks by hand."""

    def __init__(self, ledger: Ledger, mode: Literal["window", "browser"], why_browser: str | None = None) -> None:
        """Wait in the background; nothing is asked before the user switched a source on."""
        super().__init__(ledger, mode, why_browser)
        self.live = LiveDesk(ledger, self._limits_changed)
        self.live.start()

    def _limits_changed(self) -> None:
        self.hub.publish("limits-updated")
        self.watch.request()

    def live_sources(self, _request: Empty, /) -> LiveSources:
        """Every provider that can be asked."""
        return self.live.listed()

    def switch_live(self, request: LiveSwitch, /) -> LiveSources:
        """Switch a live source on or off, and tell every open page."""
        self.live.switch(request.id, on=request.on)
        self.hub.publish("settings-changed", self.own.settings.current)
        return self.live.listed()

    def refresh_live(self, _request: Empty, /) -> LiveSources:
        """Ask what may be asked now: never more than once a minute."""
        self.live.refresh()
        return self.live.listed()
