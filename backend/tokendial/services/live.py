"""Live sources of the own ledger: which are on, what they answered, and how they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from tokendial.domain.records import ReadingRecord
from tokendial.errors import NotFound
from tokendial.live.coordinator import Coordinator, Keeper, Target
from tokendial.live.line import HttpLine
from tokendial.live.schedule import Asked, next_ms
from tokendial.providers import PROVIDERS, live
from tokendial.services.contract.live import LiveHome, LiveSource, LiveSources, LiveState
from tokendial.services.contract.settings import SettingValue
from tokendial.services.ledger import Ledger
from tokendial.store import changes
from tokendial.store import readings as stored_readings
from tokendial.store import settings as stored
from tokendial.store.homes import HomeRow

_KEY = "live_asked"
_SOURCE = "live"
_STALE_AFTER = 2  # cadences
_MIN_STALE_MS = 10 * 60_000
_decode_known = msgspec.json.Decoder(dict[str, Asked]).decode


class LiveDesk:
    """Runs the coordinator over the homes that are read, of the providers whose live source is on."""

    def __init__(self, ledger: Ledger, on_reading: Callable[[], None], line: HttpLine | None = None) -> None:
        """`on_reading` is called after readings were kept, and after a failure."""
        self._ledger = ledger
        self._on_reading = on_reading
        keeper = Keeper(self._targets, self._every_ms, self._keep, self._save)
        self._coordinator = Coordinator(keeper, self._known(), line)

    def start(self) -> None:
        """Ask from now on, as often as the settings say."""
        self._coordinator.start()

    def stop(self) -> None:
        """Ask no more."""
        self._coordinator.stop()

    def refresh(self) -> None:
        """The user wants new figures: ask what may be asked."""
        self._coordinator.refresh()

    def switch(self, source_id: str, *, on: bool) -> None:
        """Switch a live source on or off. Raises NotFound."""
        if source_id not in {source.id for _, source in _sources()}:
            raise NotFound("There is no such live source.", id=source_id[:80])
        chosen = {*self._ledger.settings.current.live_sources} - {source_id}
        values: dict[str, SettingValue] = {"live_sources": sorted(chosen | ({source_id} if on else set()))}
        self._ledger.settings.change(values)
        self.refresh()

    def listed(self) -> LiveSources:
        """Everyone who can be asked."""
        now_ms, asked, homes = round(time.time() * 1000), self._coordinator.asked, self._ledger.read_homes()
        settings = self._ledger.settings.current
        found = []
        for provider_id, source in _sources():
            on = source.id in settings.live_sources and provider_id not in settings.disabled_providers
            rows = [
                self._home(home, source, asked.get(_key(source, home), Asked()), now_ms, on=on)
                for home in homes
                if home.provider == provider_id
            ]
            found.append(LiveSource(source.id, provider_id, source.name, on, source.asks, source.sends, rows))
        return LiveSources(settings.live_every_seconds, found)

    def _home(self, home: HomeRow, source: live.LiveSource, asked: Asked, now_ms: int, *, on: bool) -> LiveHome:
        return LiveHome(
            home=home.id,
            label=home.label or home.path,
            reads=source.reads(Path(home.path)),
            state=self._state(asked, now_ms) if on else "off",
            message=asked.message if on else None,
            good_ms=asked.good_ms,
            tried_ms=asked.tried_ms or None,
            next_ms=next_ms(asked, self._every_ms()) if on else None,
        )

    def _state(self, asked: Asked, now_ms: int) -> LiveState:
        if not asked.tried_ms:
            return "asking"
        if asked.kind is None:
            old = max(_MIN_STALE_MS, _STALE_AFTER * (self._every_ms() or 0))
            return "live" if now_ms - asked.tried_ms <= old else "stale"
        return "error" if asked.good_ms is None else "stale"

    def _targets(self) -> Sequence[Target]:
        on = set(self._ledger.settings.current.live_sources)
        if not on:
            return []
        homes = self._ledger.read_homes()
        return [
            Target(_key(source, home), home.id, home.provider, Path(home.path), source)
            for provider_id, source in _sources()
            if source.id in on
            for home in homes
            if home.provider == provider_id
        ]

    def _every_ms(self) -> int | None:
        return self._ledger.settings.current.live_every_seconds * 1000 or None

    def _keep(self, target: Target, readings: Sequence[ReadingRecord]) -> None:
        home = stored_readings.ReadingHome(target.home_id, target.provider, _SOURCE)
        with self._ledger.database.writing() as connection:
            changes.note(connection, stored_readings.observe(connection, home, readings, current=True))

    def _save(self, known: Mapping[str, Asked]) -> None:
        stored.write(self._ledger.database, _KEY, msgspec.json.encode(known).decode())
        self._on_reading()

    def _known(self) -> Mapping[str, Asked]:
        with self._ledger.database.reading() as connection:
            text = stored.read(connection, _KEY)
        try:
            return _decode_known((text or "{}").encode())
        except msgspec.DecodeError:
            return {}


def _sources() -> list[tuple[str, live.LiveSource]]:
    """Every source with its provider's id."""
    return [(each.descriptor.id, source) for each in PROVIDERS for source in each.live_sources()]


def _key(source: live.LiveSource, home: HomeRow) -> str:
    return f"{source.id}:{home.id}"
