"""Reads one log file into records, from its start or from where it was left.

The reader owns what is the same for every provider: whole lines only, identity of the file, size limits, compression.
A block is never more than a few megabytes, so memory does not depend on the size of a file or of a line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from io import FileIO

import msgspec

from tokendial.domain.records import ParsedFile
from tokendial.ingest import archive
from tokendial.providers.base import LogParser, NeedsFullParse, Provider, Unusual
from tokendial.providers.folders import open_file

BLOCK_BYTES = 1 << 20
MAX_LINE_BYTES = 32 << 20
MAX_DOCUMENT_BYTES = 256 << 20
_HEAD_BYTES = 1024
_TAIL_BYTES = 256

# glibc maps a block of this size anew for every read (a third of the whole time goes into page faults) until a larger
# block was freed once; elsewhere this does nothing.
bytes(8 * BLOCK_BYTES)


NO_STATE = b""
"""Of a file whose state is not kept: no parser can read it, so the file is read from its start."""


class Mark(msgspec.Struct, array_like=True):
    """How far a file was read, and digests that tell whether it is still the same."""

    cursor: int
    head_length: int
    head: bytes
    tail: bytes


class Known(Mark, array_like=True):
    """What the ledger remembers of a file: the mark, and the parser's state there."""

    state: bytes


class ReadResult(msgspec.Struct, array_like=True):
    """What a pass over a file gave. `replaces` means that everything known of the file before is void."""

    parsed: ParsedFile
    mark: Mark
    replaces: bool
    bytes_read: int

    @property
    def known(self) -> Known:
        """What to hand in to go on from here."""
        mark = self.mark
        return Known(mark.cursor, mark.head_length, mark.head, mark.tail, self.parsed.state)


class Unreadable(Exception):
    """The file cannot be read now; it is tried again at the next scan."""


def read_file(provider: Provider, path: str, known: Known | None, now_ms: int, *, resumable: bool = True) -> ReadResult:
    """Read what is new in a file, or all of it when it is not the file that was known.

    Without `resumable` the state may be missing, and a file of the usual kind is read by the provider's quick parser.
    Raises Unreadable when it vanished, is locked, is not a regular file, or is a broken archive.
    """
    try:
        with open_file(path) as file:
            if archive.is_compressed(path):
                return _read_archive(provider, path, file, now_ms)
            if provider.logs.is_document(path):
                return _read_document(provider, path, file, known, now_ms)
            if known is None and not resumable and (quick := _read_quickly(provider, path, file, now_ms)):
                return quick
            return _read_plain(provider, path, file, known, now_ms)
    except OSError as error:
        raise _unreadable(error) from error


def holds_no_more(path: str, known: Known) -> bool:
    """Whether a file is, to its last byte, what was read of it. Raises Unreadable as `read_file` does."""
    try:
        with open_file(path) as file:
            return os.fstat(file.fileno()).st_size == known.cursor and _is_same(file, known)
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> Unreadable:
    return Unreadable(error.strerror or type(error).__name__)


def _read_plain(provider: Provider, path: str, file: FileIO, known: Known | None, now_ms: int) -> ReadResult:
    if known is not None and _is_same(file, known):
        try:
            parser = provider.logs.parser(path, now_ms, known.state)
            return _read_on(provider, file, parser, known.cursor, replaces=False)
        except (NeedsFullParse, ValueError):
            pass
    return _read_on(provider, file, provider.logs.parser(path, now_ms, None), 0, replaces=known is not None)


def _read_quickly(provider: Provider, path: str, file: FileIO, now_ms: int) -> ReadResult | None:
    """Read a file of the usual kind; None for any other."""
    if provider.quick_parser is None:
        return None
    try:
        return _read_on(provider, file, provider.quick_parser(path, now_ms), 0, replaces=False)
    except Unusual:
        return None


def _read_on(provider: Provider, file: FileIO, parser: LogParser, start: int, *, replaces: bool) -> ReadResult:
    file.seek(start)
    cursor = feed_lines(parser, iter(lambda: file.read(BLOCK_BYTES), b""), start)
    cursor += _feed_tail(provider, file, parser, cursor)
    parsed = parser.finish()
    return ReadResult(parsed, _mark(file, cursor), replaces, cursor - start)


