"""Compressed logs: streamed, with a cap on what may come out of them."""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO

MAX_OUTPUT_BYTES = 4 << 30
_MAX_RATIO = 500
_RATIO_APPLIES_ABOVE = 64 << 20
_LARGE = 4
_PIECE_BYTES = 2048  # a hostile piece of this size unpacks to 64 MB at most


class BrokenArchive(Exception):
    """The archive is damaged, cut short, or holds absurdly much."""


def is_compressed(path: str) -> bool:
    """Whether a log is a zstandard archive, by its name."""
    return path.endswith(".zst")


def blocks(file: FileIO, size: int) -> Iterator[bytes]:
    """The decompressed content in blocks of about `size` bytes. Raises BrokenArchive, also for one cut short."""
    produced, consumed, waiting, held = 0, 0, list[bytes](), 0
    for piece, consumed in _pieces(file):
        produced += len(piece)
        if produced > MAX_OUTPUT_BYTES or (produced > _RATIO_APPLIES_ABOVE and produced > consumed * _MAX_RATIO):
            raise BrokenArchive("the archive unpacks to more than any log")
        if len(piece) > _LARGE * size:  # never copied as a whole
            if held:
                yield b"".join(waiting)
                waiting, held = [], 0
            yield from (piece[at : at + size] for at in range(0, len(piece), size))
            continue
        waiting.append(piece)
        held += len(piece)
        if held >= size:
            yield b"".join(waiting)
            waiting, held = [], 0
    if held:
        yield b"".join(waiting)


def _pieces(file: FileIO) -> Iterator[tuple[bytes, int]]:
    """Decompressed pieces, each with the number of compressed bytes read so far; frames may follow one another."""
    import zstandard  # noqa: PLC0415 - few logs are compressed

    frame = zstandard.ZstdDecompressor().decompressobj()
    started, consumed = True, 0  # an archive of no bytes is cut short as well
    try:
        while data := file.read(_PIECE_BYTES):
            consumed += len(data)
            while data:
                started = True
                yield frame.decompress(data), consumed
                data = frame.unused_data if frame.eof else b""
                if frame.eof:
                    frame, started = zstandard.ZstdDecompressor().decompressobj(), False
    except zstandard.ZstdError as error:
        raise BrokenArchive("the archive is damaged") from error
    if started:
        raise BrokenArchive("the archive is cut short")
