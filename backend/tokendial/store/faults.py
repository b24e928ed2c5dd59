"""What is wrong with the database, in words; and that a damaged one is looked at as a whole when it is opened again."""

from __future__ import annotations

import shutil
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


def explain(error: Exception, path: Path) -> LedgerError:
    """A database error as one of ours, in words."""
    text = str(error).lower()
    if "malformed" in text or "not a database" in text or "disk image" in text:
        distrust(path)
        return LedgerDamaged(str(error))
    if "full" in text or (("unable to open" in text or "i/o" in text) and _free_bytes(path) < _LITTLE_BYTES):
        return LedgerError(f"The disk that holds {path} is full. Nothing was lost; free some space and refresh.")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return LedgerReadOnly(
            f"The database {path} cannot be written. Check the folder's permissions, or use --data-dir."
        )
    if "locked" in text or "busy" in text:
        return LedgerError(f"The database {path} is in use by another program.")
    return LedgerError(f"The database {path} cannot be used: {error}.")


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:  # a folder that is gone is not full
        return _LITTLE_BYTES