def _feed_tail(provider: Provider, file: FileIO, parser: LogParser, cursor: int) -> int:
    """Hand over a last line without its newline where it is a whole record already, and return its length."""
    if not 0 < os.fstat(file.fileno()).st_size - cursor <= MAX_LINE_BYTES:
        return 0
    file.seek(cursor)
    rest = file.read(MAX_LINE_BYTES)
    if not rest or b"\n" in rest or not provider.logs.is_whole_record(rest):
        return 0
    parser.feed(rest + b"\n", 0, len(rest) + 1, cursor)
    return len(rest)


def _read_archive(provider: Provider, path: str, file: FileIO, now_ms: int) -> ReadResult:
    """A compressed file is rewritten as a whole when it changes, so it is read as a whole."""
    parser = provider.logs.parser(path, now_ms, None)
    try:
        cursor = feed_lines(parser, archive.blocks(file, BLOCK_BYTES), 0)
    except archive.BrokenArchive as error:
        raise Unreadable(str(error)) from error
    parsed = parser.finish()
    return ReadResult(parsed, Mark(cursor, 0, b"", b""), True, cursor)


def _read_document(provider: Provider, path: str, file: FileIO, known: Known | None, now_ms: int) -> ReadResult:
    """A document is read as a whole each time. What was known goes to its parser, which hands all of it out again."""
    size = os.fstat(file.fileno()).st_size
    try:
        parser = provider.logs.parser(path, now_ms, known.state if known else None)
    except ValueError:
        parser = provider.logs.parser(path, now_ms, None)
    if size > MAX_DOCUMENT_BYTES:
        parser.refuse("document_too_large", 0)
        return ReadResult(parser.finish(), Mark(size, 0, b"", b""), True, 0)
    data = file.readall()
    parser.feed(data, 0, len(data), 0)
    return ReadResult(parser.finish(), Mark(max(len(data), 1), 0, b"", b""), True, len(data))


def feed_lines(parser: LogParser, blocks: Iterator[bytes], start: int) -> int:
    """Hand whole lines to a parser and return the offset after the last of them.

    A line above MAX_LINE_BYTES is passed over and refused; a last line without its newline waits for the next time.
    """
    cursor, rest, skipping = start, b"", 0
    for block in blocks:
        begin = 0
        if skipping or rest:
            begin = block.find(b"\n") + 1
            if not begin:
                rest, skipping = _longer(rest, skipping, block)
                continue
            if skipping:
                parser.refuse("line_too_long", cursor)
                cursor += skipping + begin
            else:
                line = rest + block[:begin]
                parser.feed(line, 0, len(line), cursor)
                cursor += len(line)
            rest, skipping = b"", 0
        end = block.rfind(b"\n") + 1
        if end > begin:
            parser.feed(block, begin, end, cursor - begin)
            cursor += end - begin
        if max(begin, end) < len(block):
            rest = block[max(begin, end) :]
    return cursor


def _longer(rest: bytes, skipping: int, block: bytes) -> tuple[bytes, int]:
    """An unfinished line grows by a block; above the limit only its length is kept."""
    if skipping:
        return b"", skipping + len(block)
    if len(rest) + len(block) > MAX_LINE_BYTES:
        return b"", len(rest) + len(block)
    return rest + block, 0


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _mark(file: FileIO, cursor: int) -> Mark:
    head_length = min(_HEAD_BYTES, cursor)
    file.seek(0)
    head = file.read(head_length)
    tail_start = max(0, cursor - _TAIL_BYTES)
    file.seek(tail_start)
    return Mark(cursor, head_length, _digest(head), _digest(file.read(cursor - tail_start)))


def _is_same(file: FileIO, known: Known) -> bool:
    """Whether the file still begins with, and still has before the cursor, what was read (inode numbers are reused)."""
    if os.fstat(file.fileno()).st_size < known.cursor:
        return False
    if _digest(file.read(known.head_length)) != known.head:
        return False
    tail_start = max(0, known.cursor - _TAIL_BYTES)
    file.seek(tail_start)
    return _digest(file.read(known.cursor - tail_start)) == known.tail
