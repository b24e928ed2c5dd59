"""Where a window stood: kept in the ledger beside the settings, because no page chooses it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tokendial.services.settings import SettingsDesk
from tokendial.store import settings as stored
from tokendial.store.database import Database

_KEY = "window"


class WindowPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The frame's top left corner and the size of the page in logical pixels, as they are when not maximised."""

    x: int | None = None
    y: int | None = None
    width: int
    height: int
    maximized: bool = False


class WindowMemory:
    """Remembers a window's place while the setting `remember_window` is on; any thread may ask."""

    def __init__(self, database: Database, settings: SettingsDesk, key: str = _KEY) -> None:
        """Nothing is read before it is asked for. `key` tells the windows apart."""
        self._database = database
        self._settings = settings
        self._key = key
        self._listener: Callable[[], None] | None = None

    def read(self) -> WindowPlace | None:
        """Where the window stood last; None if that is not known or not wanted. A damaged value counts as unknown."""
        if not self._settings.current.remember_window:
            return None
        with self._database.reading() as connection:
            text = stored.read(connection, self._key)
        try:
            return None if text is None else msgspec.json.decode(text, type=WindowPlace)
        except msgspec.DecodeError:
            return None

    def keep(self, place: WindowPlace) -> None:
        """Remember a place, if that is wanted. Raises LedgerError."""
        if self._settings.current.remember_window:
            stored.write(self._database, self._key, msgspec.json.encode(place).decode())

    def forget(self) -> None:
        """Forget the place and tell the window to go back to where it opens at first. Raises LedgerError."""
        stored.remove(self._database, self._key)
        if self._listener:
            self._listener()

    def on_forget(self, listener: Callable[[], None]) -> None:
        """Who is told; there is one such window."""
        self._listener = listener
