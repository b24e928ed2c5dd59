"""The look at a ledger's pages beside the loading of whoever opens it: on another core, where it costs no time.

Only a good verdict on the very same files counts; in any other case the ledger is looked at when it is opened.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from tokendial.errors import LedgerError
from tokendial.store.peek import peek

QUICKLY_CHECKED_PAGES = 20_000  # larger ones are checked when they are suspect, and by `doctor`
_State = tuple[tuple[int, int, int] | None, ...]


class _Check:
    """A look that was begun."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = _state(path)
        self._is_good = False
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        with suppress(LedgerError, OSError), peek(self._path) as connection:
            if connection.execute("PRAGMA page_count").fetchone()[0] < QUICKLY_CHECKED_PAGES:
                self._is_good = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"

    def passed(self) -> bool:
        self._thread.join()
        return self._is_good and self._state == _state(self._path)


_begun: dict[Path, _Check] = {}


def begin(path: Path) -> None:
    """Begin to look at a ledger that is about to be opened; one that is not there is left alone."""
    if path.exists():
        _begun[path] = _Check(path)


def passed(path: Path) -> bool:
    """Whether a look was begun and found everything in order, and nothing was written since. Asked once."""
    check = _begun.pop(path, None)
    return check is not None and check.passed()


def _state(path: Path) -> _State:
    """What changes when something is written: of the file and of its write-ahead log, which may be there and empty."""
    return tuple(_written(one) for one in (path, path.with_name(f"{path.name}-wal")))


def _written(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else None
