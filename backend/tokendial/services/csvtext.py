"""CSV files in which no spreadsheet takes log text for a formula (C3)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
# Where a spreadsheet that separates by something else than commas begins a cell; it may begin with quotes.
_LATER = re.compile(r"""(?<=[;\t\r\n])(?=["']*[=+\-@＝＋－＠])""")
_OTHER_SEPARATORS = re.compile(r"[;\t]")


def csv_cell(text: str) -> str:
    """Log text for a cell. Numbers are no text: they are written as they are."""
    harmless = _LATER.sub("'", text)
    return f"'{harmless}" if text.startswith(_FORMULA) else harmless


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """RFC 4180: commas, CRLF, quotes where they are needed, a line of names first; texts are made harmless.

    A row with a semicolon or a tab is quoted as a whole: many spreadsheets separate there, too.
    """
    plain = csv.writer(file, lineterminator="\r\n")
    quoted = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    plain.writerow(columns)
    for row in rows:
        cells = [cell if isinstance(cell, int) else csv_cell(cell) for cell in row]
        apart = any(isinstance(cell, str) and _OTHER_SEPARATORS.search(cell) for cell in cells)
        (quoted if apart else plain).writerow(cells)
