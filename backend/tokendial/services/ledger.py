"""An open ledger: the database with its homes, prices and settings. Both shells begin here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from tokendial.errors import LedgerBusy, LedgerReadOnly
from tokendial.ingest.scanner import Scanner, ScanReport
from tokendial.paths import ledger_path
from tokendial.services import homes as home_service
from tokendial.services.closed import ClosedCache
from tokendial.services.prices import PriceDesk
from tokendial.services.settings import SettingsDesk
from tokendial.services.view import View, open_view
from tokendial.services.window_memory import WindowMemory
from tokendial.store import homes
from tokendial.store.database import Database, open_or_recover
from tokendial.store.homes import HomeRow
from tokendial.store.writer import LedgerWriter

SCAN_WAIT_SECONDS = 600.0
OPEN_WAIT_SECONDS = 60.0


def _quiet(_report: ScanReport) -> None:
    """Nobody watches the progress."""


def _open(path: Path) -> tuple[Database, str | None]:
    """Open the database; one process at a time, because a file that is just being made looks like a lost one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(path.name + ".opening"), timeout=OPEN_WAIT_SECONDS):
            return open_or_recover(path)
    except Timeout as error:
        raise LedgerBusy("Another Tokendial has been opening the database for a minute.") from error
    except OSError as error:
        raise LedgerReadOnly(f"The folder {path.parent} cannot be written: {error.strerror or error}.") from error


class Ledger:
    """Opens on construction; close it at the end."""

    def __init__(
        self, data_dir: Path, named_homes: Sequence[tuple[str, Path]] = (), workers: int | None = None
    ) -> None:
        """`named_homes` are (provider, folder) pairs that hold for this run instead of the configured ones.

        Raises LedgerError for a database that cannot be used, HomeUnavailable for a named home that is not there.
        """
        named = ((provider_id, home_service.resolve(str(path))) for provider_id, path in named_homes)
        self.named = resolved = list(dict.fromkeys(named))
        self.data_dir = data_dir
        self.database, self.notice = _open(ledger_path(data_dir, resolved))
        self.workers = workers
        try:
            for provider_id, path in resolved:
                home_service.add(self.database, provider_id, str(path), "")
            if not resolved:
                home_service.ensure_defaults(self.database)
            self.prices = PriceDesk(self.database)
            self._closed = ClosedCache()
            self.settings = SettingsDesk(self.database)
            self.window = WindowMemory(self.database, self.settings)
        except BaseException:
            self.database.close()
            raise

    def homes(self) -> list[HomeRow]:
        """Every home of this ledger."""
        with self.database.reading() as connection:
            return homes.all_homes(connection)

    def scan(self, progress: Callable[[ScanReport], None] = _quiet, only: set[str] | None = None) -> ScanReport:
        """Bring the ledger up to date. Waits for a scan of another process. Raises LedgerError."""
        with self.exclusive():
            active = [home for home in self.homes() if home.active]
            scanner = Scanner(self.database, LedgerWriter(self.database), self.workers)
            return scanner.scan(active, progress, only)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """No other process scans or removes homes meanwhile. Raises LedgerBusy after a long wait."""
        path = self.database.path
        lock = FileLock(path.with_name(path.name + ".lock"))
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
            self.database, self.prices, self._closed, zone or self.settings.zone, settings.first_weekday, provider, home
        ) as view:
            yield view

    def remove_home(self, home_id: int) -> None:
        """Forget a home and what came from it."""
        with self.exclusive():
            home = next((home for home in self.homes() if home.id == home_id), None)
            if home is None:
                return
            LedgerWriter(self.database).forget_home(home_id)
            home_service.keep_away(self.database, home)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
