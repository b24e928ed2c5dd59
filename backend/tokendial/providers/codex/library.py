"""The C functions of scan.c with their types, and what they share with Python."""

from __future__ import annotations

import ctypes
from pathlib import Path

from tokendial.domain.pricing import LONG_CONTEXT_BANDS
from tokendial.providers.compiled import Signatures, load

KINDS = ("counted", "duplicate", "copied", "estimate", "paired", "gap", "clamped")
VECTOR = ctypes.c_int64 * 6
_POINTER, _NUMBER, _BYTES = ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p


class Rows(ctypes.Structure):
    """`struct rows`: things in the order in which they came."""

    _fields_ = [("items", ctypes.c_void_p), ("count", ctypes.c_int64), ("room", ctypes.c_int64)]


class Set(ctypes.Structure):
    """`struct set`."""

    _fields_ = [("rows", Rows), ("slots", ctypes.c_void_p), ("mask", ctypes.c_int64)]


class Found(ctypes.Structure):
    """Where reading stopped, and what for."""

    _fields_ = [(name, ctypes.c_int64) for name in ("start", "stop", "time_ms", "next")]


class Window(ctypes.Structure):
    """`struct window`: a window of the limits that is being watched."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("minutes", "series", "resets_ms", "time_ms", "last_ms", "changed")),
        ("used", ctypes.c_double),
    ]


class Core(ctypes.Structure):
    """`struct core` of counter.h."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("earliest_ms", "latest_ms", "copied", "review", "by_reference", "base")),
        *((name, ctypes.c_int64) for name in ("context_window", "facts_window", "last_line_ms", "started_ms")),
        *((name, ctypes.c_int64) for name in ("last_seen_ms", "context_used", "repeated_ms", "has_previous")),
        ("previous", VECTOR),
        ("tallies", ctypes.c_int64 * (2 * len(KINDS))),
        *((name, Rows) for name in ("events", "sums", "labels", "pending")),
        *((name, Set) for name in ("seen", "responses")),
        *((name, Rows) for name in ("bands", "thread", "limits", "context", "limits_before", "limits_after")),
        *((name, Rows) for name in ("readings", "prompts")),
        ("windows", Window * 2),
        *((name, ctypes.c_int64) for name in ("limits_known", "context_base", "label", "failed")),
    ]


_SIGNATURES: Signatures = {
    "size": (_NUMBER, []),
    "open": (_POINTER, [_POINTER, _NUMBER]),
    "close": (None, [_POINTER]),
    "thread": (None, [_POINTER, _BYTES, _NUMBER]),
    "load": (None, [_POINTER, _BYTES, _NUMBER, _BYTES, _NUMBER]),
    "pending": (None, [_POINTER, _POINTER]),
    "limits": (_NUMBER, [_POINTER, _BYTES, _NUMBER, _NUMBER]),
    "context": (None, [_POINTER, _BYTES, _NUMBER, _NUMBER]),
    "count": (None, [_POINTER, _POINTER, _POINTER, _NUMBER, _NUMBER, _NUMBER]),
    "response": (None, [_POINTER, _NUMBER, _POINTER, _NUMBER, _NUMBER]),
    "read": (_NUMBER, [_POINTER, _BYTES, _NUMBER, _NUMBER, _NUMBER, _POINTER]),
    "quick_open": (_POINTER, [_POINTER, _NUMBER, _BYTES, _NUMBER, _NUMBER, _NUMBER, _NUMBER]),
    "quick_close": (None, [_POINTER]),
    "quick_read": (_NUMBER, [_POINTER, _BYTES, _NUMBER, _NUMBER, _NUMBER]),
    "quick_finish": (_NUMBER, [_POINTER, _POINTER]),
}


def _load() -> ctypes.PyDLL | None:
    library = load(Path(__file__).parent, "tokendial_codex_", _SIGNATURES)
    return library if library is not None and library.tokendial_codex_size() == ctypes.sizeof(Core) else None


LIBRARY = _load()
BANDS = (ctypes.c_int64 * len(LONG_CONTEXT_BANDS))(*LONG_CONTEXT_BANDS)
NONE = -(1 << 63)  # of a number: there is none


def available() -> bool:
    """Whether the compiled reader is there."""
    return LIBRARY is not None
