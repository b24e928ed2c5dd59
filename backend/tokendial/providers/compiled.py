"""Compiled readers: C functions that were built beside the modules of a provider.

They are called with ctypes, so that one library fits every version of Python. What they count is exactly what the
parser counts itself, many times faster; where none was built everything is read in Python.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OFF = "TOKENDIAL_PURE_PYTHON"  # set to 1: read in Python
CType = type[Any]
Signatures = Mapping[str, tuple[CType | None, list[CType]]]


def library_name() -> str:
    """The file name of a compiled reader on this system."""
    return "_scan.dll" if sys.platform == "win32" else "_scan.so"


def load(folder: Path, prefix: str, signatures: Signatures) -> ctypes.PyDLL | None:
    """A folder's compiled reader with the functions of these names, where it is there and fits this machine.

    `signatures` are the result and the arguments of each function, by its name without the prefix.
    """
    path = folder / library_name()
    if os.environ.get(OFF) == "1" or not path.is_file():
        return None
    try:
        # PyDLL: a call takes microseconds, so it is not worth it to let other threads in.
        library = ctypes.PyDLL(str(path))
        for name, (result, types) in signatures.items():
            function = getattr(library, prefix + name)
            function.restype, function.argtypes = result, types
    except (OSError, AttributeError):  # built for another machine, or for another version
        return None
    return library
