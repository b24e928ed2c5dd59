"""Line numbers of byte offsets: the ledger keeps offsets, because a reader that resumes does not know its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tokendial.ingest import archive
from tokendial.ingest.reader import BLOCK_BYTES, Unreadable
from tokendial.providers.folders import open_file


def line_numbers(path: Path, offsets: Sequence[int], most: int) -> dict[int, int | None]:
    """The number, from 1, of the line that begins at each of these offsets of the (decompressed) content.

    None where no line begins there: the file has changed since, or `most` bytes do not reach that far. Raises
    Unreadable with the reason.
    """
    wanted = sorted(set(offsets))
    found: dict[int, int | None] = dict.fromkeys(wanted)
    try:
        at, line, last = 0, 1, b"\n"
        for block in content_blocks(path):
            while wanted and wanted[0] < at + len(block):
                place = wanted.pop(0)
                before = block[: place - at]
                if (before[-1:] or last) == b"\n":
                    found[place] = line + before.count(b"\n")
            if not wanted or at >= most:
                break
            at, line, last = at + len(block), line + block.count(b"\n"), block[-1:]
    except (OSError, archive.BrokenArchive) as error:
        raise Unreadable(getattr(error, "strerror", None) or str(error)) from error
    return found


def content_blocks(path: Path) -> Iterator[bytes]:
    """The (decompressed) content of a log. Raises OSError, BrokenArchive."""
    with open_file(str(path)) as file:
        if archive.is_compressed(path.name):
            yield from archive.blocks(file, BLOCK_BYTES)
        else:
            yield from iter(lambda: file.read(BLOCK_BYTES), b"")
