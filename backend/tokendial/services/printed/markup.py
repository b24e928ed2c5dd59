"""Markup from text: everything goes through here, so that no name of a log can become a tag (C5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

LONGEST = 160
# Control and direction characters would hide or turn around what stands beside them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


class Column(NamedTuple):
    """A column of a table; figures stand to the right."""

    name: str
    is_figure: bool = True


def text(value: str) -> Html:
    """Any text as markup: cut where it is absurdly long, with unseen characters shown by their number."""
    cut = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    return Html(escape(_UNSEEN.sub(lambda match: f"[U+{ord(match.group()):04X}]", cut)))


def tag(name: str, content: str | Html, **attributes: str) -> Html:
    """An element; content that is not markup is escaped, and so is every attribute (`class_` is `class`)."""
    inner = content if isinstance(content, Html) else text(content)
    return Html(f"<{name}{_attributes(attributes)}>{inner}</{name}>")


def void(name: str, **attributes: str) -> Html:
    """An element without content; `_` in a name stands for `-`."""
    return Html(f"<{name}{_attributes(attributes)}/>")


def joined(parts: Iterable[str | Html]) -> Html:
    """Several pieces of markup, one after another."""
    return Html("".join(part if isinstance(part, Html) else text(part) for part in parts))


def table(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[str | Html]], foot: Sequence[str | Html]
) -> Html:
    """A table with its caption; `foot` is the row of totals, or empty."""
    head = tag("tr", joined(tag("th", column.name, **_cell(column), scope="col") for column in columns))
    body = joined(_row(columns, row) for row in rows)
    last = tag("tfoot", _row(columns, foot)) if foot else Html()
    return tag("table", joined([tag("caption", name), tag("thead", head), tag("tbody", body), last]))


def _row(columns: Sequence[Column], cells: Sequence[str | Html]) -> Html:
    return tag("tr", joined(tag("td", cell, **_cell(column)) for column, cell in zip(columns, cells, strict=True)))


def _cell(column: Column) -> dict[str, str]:
    return {"class_": "figure"} if column.is_figure else {"class_": "name"}


def _attributes(given: dict[str, str]) -> str:
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in given.items())
    return "".join(f' {name}="{escape(_UNSEEN.sub("", value))}"' for name, value in named)
