"""An open ledger: the database with its homes, prices and settings. Both shells begin here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from tokendial.errors import HomeUnavailable, LedgerBusy, LedgerError, NotFound
from tokendial.ingest.scanner import Scanner, ScanReport
from tokendial.paths import ledger_path, writing_to
from tokendial.services import homes as home_service
from tokendial.services import retention, spool
from tokendial.services.closed import ClosedCache
from tokendial.services.home_check import resolve_named
from tokendial.services.prices import PriceDesk
from tokendial.services.repositories import Repositories
from tokendial.services.settings import SettingsDesk
from tokendial.services.view import View, open_view
from tokendial.services.window_memory import WindowMemory
from tokendial.store import home_changes, homes
from tokendial.store.database import Database
from tokendial.store.erasing import sweep
from tokendial.store.homes import HomeRow
from tokendial.store.recovery import open_or_recover
from tokendial.store.writer import LedgerWriter

SCAN_WAIT_SECONDS = 600.0
OPEN_WAIT_SECONDS = 60.0


def _quiet(_report: ScanReport) -> None:
    """Nobody watches the progress."""


def _open(path: Path) -> tuple[Database, str | None]:
    """Open the database; one process at a time, because a file that is just being made looks like a lost one."""
    with writing_to(path.parent):
        try:
            with FileLock(path.with_name(path.name + ".opening"), timeout=OPEN_WAIT_SECONDS, mode=0o600):
                return open_or_recover(path)
        except Timeout as error:
            raise LedgerBusy("Another Tokendial has been opening the database for a minute.") from error


class Ledger:
    """Opens on construction; close it at the end."""

    def __init__(
        self, data_dir: Path, named_homes: Sequence[tuple[str, Path]] = (), workers: int | None = None
    ) -> None:
        """`named_homes` are (provider, folder) pairs that hold for this run instead of the configured ones.

        Raises LedgerError for a database that cannot be used, HomeUnavailable for a named home that is not there.
        """
        self.named = resolved = resolve_named(named_homes)
        self.data_dir = data_dir
        self.database, self.notice = _open(ledger_path(data_dir, resolved))
        self.workers = workers
        self.repositories = Repositories()
        try:
            self._add_named()
            if not resolved:
                home_service.ensure_defaults(self.database)
            with suppress(LedgerError):  # of a clearing that was killed; who cannot sweep can read
                sweep(self.database)
            self.settings = SettingsDesk(self.database)
            self._begin()
            self.window = WindowMemory(self.database, self.settings)
            self.widget_window = WindowMemory(self.database, self.settings, "widget_window")
        except BaseException:
            self.database.close()
            raise

    def _add_named(self) -> None:
        for provider_id, path in self.named:
            home_service.add(self.database, provider_id, str(path), "")

    def _begin(self) -> None:
        """Nothing is remembered of what the database held before."""
        self.prices = PriceDesk(self.database)
        self._closed = ClosedCache()

    def reload(self) -> None:
        """The database holds another content: forget what is known of the old one."""
        with suppress(HomeUnavailable):  # a home that has gone meanwhile costs only itself
            self._add_named()
        self.settings.reload()
        self._begin()

    def homes(self) -> list[HomeRow]:
        """Every home of this ledger."""
        with self.database.reading() as connection:
            return homes.all_homes(connection)

    def read_homes(self) -> list[HomeRow]:
        """The homes that are read: switched on, of a provider that is on, and not cleared (W35)."""
        disabled = self.settings.current.disabled_providers
        return [
            home for home in self.homes() if home.active and home.cleared_ms is None and home.provider not in disabled
        ]

    def scan(self, progress: Callable[[ScanReport], None] = _quiet, only: set[str] | None = None) -> ScanReport:
        """Bring the ledger up to date. Waits for a scan of another process. Raises LedgerError."""
        told = self.take_over_readings()
        with self.exclusive():
            seen = retention.last_change(self.database)
            scanner = Scanner(self.database, LedgerWriter(self.database), self.workers)
            report = scanner.scan(self.read_homes(), progress, only)
            retention.after_scan(self.database, seen, lambda: self.settings.zone)
        if told:
            report.limits = report.changed = True
        return report

    def take_over_readings(self) -> bool:
        """Keep what agents told their status lines since; whether there was anything. Raises LedgerError."""
        return spool.take_over(self.database, self.data_dir, self.read_homes())

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """No other process scans or removes homes meanwhile. Raises LedgerBusy after a long wait."""
        path = self.database.path
        lock = FileLock(path.with_name(path.name + ".lock"), mode=0o600)
        with writing_to(path.parent):
            try:
                lock.acquire(timeout=SCAN_WAIT_SECONDS)
            except Timeout as error:
                raise LedgerBusy(
                    "Another Tokendial has been reading the logs for ten minutes. Close it and try again."
                ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def view(
        self, provider: str | None = None, home: int | None = None, zone: ZoneInfo | None = None
    ) -> Iterator[View]:
        """One consistent look, in the given zone or in that of the settings."""
        settings = self.settings.current
        with open_view(
            self.database,
            self.prices,
            self._closed,
            zone or self.settings.zone,
            settings.first_weekday,
            provider,
            home,
            settings.disabled_providers,
        ) as view:
            yield view

    def switch_home(self, home_id: int, *, active: bool) -> None:
        """Read a home or not; what it holds stays in the ledger. Raises NotFound."""
        with self._home(home_id):
            homes.update(self.database, home_id, label=None, active=active)

    def remove_home(self, home_id: int) -> None:
        """Forget a home and what came from it. Raises NotFound."""
        with self._home(home_id) as home:
            with self.database.writing():
                home_changes.forget(self.database, home_id)
                home_service.keep_away(self.database, home)
            sweep(self.database)

    def clear_home(self, home_id: int, now_ms: int) -> None:
        """Take out what came from a home; it is not read before it is asked for (W35). Raises NotFound."""
        with self._home(home_id):
            home_changes.clear(self.database, home_id, now_ms)
            sweep(self.database)

    def reread_home(self, home_id: int) -> None:
        """Have the next scan read a home from the start of its logs. Raises NotFound."""
        with self._home(home_id):
            home_changes.reread(self.database, home_id)

    @contextmanager
    def _home(self, home_id: int) -> Iterator[HomeRow]:
        """A home, while nothing else changes what it holds. Raises NotFound."""
        with self.exclusive():
            home = next((home for home in self.homes() if home.id == home_id), None)
            if home is None:
                raise NotFound("There is no such home.", id=home_id)
            yield home

    def close(self) -> None:
        """Close the database."""
        self.repositories.close()
        self.database.close()
