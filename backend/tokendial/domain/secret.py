"""A value that no text shows: credentials of other programs, held as short as possible."""

from __future__ import annotations

from typing import NoReturn, final

_MASK = "***"


@final
class Secret:
    """Holds a credential. Every way to print, format, compare by text or serialise it gives `***` or fails."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep a value that must not be shown."""
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        """Three asterisks."""
        return _MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Three asterisks, whatever the format."""
        return _MASK

    def __reduce__(self) -> NoReturn:
        """No pickle, no copy. Raises TypeError."""
        raise TypeError("A secret is not written anywhere.")
