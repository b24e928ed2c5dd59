"""Readings on their way into the ledger: agents call the status line often, and it must never wait for the ledger.

So each reading is one line at the end of the file of its day (UTC), written at once. Whoever opens the ledger next, or
the program that runs, takes over what is new. How far each file was read is kept in the ledger, in the transaction
that keeps the readings: none is lost, none counts twice, and several ledgers of one folder each read on their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tokendial.domain.records import ReadingRecord
from tokendial.store import changes, readings, settings

if TYPE_CHECKING:
    from tokendial.store.database import Connection, Database
    from tokendial.store.homes import HomeRow

KEPT_DAYS = 8  # a backup of the last days that is restored finds them again
SAME_MS = 30_000  # a reading that is only repeated is written so often
_KEY = "status_line_read"
_TAIL_BYTES = 8_192
_READ_BYTES = 1 << 20
_PATTERN = "????-??-??.jsonl"


class Spooled(msgspec.Struct):
    """What one call told, of a home by its real path."""

    provider: str
    home: str
    at_ms: int
    readings: list[ReadingRecord]


class _Read(msgspec.Struct):
    """How far each file was read, for these homes."""

    homes: list[int] = []
    files: dict[str, int] = {}


_decode = msgspec.json.Decoder(Spooled).decode


def folder(data_dir: Path) -> Path:
    """Where readings wait."""
    return data_dir / "statusline"


def write(data_dir: Path, told: Spooled) -> None:
    """Add a reading, unless the same one was written just now. Raises OSError."""
    day = datetime.fromtimestamp(told.at_ms / 1000, UTC).date()
    place = folder(data_dir)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{day}.jsonl"
    if any(_same(told, other) for other in _last(path)):
        return
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        # One write at the end of the file: lines of several processes never mix.
        os.write(number, msgspec.json.encode(told) + b"\n")
    finally:
        os.close(number)


def _last(path: Path) -> Iterator[Spooled]:
    """The last lines of a file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return
    yield from _lines(lines)


def _lines(lines: Sequence[bytes]) -> Iterator[Spooled]:
    """What can be read; a line that a killed process left half is passed over."""
    for line in lines:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            yield _decode(line)


def _same(told: Spooled, other: Spooled) -> bool:
    if (told.provider, told.home) != (other.provider, other.home) or abs(told.at_ms - other.at_ms) >= SAME_MS:
        return False
    return [reading[:7] for reading in told.readings] == [reading[:7] for reading in other.readings]


def take_over(database: Database, data_dir: Path, homes: Sequence[HomeRow]) -> bool:
    """Put what is new into the ledger; whether any of these homes had something. Raises LedgerError.

    Where other homes are read than before, all is looked at again: what is in the ledger already changes nothing.
    """
    sizes = _sizes(folder(data_dir))
    if not sizes:
        return False
    wanted = sorted(home.id for home in homes)
    with database.reading() as connection:
        read = _progress(connection)
    if read.homes == wanted and all(read.files.get(name) == size for name, size in sizes.items()):
        return False
    with database.writing() as connection:
        read = _progress(connection)
        before = read.files if read.homes == wanted else {}
        files = {name: _take(connection, folder(data_dir) / name, before.get(name, 0), homes) for name in sizes}
        settings.put(
            connection, _KEY, msgspec.json.encode(_Read(wanted, {n: end for n, (end, _) in files.items()})).decode()
        )
        changed = [low for _, low in files.values() if low is not None]
        changes.note(connection, min(changed, default=None))
    return bool(changed)


def _sizes(place: Path) -> dict[str, int]:
    """The files by name, oldest first; one that was just removed is not there."""
    found = {}
    for path in sorted(place.glob(_PATTERN)):
        with suppress(OSError):
            found[path.name] = path.stat().st_size
    return found


def prepare(data_dir: Path) -> Path:
    """The folder where readings wait, to be watched; files of days long past are removed."""
    place = folder(data_dir)
    with suppress(OSError):  # nothing waits where nothing can be written
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        oldest = str(datetime.now(UTC).date() - timedelta(days=KEPT_DAYS))
        for path in place.glob(_PATTERN):
            if path.stem < oldest:
                path.unlink(missing_ok=True)
    return place


def _progress(connection: Connection) -> _Read:
    try:
        return msgspec.json.decode(settings.read(connection, _KEY) or "{}", type=_Read)
    except msgspec.MsgspecError:
        return _Read()


def _take(connection: Connection, path: Path, start: int, homes: Sequence[HomeRow]) -> tuple[int, int | None]:
    """Read a file on from a byte; where its last whole line ends, and the earliest time that changed something."""
    known = {(home.provider, os.path.normcase(home.path)): home for home in homes}
    lows: list[int] = []
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(_READ_BYTES):
            end = block.rfind(b"\n") + 1
            for told in sorted(_lines(block[:end].splitlines()), key=lambda told: told.at_ms):
                home = known.get((told.provider, os.path.normcase(told.home)))
                if home is None:
                    continue
                whose = readings.ReadingHome(home.id, home.provider, readings.STATUS_LINE)
                low = readings.observe(connection, whose, told.readings)
                if low is not None:
                    lows.append(low)
            start += end
            if end == 0:
                break
            file.seek(start)
    return start, min(lows, default=None)
