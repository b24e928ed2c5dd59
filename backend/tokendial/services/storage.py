"""What the program keeps, where, and how large it is."""

from __future__ import annotations

import shutil
from pathlib import Path

from tokendial.errors import NotFound
from tokendial.providers import provider
from tokendial.services import backups, retention
from tokendial.services.contract.storage import KeptCopy, Storage, StoragePath, TableCount
from tokendial.services.ledger import Ledger
from tokendial.store import health

# In the order of interest; a table without words is shown by its name.
_WORDS = {
    "usage_event": "Responses",
    "session": "Sessions",
    "source_file": "Log files",
    "usage_rollup": "Sums per quarter of an hour",
    "session_usage": "Sums per session and day",
    "kept_days": "Sums per day for the next start",
    "past_usage": "Sums of responses without details",
    "past_key": "Marks of responses without details",
    "limit_reading": "Readings of limits",
    "limit_series": "Limits",
    "prompt": "Places of prompts (no text)",
    "audit": "Audit counts",
    "refused_line": "Reasons of refused lines",
    "label_set": "Combinations of model, project and effort",
    "thread_family": "Members of families of sessions",
    "file_state": "Places where reading goes on",
    "home": "Homes",
    "price_rule": "Price rules",
    "setting": "Settings",
    "ledger_change": "Notes of changes",
    "migration": "Steps of the schema",
}


def overview(ledger: Ledger) -> Storage:
    """Everything the Storage tab shows."""
    database = ledger.database.path
    with ledger.database.reading() as connection:
        counts = health.table_counts(connection)
        unused = health.unused_bytes(connection)
        kept = retention.kept(connection)
    order = list(_WORDS)
    ordered = sorted(counts, key=lambda table: (order.index(table) if table in _WORDS else len(order), table))
    size = _size(database) or 0
    return Storage(
        paths=paths(ledger),
        database_bytes=size,
        log_bytes=health.file_bytes(database) - size,
        unused_bytes=unused,
        disk_free_bytes=shutil.disk_usage(ledger.data_dir).free,
        tables=[TableCount(table, label_of(table), counts[table]) for table in ordered],
        kept=[
            KeptCopy(path.name, path.stat().st_size, int(path.stat().st_mtime * 1000))
            for path in backups.kept_copies(ledger.data_dir)
        ],
        retention=kept,
    )


def label_of(table: str) -> str:
    """A table in words."""
    return _WORDS.get(table, table.replace("_", " ").capitalize())


def paths(ledger: Ledger) -> list[StoragePath]:
    """Every place that the program uses, homes included; it keeps no log of its own."""
    database = ledger.database.path
    found = [
        _path("data", "Data folder", ledger.data_dir),
        _path("database", "Database", database),
        _path("log", "Write-ahead log", database.with_name(database.name + "-wal")),
        _path("backups", "Kept copies", ledger.data_dir / backups.FOLDER),
    ]
    aside = sorted(
        path
        for pattern in (f"{database.name}.damaged-*", f"{database.name}.before-*")
        for path in ledger.data_dir.glob(pattern)
        if not path.name.endswith(("-wal", "-shm"))
    )
    found += [_path(f"aside-{path.name}", "Put aside", path) for path in aside]
    for home in ledger.homes():
        name = f"{provider(home.provider).descriptor.name} home"
        found.append(_path(f"home-{home.id}", f"{name}: {home.label}" if home.label else name, Path(home.path)))
    return found


def folder_of(ledger: Ledger, identity: str) -> Path:
    """The folder to show for one of `paths`: itself, or that of a file. Raises NotFound."""
    chosen = next((Path(one.path) for one in paths(ledger) if one.id == identity), None)
    if chosen is None:
        raise NotFound("There is no such place.", id=identity[:80])
    folder = chosen if chosen.is_dir() else chosen.parent
    if not folder.is_dir():
        raise NotFound("This folder is not there.", path=str(folder))
    return folder


def _path(identity: str, label: str, path: Path) -> StoragePath:
    return StoragePath(identity, label, str(path), path.exists(), _size(path))


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
