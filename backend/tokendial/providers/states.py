"""The resumable state of a parser as bytes: what all of them have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec


class Versioned(Protocol):
    """A state that knows by which version of its parser it was written."""

    @property
    def version(self) -> int:
        """The version."""


State = TypeVar("State", bound=Versioned)


def load_state(decode: Callable[[bytes], State], blob: bytes, version: int) -> State:
    """The state as it was saved. Raises ValueError for what is none, and for another version."""
    try:
        state = decode(blob)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    if state.version != version:
        raise ValueError(f"state version {state.version}")
    return state
