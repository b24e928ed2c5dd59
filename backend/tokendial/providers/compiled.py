"""Compiled readers of usual lines: C functions that were built beside the modules of a provider.

They are called with ctypes, so that one library fits every version of Python. What they read is exactly what the parser
reads itself, many times faster; where none was built everything is read in Python.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from struct import Struct

OFF = "TOKENDIAL_PURE_PYTHON"  # set to 1: read in Python
_ROOM = 256
_Function = Callable[[bytes, int, int, object, int, object], int]
Record = tuple[int, ...]


def library_name() -> str:
    """The file name of a compiled reader on this system."""
    return "_scan.dll" if sys.platform == "win32" else "_scan.so"


def load(folder: Path, name: str) -> _Function | None:
    """The function of this name in a folder's compiled reader, where both are there and fit this machine."""
    path = folder / library_name()
    if os.environ.get(OFF) == "1" or not path.is_file():
        return None
    try:
        # PyDLL: a call takes microseconds, so it is not worth it to let other threads in.
        function = getattr(ctypes.PyDLL(str(path)), name)
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
    return function  # type: ignore[no-any-return]  # what ctypes finds has no type


class RecordReader:
    """Calls a compiled reader on blocks of lines; each parser has its own."""

    def __init__(self, function: _Function, fields: int) -> None:
        """`fields` is how many 64-bit integers one record of the function has."""
        self._function = function
        self._layout = Struct(f"{fields}q")
        self._records = ctypes.create_string_buffer(self._layout.size * _ROOM)
        self._view = memoryview(self._records).cast("B")
        self._next = ctypes.c_int64()

    def records(self, block: bytes, start: int, end: int) -> list[Record]:
        """What matters in the whole lines of `block[start:end]`; positions are places in the block."""
        records: list[Record] = []
        following = ctypes.byref(self._next)
        while start < end:
            found = self._function(block, start, end, self._records, _ROOM, following)
            start = self._next.value
            records.extend(self._layout.iter_unpack(self._view[: found * self._layout.size]))
        return records
