"""Reads whole rollouts of the usual kind in the compiled reader (quick.h), without a step of Python for each line."""

from __future__ import annotations

import ctypes

import msgspec

from tokendial.domain.clock import EARLIEST_MS, latest_plausible
from tokendial.domain.records import ParsedFile
from tokendial.providers.base import Unusual
from tokendial.providers.codex.identity import thread_id_of, uuid7_ms
from tokendial.providers.codex.library import BANDS, LIBRARY, NONE

_decode = msgspec.msgpack.Decoder(ParsedFile).decode


class QuickParser:
    """Finds what CodexParser finds, or raises Unusual; no state to go on from comes with it."""

    def __init__(self, stem: str, now_ms: int) -> None:
        """`stem` is the file's name without its suffixes. Raises Unusual for a name without an id."""
        thread = thread_id_of(stem)
        if LIBRARY is None or thread is None:
            raise Unusual
        born_ms, name = uuid7_ms(thread), thread.encode()
        self._library = LIBRARY
        self._address = LIBRARY.tokendial_codex_quick_open(
            BANDS, len(BANDS), name, len(name), NONE if born_ms is None else born_ms, EARLIEST_MS,
            latest_plausible(now_ms),
        )  # fmt: skip
        if not self._address:
            raise MemoryError

    def __del__(self) -> None:
        """Give the memory back."""
        if getattr(self, "_address", None):
            self._library.tokendial_codex_quick_close(self._address)

    def feed(self, block: bytes, start: int, end: int, base: int) -> None:
        """Take the whole lines in `block[start:end]`; the block begins at byte `base`. Raises Unusual."""
        if not self._library.tokendial_codex_quick_read(self._address, block, start, end, base):
            raise Unusual

    def refuse(self, reason: str, offset: int) -> None:
        """A file with such a line is not usual: raises Unusual."""
        raise Unusual

    def finish(self) -> ParsedFile:
        """What was found. Raises Unusual."""
        packed = ctypes.c_void_p()
        length = self._library.tokendial_codex_quick_finish(self._address, ctypes.byref(packed))
        if not length:
            raise Unusual
        return _decode(ctypes.string_at(packed, length))
