"""Providers."""

from __future__ import annotations

from tokendial.api.application import Application
from tokendial.api.registry import registry
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


@registry.command("providers.list")
def providers(app: Application, request: Empty) -> Providers:
    """Every provider, on or off."""
    return app.providers(request)


@registry.command("providers.switch")
def switch_provider(app: Application, request: ProviderSwitch) -> AppState:
    """Switch a provider on or off."""
    return app.switch_provider(request)


@registry.command("statusline.preview")
def preview_status_line(app: Application, request: StatusLineDraft) -> StatusLinePreview:
    """The line that a format of the status line gives."""
    return app.preview_status_line(request)


@registry.command("provider.get")
def provider(app: Application, request: ProviderRequest) -> ProviderDetail:
    """One provider by itself: 30 days, today, models and projects."""
    return app.provider(request)
