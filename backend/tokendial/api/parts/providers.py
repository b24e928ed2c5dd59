"""Providers: which are read."""

from __future__ import annotations

from tokendial.api.parts.system import SystemPart
from tokendial.services import provider_detail, sources, statusline
from tokendial.services.contract.common import Empty
from tokendial.services.contract.providers import (
    ProviderDetail,
    ProviderRequest,
    Providers,
    ProviderSwitch,
    StatusLineDraft,
    StatusLinePreview,
)
from tokendial.services.contract.system import AppState


class ProvidersPart(SystemPart):
    """Switches providers on and off."""

    def providers(self, _request: Empty, /) -> Providers:
        """Every provider."""
        return Providers(sources.listed(self.own, reading=self.reading_first))

    def provider(self, request: ProviderRequest, /) -> ProviderDetail:
        """One provider by itself."""
        with self.view(request) as view:
            return provider_detail.detail(view, request)

    def switch_provider(self, request: ProviderSwitch, /) -> AppState:
        """Switch a provider on or off; a scan that reads its homes is broken off."""
        with self.ingest.paused():
            sources.switch(self.own, request.id, on=request.on)
        self.hub.publish("usage-updated")
        self.hub.publish("limits-updated")
        return self.app_state(Empty())

    def preview_status_line(self, request: StatusLineDraft, /) -> StatusLinePreview:
        """The line of a format with invented figures; what is wrong with it is an answer, not an error."""
        return statusline.preview(request.format, self.own.settings.current)
