"""Text in CSV files that no spreadsheet takes for a formula (C3)."""

from __future__ import annotations

_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def csv_cell(text: str) -> str:
    """Log text for a cell. Numbers are no text: they are written as they are."""
    return f"'{text}" if text.startswith(_FORMULA) else text
