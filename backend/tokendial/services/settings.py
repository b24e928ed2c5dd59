"""The settings: typed, checked, and kept in the ledger as one value."""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.periods import parse_day
from tokendial.domain.zones import zone_named
from tokendial.errors import BadRequest
from tokendial.providers import PROVIDERS
from tokendial.services.contract.common import Bucket, Dimension, RangeName
from tokendial.services.contract.settings import Settings
from tokendial.services.zone import system_zone
from tokendial.store import settings as stored
from tokendial.store.database import Database

_KEY = "settings"
_AUTO_REFRESH = (0, 15, 30, 60, 300, 900, 1800)
_CHOICES: dict[str, object] = {"range": RangeName, "bucket": Bucket | None, "stack": Dimension, "breakdown": Dimension}


class SettingsDesk:
    """Holds the settings; any thread may ask."""

    def __init__(self, database: Database) -> None:
        """Read them; a value this version cannot read falls back to its default."""
        self._database = database
        self._lock = threading.Lock()
        with database.reading() as connection:
            text = stored.read(connection, _KEY)
        self._settings = _salvage(text)

    @property
    def current(self) -> Settings:
        """The settings that hold now."""
        return self._settings

    @property
    def zone(self) -> ZoneInfo:
        """The zone of days: the chosen one, or the system's."""
        chosen = self._settings.timezone
        return zone_named(chosen) if chosen else system_zone()

    def change(self, values: dict[str, str | int | float | bool | list[str] | None]) -> Settings:
        """Change some of them, all or nothing. Raises BadRequest naming the field."""
        with self._lock:
            merged = msgspec.to_builtins(self._settings) | values
            for name in values:
                if name not in Settings.__struct_fields__:
                    raise BadRequest(f"There is no setting called {name[:60]!r}.", field=name[:60])
            try:
                changed = msgspec.convert(merged, Settings)
            except msgspec.ValidationError as error:
                field = str(error).rpartition("$.")[2].rstrip("`").partition("[")[0]
                raise BadRequest(f"This setting cannot be: {error}.", field=field) from error
            _check(changed)
            stored.write(self._database, _KEY, msgspec.json.encode(changed).decode())
            self._settings = changed
            return changed


def _salvage(text: str | None) -> Settings:
    """What can still be read of kept settings; one bad value does not cost the others."""
    settings = Settings()
    if text is None:
        return settings
    try:
        kept = msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError:
        return settings
    for name, value in kept.items():
        if name not in Settings.__struct_fields__:
            continue
        try:
            candidate = msgspec.convert(msgspec.to_builtins(settings) | {name: value}, Settings)
            _check(candidate)
            settings = candidate
        except (msgspec.ValidationError, BadRequest):
            continue
    return settings


def _check(settings: Settings) -> None:
    """What the types do not say. Raises BadRequest."""
    for name, choice in _CHOICES.items():
        try:
            msgspec.convert(getattr(settings, name), choice)
        except msgspec.ValidationError as error:
            raise BadRequest(f"{name} cannot be {getattr(settings, name)!r}.", field=name) from error
    if settings.timezone:
        try:
            zone_named(settings.timezone)
        except BadRequest as error:
            raise BadRequest(error.message, field="timezone") from error
    if not 1 <= settings.active_minutes <= 7 * 24 * 60:
        raise BadRequest("Active minutes must lie between 1 and 10,080.", field="active_minutes")
    if settings.auto_refresh_seconds not in _AUTO_REFRESH:
        raise BadRequest("Auto refresh must be one of the offered steps.", field="auto_refresh_seconds")
    if not 0 <= settings.first_weekday <= 6:
        raise BadRequest("The first day of the week must lie between 0 (Monday) and 6.", field="first_weekday")
    for name in ("custom_start", "custom_end"):
        day = getattr(settings, name)
        if day is not None:
            parse_day(day, name)
    known = {each.descriptor.id for each in PROVIDERS}
    if settings.provider is not None and settings.provider not in known:
        raise BadRequest("There is no such provider.", field="provider")
    if not known.issuperset(settings.disabled_providers):
        raise BadRequest("There is no such provider.", field="disabled_providers")
