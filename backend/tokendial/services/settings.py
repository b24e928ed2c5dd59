"""The settings: typed, checked, and kept in the ledger as one value."""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

import msgspec

from tokendial.domain.zones import zone_named
from tokendial.errors import BadRequest
from tokendial.services.contract.settings import Settings, SettingValue
from tokendial.services.settings_kept import KEY, salvage
from tokendial.services.settings_rules import check
from tokendial.services.zone import system_zone
from tokendial.store import settings as stored
from tokendial.store.database import Database

_LONGEST_WAIT_SECONDS = 2


class SettingsDesk:
    """Holds the settings; any thread may ask."""

    def __init__(self, database: Database) -> None:
        """Read them; a value this version cannot read falls back to its default."""
        self._database = database
        self._lock = threading.Lock()
        self.reload()

    def reload(self) -> None:
        """Read them anew."""
        with self._lock, self._database.reading() as connection:
            self._settings = salvage(stored.read(connection, KEY))

    @property
    def current(self) -> Settings:
        """The settings that hold now."""
        return self._settings

    def settled(self) -> Settings:
        """The settings once a change that is being written is done, so that a page that opens shows it.

        Such a change waits for whoever writes; what holds now after two seconds of that.
        """
        if self._lock.acquire(timeout=_LONGEST_WAIT_SECONDS):
            self._lock.release()
        return self._settings

    @property
    def zone(self) -> ZoneInfo:
        """The zone of days: the chosen one, or the system's."""
        chosen = self._settings.timezone
        return zone_named(chosen) if chosen else system_zone()

    def change(self, values: dict[str, SettingValue]) -> Settings:
        """Change some of them, all or nothing. Raises BadRequest naming the field.

        What is kept is changed, not what was read before: a restore may have put other settings there meanwhile.
        """
        for name in values:
            if name not in Settings.__struct_fields__:
                raise BadRequest(f"There is no setting called {name[:60]!r}.", field=name[:60])
        with self._lock, self._database.writing() as connection:
            kept = salvage(stored.read(connection, KEY))
            merged = msgspec.to_builtins(kept) | msgspec.to_builtins(values)
            try:
                changed = msgspec.convert(merged, Settings)
            except msgspec.ValidationError as error:
                field = str(error).rpartition("$.")[2].rstrip("`").partition("[")[0]
                raise BadRequest(f"This setting cannot be: {error}.", field=field) from error
            check(changed)
            stored.put(connection, KEY, msgspec.json.encode(changed).decode())
            self._settings = changed
        return changed
