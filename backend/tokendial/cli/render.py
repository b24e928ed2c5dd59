"""Plain text for terminals: numbers, tables, and log text made harmless."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from tokendial.domain.visible import with_escapes


def safe(text: str) -> str:
    """Log text for a terminal: control and direction characters are shown as escapes (C5)."""
    return with_escapes(text)


def json_text(answer: object) -> str:
    """An answer as JSON, in which such characters are escapes of JSON: they mean the same (C5)."""
    return lines_of(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode())


def printable(text: str) -> str:
    """A file that is printed: as it is, but on a terminal as lines that move nothing (C5)."""
    return lines_of(text.replace("\r\n", "\n")) if sys.stdout.isatty() else text


def lines_of(text: str) -> str:
    """Several lines, of which only the ends stay what they are (C5)."""
    return "\n".join(map(with_escapes, text.split("\n")))


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
