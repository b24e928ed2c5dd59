"""Where the window stood: kept over a restart, forgotten when asked, unknown when it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tokendial.services.ledger import Ledger
from tokendial.services.window_memory import WindowPlace
from tokendial.store import settings as stored

PLACE = WindowPlace(x=-40, y=12, width=900, height=700, maximized=True)


@pytest.fixture
def ledger(data: Path) -> Iterator[Ledger]:
    opened = Ledger(data)
    yield opened
    opened.close()


def reopened(ledger: Ledger) -> WindowPlace | None:
    again = Ledger(ledger.data_dir)
    try:
        return again.window.read()
    finally:
        again.close()


def test_a_place_is_kept_over_a_restart(ledger: Ledger) -> None:
    assert ledger.window.read() is None
    ledger.window.keep(PLACE)
    assert ledger.window.read() == reopened(ledger) == PLACE


def test_nothing_is_remembered_where_that_is_switched_off(ledger: Ledger) -> None:
    ledger.window.keep(PLACE)
    ledger.settings.change({"remember_window": False})
    ledger.window.keep(WindowPlace(width=500, height=500))
    assert ledger.window.read() is None
    ledger.settings.change({"remember_window": True})
    assert ledger.window.read() == PLACE


def test_forgetting_tells_the_window(ledger: Ledger) -> None:
    told: list[WindowPlace | None] = []
    ledger.window.keep(PLACE)
    ledger.window.on_forget(lambda: told.append(ledger.window.read()))
    ledger.window.forget()
    assert told == [None]
    assert reopened(ledger) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"width": "wide", "height": 5}', '{"x": 1, "y": 2}'])
def test_a_damaged_place_is_unknown(ledger: Ledger, text: str) -> None:
    stored.write(ledger.database, "window", text)
    assert ledger.window.read() is None
