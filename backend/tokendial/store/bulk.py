"""Many rows in few statements: one of many rows takes two thirds of the time of as many with one."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from struct import iter_unpack

from tokendial.domain.records import NO_RESET, ReadingRows
from tokendial.store import links
from tokendial.store.outcomes import ReadFile

_ROWS = 32  # at most 416 values in a statement, where any SQLite allows 999
_WORD_BYTES = 8


def insert_rows(
    connection: sqlite3.Connection, into: str, row: str, rows: Sequence[tuple[object, ...]], also: str = ""
) -> None:
    """Insert rows. `into` stands before VALUES, `row` are the marks of a row, `also` ends the statement."""
    end = len(rows) // _ROWS * _ROWS
    flat = map(tuple, map(chain.from_iterable, zip(*[iter(rows)] * _ROWS, strict=False)))
    connection.executemany(f"{into} VALUES {f'{row}, ' * (_ROWS - 1)} {row} {also}", flat)
    connection.executemany(f"{into} VALUES {row} {also}", rows[end:])


def _insert_words(connection: sqlite3.Connection, into: str, row: str, shape: str, words: array[int]) -> None:
    """The same with rows of words, one after the other; `shape` are the struct codes of a row."""
    packed = memoryview(words).cast("B")
    end = len(words) // (_ROWS * len(shape)) * _ROWS * len(shape) * _WORD_BYTES
    many = f"{row}, " * (_ROWS - 1)
    connection.executemany(f"{into} VALUES {many} {row}", iter_unpack(f"={shape * _ROWS}", packed[:end]))
    connection.executemany(f"{into} VALUES {row}", iter_unpack(f"={shape}", packed[end:]))


def insert_events(connection: sqlite3.Connection, read: Sequence[ReadFile]) -> None:
    """Insert the events of files, in their order."""
    key, time_ms, labels, *counts = _columns((one.parsed.events.packed for one in read), 11)
    sessions, file_ids, label_ids = array("q"), array("q"), array("q")
    flags = counts[-2]
    for one in read:
        rows, done = len(one.parsed.events), len(label_ids)
        if one.alone:
            flags[done : done + rows] = links.marked_alone(flags[done : done + rows])
        sessions += array("q", [one.session]) * rows
        file_ids += array("q", [one.file_id]) * rows
        label_ids.extend(map(one.label_ids.__getitem__, labels[done : done + rows]))
    _insert_words(
        connection,
        "INSERT INTO usage_event (key, session_num, file_id, time_ms, label_id, input, cache_read, cache_write, "
        "cache_write_1h, output, reasoning, flags, offset)",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "qqqqqqqqqqqqq",
        _interleaved(key, sessions, file_ids, time_ms, label_ids, *counts),
    )


def insert_readings(connection: sqlite3.Connection, read: Sequence[tuple[int, ReadingRows, Sequence[int]]]) -> None:
    """Insert the readings of files; each comes with the file's id, and the ids of its series."""
    places, used, resets, time_ms, last_ms = _columns((readings.packed for _, readings, _ in read), 5)
    file_ids, series_ids = array("q"), array("q")
    for file_id, readings, ids in read:
        rows, done = len(readings), len(series_ids)
        file_ids += array("q", [file_id]) * rows
        series_ids.extend(map(ids.__getitem__, places[done : done + rows]))
    _insert_words(
        connection,
        "INSERT OR REPLACE INTO limit_reading (file_id, series_id, time_ms, last_ms, used_percent, resets_at_ms)",
        f"(?, ?, ?, ?, ?, nullif(?, {NO_RESET}))",
        "qqqqdq",
        _interleaved(file_ids, series_ids, time_ms, last_ms, used, resets),
    )


def _columns(packed: Iterable[bytes], width: int) -> list[array[int]]:
    """The columns of packed rows."""
    words = array("q")
    words.frombytes(b"".join(packed))
    return [words[place::width] for place in range(width)]


def _interleaved(*columns: array[int]) -> array[int]:
    """The rows of columns, one after the other."""
    words = array("q", bytes(_WORD_BYTES * len(columns) * len(columns[0])))
    for place, column in enumerate(columns):
        words[place :: len(columns)] = column
    return words
