"""Remembering the window's place, without a window: what its events and a look at it come to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tokendial.desktop import keeper as module
from tokendial.desktop.keeper import PlaceKeeper
from tokendial.services.ledger import Ledger
from tokendial.services.window_memory import WindowPlace

OPENED = WindowPlace(x=100, y=80, width=900, height=700)


class Events:
    """pywebview's events, told in this thread."""

    def __init__(self) -> None:
        self.events = SimpleNamespace(
            **{name: [] for name in ("moved", "resized", "maximized", "restored", "minimized", "closing")}
        )
        for name in vars(self.events):
            setattr(self.events, name, _Event())

    def tell(self, name: str, *values: float) -> None:
        getattr(self.events, name).tell(*values)


class _Event:
    def __init__(self) -> None:
        self.items: list = []

    def __iadd__(self, item: object) -> _Event:
        self.items.append(item)
        return self

    def tell(self, *values: float) -> None:
        for item in self.items:
            item(*values)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing settles by itself here."""
    monkeypatch.setattr(module, "SETTLE_SECONDS", 600)


def following(ledger: Ledger, look: object = None) -> tuple[PlaceKeeper, Events]:
    keeper, window = PlaceKeeper(ledger.window, OPENED, look), Events()  # type: ignore[arg-type]  # a stand-in
    keeper.follow(window)  # type: ignore[arg-type]  # a stand-in
    return keeper, window


def test_closing_remembers_the_last_place(ledger: Ledger) -> None:
    keeper, window = following(ledger)
    window.tell("moved", 10.4, 20.0)
    window.tell("resized", 800, 600)
    assert ledger.window.read() is None
    window.tell("closing")
    assert ledger.window.read() == WindowPlace(x=10, y=20, width=800, height=600)
    keeper.stop()


def test_a_place_settles_by_itself(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SETTLE_SECONDS", 0.01)
    kept, real = threading.Event(), ledger.window.keep
    monkeypatch.setattr(ledger.window, "keep", lambda place: (real(place), kept.set()))
    keeper, window = following(ledger)
    for x in range(5):
        window.tell("moved", x, 1)
    assert kept.wait(5)
    assert ledger.window.read() == WindowPlace(x=4, y=1, width=900, height=700)
    keeper.stop()


def test_the_size_of_a_maximised_window_is_not_that_of_the_window(ledger: Ledger) -> None:
    keeper, window = following(ledger)
    window.tell("moved", 0, 0)
    window.tell("resized", 1920, 1080)
    window.tell("maximized")
    window.tell("closing")
    assert ledger.window.read() == WindowPlace(x=100, y=80, width=900, height=700, maximized=True)
    window.tell("restored")
    window.tell("resized", 901, 701)
    window.tell("closing")
    assert ledger.window.read() == WindowPlace(x=100, y=80, width=901, height=701)
    keeper.stop()


def test_a_minimised_window_is_nowhere(ledger: Ledger) -> None:
    keeper, window = following(ledger)
    window.tell("minimized")
    window.tell("moved", -32000, -32000)
    window.tell("closing")
    assert ledger.window.read() is None
    keeper.stop()


def test_a_look_counts_more_than_the_events(ledger: Ledger) -> None:
    seen: list[WindowPlace | None] = [WindowPlace(x=5, y=6, width=700, height=650, maximized=True)]
    keeper, window = following(ledger, lambda: seen[0])
    window.tell("resized", 1400, 1000)
    window.tell("closing")
    assert ledger.window.read() == seen[0]
    seen[0] = None
    window.tell("moved", 1, 1)
    window.tell("closing")
    assert ledger.window.read() == WindowPlace(x=5, y=6, width=700, height=650, maximized=True)
    keeper.stop()


def test_a_ledger_that_is_closed_never_keeps_the_window_open(ledger: Ledger) -> None:
    keeper, window = following(ledger)
    window.tell("moved", 1, 2)
    ledger.close()
    window.tell("closing")
    keeper.stop()
