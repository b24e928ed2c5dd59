"""Single records of a log, read where they stand: never a whole file, except what lies before a place in an archive."""

from __future__ import annotations

from collections.abc import Iterable
from io import FileIO
from typing import NamedTuple

from tokendial.ingest import archive
from tokendial.ingest.reader import BLOCK_BYTES, MAX_LINE_BYTES, Unreadable
from tokendial.providers.folders import open_file

SLACK_BYTES = 1024  # a line that was mended before it was read may be longer in the file


class Place(NamedTuple):
    """Where a record begins in the (decompressed) content, and how long it was when it was read."""

    offset: int
    length: int


class TooMuch(Exception):
    """More would have to be read than may be."""


class Budget:
    """How many bytes may still be read, together and of one record."""

    def __init__(self, total: int, record: int = MAX_LINE_BYTES) -> None:
        """Nothing is read yet."""
        self._left, self._record = total, record

    def take(self, count: int) -> None:
        """Take them, or raise TooMuch and take nothing."""
        if count > self._left:
            raise TooMuch
        self._left -= count

    def fits(self, place: Place) -> bool:
        """Whether a record of this length may be read at all."""
        return place.length <= self._record


def read_records(path: str, places: Iterable[Place], budget: Budget) -> dict[Place, bytes]:
    """What stands at these places, each with a little that follows; a file that is shorter gives less.

    A place that takes more than the budget is left out. Raises FileNotFoundError, or Unreadable with the reason.
    """
    wanted = sorted({place for place in places if budget.fits(place)})
    try:
        with open_file(path) as file:
            read = _from_archive if archive.is_compressed(path) else _from_plain
            return read(file, wanted, budget)
    except FileNotFoundError:
        raise
    except (OSError, archive.BrokenArchive) as error:
        raise Unreadable(getattr(error, "strerror", None) or str(error)) from error


def _from_plain(file: FileIO, wanted: list[Place], budget: Budget) -> dict[Place, bytes]:
    found: dict[Place, bytes] = {}
    for place in wanted:
        try:
            budget.take(place.length)
        except TooMuch:
            continue
        file.seek(place.offset)
        found[place] = file.read(place.length + SLACK_BYTES)
    return found


def _from_archive(file: FileIO, wanted: list[Place], budget: Budget) -> dict[Place, bytes]:
    pieces: dict[Place, list[bytes]] = {}
    last = max((place.offset + place.length + SLACK_BYTES for place in wanted), default=0)
    at = 0
    for block in archive.blocks(file, BLOCK_BYTES):
        try:
            budget.take(len(block))
        except TooMuch:
            return {place: b"".join(held) for place, held in pieces.items() if place.offset + place.length <= at}
        for place in wanted:
            start, stop = place.offset - at, place.offset + place.length + SLACK_BYTES - at
            if start < len(block) and stop > 0:
                pieces.setdefault(place, []).append(block[max(start, 0) : stop])
        at += len(block)
        if at >= last:
            break
    return {place: b"".join(pieces.get(place, ())) for place in wanted}
