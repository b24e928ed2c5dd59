"""The compiled reader of usual lines (scan.c), where it was built; without it the parser walks the lines in Python.

It is found beside this file. What it reads is exactly what the parser reads itself, many times faster.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from struct import Struct

OTHER_LINE, TOKEN_COUNT, USAGE_RECORD = 0, 1, 2
OFF = "TOKENDIAL_PURE_PYTHON"  # set to 1: walk in Python

# A record: kind, start and stop of the line, time; then for a TOKEN_COUNT the two vectors, the context window, start
# and stop of the limits' JSON; for a USAGE_RECORD its vector, and in place of the second one start and stop of the
# thread's id and of the response's id.
_LAYOUT = Struct("19q")
_ROOM = 256
_Function = Callable[[bytes, int, int, object, int, object], int]


def library_name() -> str:
    """The file name of the compiled reader on this system."""
    return "_scan.dll" if sys.platform == "win32" else "_scan.so"


def _load() -> _Function | None:
    path = Path(__file__).with_name(library_name())
    if os.environ.get(OFF) == "1" or not path.is_file():
        return None
    try:
        # PyDLL: a call takes microseconds, so it is not worth it to let other threads in.
        function = ctypes.PyDLL(str(path)).tokendial_codex_scan
    except (OSError, AttributeError):  # built for another machine, or for another version
        return None
    function.restype = ctypes.c_int64
    function.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int64,
        ctypes.c_int64,
        ctypes.c_void_p,
        ctypes.c_int64,
        ctypes.POINTER(ctypes.c_int64),
    ]
    return function


_scan = _load()


def available() -> bool:
    """Whether the compiled reader is there."""
    return _scan is not None


class LineScanner:
    """Reads blocks of lines; each parser has its own."""

    def __init__(self) -> None:
        """Raises RuntimeError where the compiled reader is not there."""
        if _scan is None:
            raise RuntimeError("the compiled reader is not there")
        self._scan = _scan
        self._records = ctypes.create_string_buffer(_LAYOUT.size * _ROOM)
        self._view = memoryview(self._records).cast("B")
        self._next = ctypes.c_int64()

    def records(self, block: bytes, start: int, end: int) -> list[tuple[int, ...]]:
        """What matters in the whole lines of `block[start:end]`; positions are places in the block."""
        records: list[tuple[int, ...]] = []
        following = ctypes.byref(self._next)
        while start < end:
            found = self._scan(block, start, end, self._records, _ROOM, following)
            start = self._next.value
            records.extend(_LAYOUT.iter_unpack(self._view[: found * _LAYOUT.size]))
        return records
