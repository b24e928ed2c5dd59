"""The program itself: state, scans, settings, sample data."""

from __future__ import annotations

import time

from tokendial import __version__
from tokendial.api.parts.core import Core
from tokendial.paths import PROGRAM_DIR
from tokendial.providers import PROVIDERS
from tokendial.services import homes as home_service
from tokendial.services.contract.common import Empty
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.contract.system import AppState, DemoRequest, ProviderInfo, RefreshRequest, ScanStatus
from tokendial.services.demo import demo_ledger
from tokendial.services.provider_status import statuses


class SystemPart(Core):
    """Answers for the program."""

    def app_state(self, _request: Empty, /) -> AppState:
        """What the page needs before it draws anything."""
        found = statuses(self.ledger, reading=self.reading_first)
        return AppState(
            version=__version__,
            mode=self.mode,
            why_browser=self.why_browser,
            demo=self.sample is not None,
            data_dir=str(self.own.data_dir),
            program_dir=str(PROGRAM_DIR),
            notice=self.own.notice,
            providers=[
                ProviderInfo(
                    id=p.descriptor.id,
                    name=p.descriptor.name,
                    color=p.descriptor.color,
                    color_dark=p.descriptor.color_dark,
                    on=p.descriptor.id not in self.ledger.settings.current.disabled_providers,
                    no_limits=p.descriptor.no_limits,
                    status=found[p.descriptor.id],
                )
                for p in PROVIDERS
            ],
            homes=home_service.listed(self.ledger.database),
            looked_at=home_service.looked_at(self.own.named),
            settings=self.own.settings.settled(),
            scan=self.scan_status(Empty()),
        )

    def refresh(self, request: RefreshRequest, /) -> ScanStatus:
        """Scan the homes now."""
        if self.sample is None:
            if self.found_none and not self.own.homes():
                home_service.ensure_defaults(self.own.database)
            self.ingest.request(wait=request.wait)
        return self.scan_status(Empty())

    def change_settings(self, request: SettingsPatch, /) -> Settings:
        """Change some settings, and tell every open page."""
        if "disabled_providers" in request.values:
            with self.ingest.paused():
                changed = self.own.settings.change(request.values)
            self.hub.publish("usage-updated")
        else:
            changed = self.own.settings.change(request.values)
        self.hub.publish("settings-changed", changed)
        return changed

    def reset_window(self, _request: Empty, /) -> Empty:
        """Put the window back to where it opens at first."""
        self.own.window.forget()
        self.own.widget_window.forget()
        return Empty()

    def demo(self, request: DemoRequest, /) -> AppState:
        """Enter or leave the sample data; the own ledger is not touched."""
        if request.on and self.sample is None:
            self.sample = demo_ledger(int(time.time() * 1000))
        elif not request.on and self.sample is not None:
            sample, self.sample = self.sample, None
            sample.close()
        self.hub.publish("usage-updated")
        return self.app_state(Empty())
