"""The providers: on or off, and where the figures of each come from."""

from __future__ import annotations

import os
from pathlib import Path

from tokendial.providers import PROVIDERS
from tokendial.services.contract.providers import ProviderSource
from tokendial.services.contract.settings import Settings, SettingValue
from tokendial.services.home_check import known_provider
from tokendial.services.ledger import Ledger


def listed(ledger: Ledger) -> list[ProviderSource]:
    """Every provider of this version."""
    homes, read = ledger.homes(), {home.id for home in ledger.read_homes()}
    disabled = ledger.settings.current.disabled_providers
    found = []
    for source in PROVIDERS:
        identity = source.descriptor.id
        own = [home for home in homes if home.provider == identity]
        found.append(
            ProviderSource(
                id=identity,
                name=source.descriptor.name,
                on=identity not in disabled,
                reads=source.descriptor.reads,
                docs_url=source.descriptor.docs_url,
                looked_at=[str(path) for path in source.logs.default_homes(os.environ, Path.home())],
                homes=len(own),
                homes_read=sum(home.id in read for home in own),
                files=sum(home.files for home in own),
                last_seen_ms=max((home.last_seen_ms for home in own if home.last_seen_ms is not None), default=None),
            )
        )
    return found


def switch(ledger: Ledger, provider_id: str, *, on: bool) -> Settings:
    """Switch a provider on or off; a filter on one that is off now falls back to all. Raises NotFound."""
    known_provider(provider_id)
    settings = ledger.settings.current
    disabled = sorted({*settings.disabled_providers} - {provider_id} | (set() if on else {provider_id}))
    values: dict[str, SettingValue] = {"disabled_providers": disabled}
    if settings.provider in disabled:
        values |= {"provider": None, "home": None}
    return ledger.settings.change(values)
