"""What is wrong with the database, in words; and that a damaged one is looked at as a whole when it is opened again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tokendial.errors import LedgerDamaged, LedgerError, LedgerReadOnly

_LITTLE_BYTES = 1 << 20


def suspect(path: Path) -> Path:
    """The file that says of a database that it was found damaged while it was in use."""
    return path.with_name(f"{path.name}.suspect")


def distrust(path: Path) -> None:
    """The next start looks at all of this database, whatever its size."""
    with suppress(OSError):
        suspect(path).touch()


def trust(path: Path) -> None:
    """All of it was looked at."""
    with suppress(OSError):
        suspect(path).unlink(missing_ok=True)


def explain(error: Exception, path: Path) -> LedgerError:
    """A database error as one of ours, in words."""
    text = str(error).lower()
    if "cannot rollback" in text and isinstance(error.__context__, Exception):
        return explain(error.__context__, path)  # SQLite has rolled back already, for a reason of which that is the end
    if "malformed" in text or "not a database" in text or "disk image" in text:
        distrust(path)
        return LedgerDamaged(str(error))
    if for_want_of_room(error, path):
        return LedgerError(f"The disk that holds {path} is full. Nothing was lost; free some space and refresh.")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return read_only(path)
    if "locked" in text or "busy" in text:
        return LedgerError(f"The database {path} is in use by another program.")
    return LedgerError(f"The database {path} cannot be used: {error}.")


def read_only(path: Path) -> LedgerReadOnly:
    """This file may not be written to."""
    return LedgerReadOnly(f"The database {path} cannot be written. Check the folder's permissions, or use --data-dir.")


def for_want_of_room(error: Exception, path: Path) -> bool:
    """Whether it failed because the disk of this file is full; SQLite does not always say it in these words."""
    import shutil  # noqa: PLC0415 - it loads three kinds of compression, and every command loads this

    text = str(error).lower()
    try:
        room = shutil.disk_usage(path.parent).free
    except OSError:  # a folder that is gone is not full
        room = _LITTLE_BYTES
    return "full" in text or (room < _LITTLE_BYTES and ("unable to open" in text or "i/o" in text))
