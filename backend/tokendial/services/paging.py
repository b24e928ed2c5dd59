"""Pages by key: a place is a row that a page begins after or ends before, so rows that come or go move no other row.

A place goes to the client as text and comes back unchanged; one that no page named is refused.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from tokendial.errors import BadRequest

MAX_PAGE = 500
LAST = "last"
_LONGEST = 20_000


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A page after a row, or before it; what names the row is added by each list."""

    direction: Literal["after", "before"]


_P = TypeVar("_P", bound=Place)


def written(place: Place) -> str:
    """A place as text."""
    return msgspec.json.encode(place).decode()


def place_of(text: str | None, kind: type[_P]) -> _P | None:
    """The place that a request names; None for the first and the last page. Raises BadRequest."""
    if text is None or text == LAST:
        return None
    try:
        if len(text) > _LONGEST:
            raise no_such_page()
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise no_such_page() from error


def no_such_page() -> BadRequest:
    """The error for a place that no page named."""
    return BadRequest("There is no such page.", field="at")


def check_limit(limit: int) -> None:
    """Raises BadRequest for a page of no rows or of too many."""
    if not 1 <= limit <= MAX_PAGE:
        raise BadRequest(f"A page has 1 to {MAX_PAGE} rows.", field="limit")


def last_length(total: int, limit: int) -> int:
    """How many rows the last page has where all before it are full."""
    return total % limit or min(total, limit)
