"""The compiled reader (scan.c), where it was built: its functions, and what Python and C share of a file."""

from __future__ import annotations

import ctypes
from pathlib import Path

from tokendial.providers.compiled import load

# What has to be done before the next line: read it, take its time, tell what was gathered, know its context, know the
# label of a prompt of this size.
DONE, LINE, BIRTH, SETTLE, CONTEXT, LABEL = range(6)
BANDS, LONGEST_UUID = 16, 64
# The texts of a context.
TEXTS = (
    "sessionId", "cwd", "gitBranch", "version", "entrypoint", "effort", "agentId", "attributionAgent", "model",
    "service_tier", "speed", "inference_geo",
)  # fmt: skip
_NUMBER = ctypes.c_int64


class Numbers(ctypes.Structure):
    """Things in the order in which they came."""

    _fields_ = [("items", ctypes.c_void_p), ("count", _NUMBER), ("room", _NUMBER)]

    def content(self, width: int) -> bytes:
        """All of them, each of so many bytes."""
        return ctypes.string_at(self.items, self.count * width) if self.count else b""


class WideTally(ctypes.Structure):
    """How many records fell into a class, and their tokens, which may need more than 63 bits."""

    _fields_ = [("records", _NUMBER), ("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


class Book(ctypes.Structure):
    """`struct book` of book.h, which says what the fields are."""

    _fields_ = [
        *((name, _NUMBER) for name in ("earliest_ms", "latest_ms", "copied_before_ms")),
        *((name, _NUMBER) for name in ("waits", "wants_birth", "has_context", "is_unreadable")),
        ("flags", _NUMBER * 2),
        ("bands", _NUMBER * BANDS),
        ("band_count", _NUMBER),
        ("labels", _NUMBER * (BANDS + 1)),
        *((name, _NUMBER) for name in ("prompt", "band")),
        *((name, _NUMBER) for name in ("lines", "is_copied", "low_ms", "high_ms", "last_prompt", "uuid_length")),
        ("uuid", ctypes.c_char * LONGEST_UUID),
        *((name, WideTally) for name in ("repeated", "counted", "lower_bound")),
        ("searches", _NUMBER),
        ("failed", _NUMBER),
        *((name, Numbers) for name in ("rows", "touched", "events", "sums", "revised", "state")),
        ("slots", ctypes.c_void_p),
        ("mask", _NUMBER),
    ]


class Report(ctypes.Structure):
    """`struct report` of scan.c: positions in the block; texts have start and stop, -1 where there is none."""

    _fields_ = [
        *((name, _NUMBER) for name in ("start", "stop", "next", "time_ms", "is_side")),
        ("texts", _NUMBER * (2 * len(TEXTS))),
    ]


def _load() -> ctypes.PyDLL | None:
    place = ctypes.c_void_p
    library = load(
        Path(__file__).parent,
        "tokendial_claude_",
        {
            "size": (_NUMBER, []),
            "open": (place, []),
            "close": (None, [place]),
            "load": (None, [place, place]),
            "hold": (_NUMBER, [place, place]),
            "label": (None, [place, _NUMBER, _NUMBER]),
            "read": (_NUMBER, [place, ctypes.c_char_p, _NUMBER, _NUMBER, _NUMBER, place]),
            "settle": (None, [place]),
            "dump": (None, [place]),
        },
    )
    return library if library is not None and library.tokendial_claude_size() == ctypes.sizeof(Book) else None


library = _load()


def available() -> bool:
    """Whether the compiled reader is there."""
    return library is not None
