"""Two things at a time, where one of them needs no Python."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")


@contextmanager
def beside(work: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Do `work` on another thread meanwhile. What it makes, or raises, comes when the answer is asked for.

    The end of `with` waits for it, whatever happened: nobody forks or closes anything beside it.
    """
    made: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:  # raised where the answer is asked for
            failed.append(error)

    thread = threading.Thread(target=run, name="beside", daemon=True)
    thread.start()

    def answer() -> _T:
        thread.join()
        if failed:
            raise failed[0]
        return made[0]

    try:
        yield answer
    finally:
        thread.join()
