"""Plain text for terminals: numbers, tables, and log text made harmless."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def safe(text: str) -> str:
    """Log text for a terminal: control and direction characters are shown as escapes (C5)."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def money(exact: str) -> str:
    """Dollars with cents, and four digits below one dollar."""
    amount = Decimal(exact)
    return f"${amount:,.2f}" if abs(amount) >= 1 or amount == 0 else f"${amount:,.4f}"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], footer: Sequence[str] | None = None) -> str:
    """A table with its first column to the left and the others to the right."""
    lines = [list(headers), *map(list, rows)] + ([list(footer)] if footer else [])
    widths = [max(len(line[place]) for line in lines) for place in range(len(headers))]

    def line(cells: Sequence[str]) -> str:
        first = cells[0].ljust(widths[0])
        return "  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))])

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    out = [line(headers), rule, *(line(row) for row in rows)]
    if footer:
        out += [rule, line(footer)]
    return "\n".join(out)
