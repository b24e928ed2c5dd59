"""The providers: on or off, and where the figures of each come from."""

from __future__ import annotations

import os
from pathlib import Path

from tokendial.paths import default_data_dir
from tokendial.providers import PROVIDERS
from tokendial.providers.base import Provider
from tokendial.services.contract.providers import ProviderSource, StatusLineSetup
from tokendial.services.contract.settings import Settings, SettingValue
from tokendial.services.home_check import known_provider
from tokendial.services.ledger import Ledger
from tokendial.services.own_command import status_line_command
from tokendial.services.provider_status import statuses
from tokendial.store import readings


def listed(ledger: Ledger, *, reading: bool = False) -> list[ProviderSource]:
    """Every provider of this version; `reading` while the logs are read for the first time."""
    found_status = statuses(ledger, reading=reading)
    homes, read = ledger.homes(), {home.id for home in ledger.read_homes()}
    disabled = ledger.settings.current.disabled_providers
    with ledger.database.reading() as connection:
        told = readings.last_of(connection, readings.STATUS_LINE)
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
                limits=source.descriptor.limits,
                status_line=_status_line(source, ledger, told.get(identity)),
                docs_url=source.descriptor.docs_url,
                looked_at=[str(path) for path in source.logs.default_homes(os.environ, Path.home())],
                homes=len(own),
                homes_read=sum(home.id in read for home in own),
                files=sum(home.files for home in own),
                last_seen_ms=max((home.last_seen_ms for home in own if home.last_seen_ms is not None), default=None),
                status=found_status[identity],
            )
        )
    return found


def _status_line(source: Provider, ledger: Ledger, last_ms: int | None) -> StatusLineSetup | None:
    if source.status_line is None:
        return None
    command = status_line_command(ledger.data_dir.absolute(), default=ledger.data_dir == default_data_dir())
    return StatusLineSetup(source.status_line.settings_file, source.status_line.setting(command), last_ms)


def switch(ledger: Ledger, provider_id: str, *, on: bool) -> Settings:
    """Switch a provider on or off; a filter on one that is off now falls back to all. Raises NotFound."""
    known_provider(provider_id)
    settings = ledger.settings.current
    disabled = sorted({*settings.disabled_providers} - {provider_id} | (set() if on else {provider_id}))
    values: dict[str, SettingValue] = {"disabled_providers": disabled}
    if settings.provider in disabled:
        values |= {"provider": None, "home": None}
    return ledger.settings.change(values)
