"""The quick parser of Codex beside its parser."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tokendial.domain.records import ParsedFile, ReadingRecord, ReadingRows
from tokendial.ingest.reader import feed_lines
from tokendial.providers.base import Unusual
from tokendial.providers.codex import CODEX


def read_quickly(blocks: Iterable[bytes], name: str, now_ms: int) -> ParsedFile | None:
    """What the quick parser finds; None where the file is not of the usual kind."""
    assert CODEX.quick_parser is not None
    try:
        parser = CODEX.quick_parser(name, now_ms)
        feed_lines(parser, iter(blocks), 0)
        return parser.finish()
    except Unusual:
        return None


def assert_equal(found: ParsedFile, other: ParsedFile) -> None:
    """All that two parsers found, but for the state of one of them, and the order in which limits changed."""
    assert sorted(found.readings, key=_when) == sorted(other.readings, key=_when)
    none = ReadingRows()
    assert msgspec.structs.replace(found, readings=none, state=b"") == msgspec.structs.replace(
        other, readings=none, state=b""
    )


def _when(reading: ReadingRecord) -> tuple[int, int]:
    return reading.time_ms, reading.window_minutes
