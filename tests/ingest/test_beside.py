"""Work on another thread: its answer, its error, and that nothing goes on after it is left."""

from __future__ import annotations

import threading

import pytest

from tokendial.errors import LedgerError
from tokendial.ingest.beside import beside


def test_both_go_on_at_once_and_the_answer_is_there_when_it_is_asked_for() -> None:
    mine, theirs = threading.Event(), threading.Event()

    def work() -> str:
        theirs.set()
        assert mine.wait(10)
        return threading.current_thread().name

    with beside(work) as answer:
        assert theirs.wait(10)
        mine.set()
        assert answer() == answer() == "beside"


def test_what_it_raises_comes_with_the_answer() -> None:
    def work() -> None:
        raise LedgerError("no")

    with beside(work) as answer, pytest.raises(LedgerError, match="no"):
        answer()


@pytest.mark.parametrize("own", [True, False])
def test_it_is_waited_for_whatever_happens(own: bool) -> None:
    over: list[int] = []

    def work() -> None:
        threading.Event().wait(0.1)
        over.append(1)

    def use() -> None:
        with beside(work):
            if own:
                raise OSError("mine")

    if own:
        with pytest.raises(OSError, match="mine"):
            use()
    else:
        use()
    assert over == [1]
