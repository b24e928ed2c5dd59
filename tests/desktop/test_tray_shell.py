"""The tray without a toolkit: when closing hides, what follows the ledger, and when the window is given back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.api.support import FakeApplication

from tokendial.api.events import EventHub
from tokendial.desktop.tray import shell as module
from tokendial.desktop.tray.hosts import STARTING
from tokendial.desktop.tray.icon import LateIcon, Menu
from tokendial.desktop.tray.shell import TrayShell, TraySource, widget_entry
from tokendial.errors import Unavailable
from tokendial.services.ledger import Ledger
from tokendial.services.tray_words import TrayFace, TrayLine


class Icon:
    def __init__(self) -> None:
        self.reason: str | None = None
        self.faces: list[TrayFace] = []
        self.menu: Menu = ()
        self.stopped = False

    def show(self, face: TrayFace, menu: Menu, on_click: Callable[[], None]) -> None:
        self.faces.append(face)
        self.menu = menu
        self.click = on_click

    def why_not(self) -> str | None:
        return self.reason

    def stop(self) -> None:
        self.stopped = True

    def labels(self) -> list[str]:
        return [item.label for item in self.menu if item]

    def choose(self, label: str) -> None:
        next(item for item in self.menu if item and item.label == label).action()


class Window:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.shown = True
        self.ending = False

    def is_shown(self) -> bool:
        return self.shown

    def show(self) -> None:
        self.shown = True
        self.done.append("show")

    def minimize(self) -> None:
        self.done.append("minimize")

    def hide(self) -> None:
        self.shown = False
        self.done.append("hide")

    def must_end(self) -> bool:
        return self.ending

    def end(self) -> None:
        self.done.append("end")


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(module, "LOST_SECONDS", 0.02)
    monkeypatch.setattr(module, "HOST_WAIT_SECONDS", 0.5)
    ledger = Ledger(tmp_path)
    application, icon, window = FakeApplication(), Icon(), Window()
    looks: list[float] = []

    def face() -> TrayFace:
        looks.append(time.monotonic())
        line = TrayLine("codex", "provider/codex", f"Codex: look {len(looks)}")
        return TrayFace(percent=1.0, level="ok", tooltip=f"look {len(looks)}", lines=(line,))

    shell = TrayShell(application, TraySource(face, ledger.settings), icon, window)  # type: ignore[arg-type]
    yield SimpleNamespace(
        shell=shell, icon=icon, window=window, ledger=ledger, looks=looks, hub=application.hub, application=application
    )
    shell.stop()
    ledger.close()


def until(met: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_closing_hides_only_where_that_was_chosen_and_a_tray_is_there(seat: SimpleNamespace) -> None:
    assert seat.shell.closing() is None
    seat.ledger.settings.change({"close_to_tray": True})
    seat.icon.reason = "no tray"
    assert seat.shell.closing() is None
    assert seat.window.done == []
    seat.icon.reason = None
    seat.window.ending = True  # the session of Windows
    assert seat.shell.closing() is None
    seat.window.ending = False
    assert seat.shell.closing() is False
    assert seat.window.done == ["hide"]
    seat.shell.quit()
    assert seat.shell.closing() is None
    assert seat.window.done == ["hide", "end"]


def test_closing_hides_too_while_the_icon_is_being_made(seat: SimpleNamespace) -> None:
    seat.ledger.settings.change({"close_to_tray": True})
    seat.icon.reason = STARTING
    assert seat.shell.closing() is False
    assert seat.window.done == ["hide"]
    seat.shell.start(hidden=False)
    until(lambda: seat.window.done == ["hide", "show"])  # it never came


@pytest.mark.parametrize("name", ["usage-updated", "limits-updated"])
def test_every_change_of_the_figures_is_shown(seat: SimpleNamespace, name: str) -> None:
    seat.shell.start(hidden=False)
    until(lambda: seat.icon.faces)
    for _ in range(3):
        before = len(seat.looks)
        seat.hub.publish(name)
        until(lambda before=before: len(seat.looks) > before)
        until(lambda: seat.icon.faces[-1].tooltip == f"look {len(seat.looks)}")
    assert "Codex: look" in seat.icon.labels()[1]


def test_nothing_is_read_between_events_but_once_a_minute(
    seat: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.shell.start(hidden=False)
    until(lambda: seat.looks)
    seat.hub.publish("alert", module.Alert("a", "b"))
    time.sleep(0.2)
    assert len(seat.looks) == 1
    monkeypatch.setattr(module, "TICK_SECONDS", 0.05)
    seat.hub.publish("usage-updated")
    until(lambda: len(seat.looks) >= 4)


def test_a_refresh_from_the_tray_is_shown_when_it_is_done(seat: SimpleNamespace) -> None:
    seat.shell.start(hidden=False)
    until(lambda: seat.icon.faces)
    before = len(seat.looks)
    seat.icon.choose("Refresh")
    assert [name for name, _ in seat.application.calls] == ["refresh"]
    assert len(seat.looks) > before
    assert seat.icon.faces[-1].tooltip.startswith("look")


def test_what_fails_is_said_in_the_window(seat: SimpleNamespace) -> None:
    seat.application.answers["open_logs"] = Unavailable("There is no folder.")
    with seat.hub.subscribe() as told:
        seat.shell.start(hidden=False)
        until(lambda: seat.icon.faces)
        seat.window.shown = False
        seat.icon.choose("Open logs")
        event = told.get(5)
    assert event is not None and event.payload.message == "There is no folder."  # type: ignore[attr-defined]
    assert seat.window.done == ["show"]


def test_the_entries_open_pages_and_the_settings(seat: SimpleNamespace) -> None:
    seat.shell.start(hidden=False)
    until(lambda: seat.icon.faces)
    with seat.hub.subscribe() as told:
        seat.icon.choose(seat.icon.labels()[1])
        page = told.get(5)
        seat.icon.choose("Settings")
        settings = told.get(5)
    assert page is not None and page.payload == module.Navigate("provider/codex", None)
    assert settings is not None and settings.payload == module.Navigate(None, "")
    seat.icon.click()
    assert seat.icon.labels()[0] == "Show window"
    seat.icon.choose("Show window")
    assert seat.icon.labels()[0] == "Hide window"
    assert seat.window.done == ["show", "show", "hide", "show"]


def test_a_hidden_start_waits_for_a_tray(seat: SimpleNamespace) -> None:
    seat.icon.reason = "not yet"
    threading.Timer(0.2, lambda: setattr(seat.icon, "reason", None)).start()
    seat.shell.start(hidden=True)
    assert seat.window.done == []


def test_a_hidden_start_without_a_tray_is_minimised_and_says_so(seat: SimpleNamespace) -> None:
    seat.icon.reason = "none"
    with seat.hub.subscribe() as told:
        seat.shell.start(hidden=True)
        event = told.get(5)
    assert seat.window.done == ["minimize"]
    assert event is not None and event.payload.message == module.NO_TRAY_AT_START  # type: ignore[attr-defined]


def test_a_hidden_window_comes_back_when_the_tray_goes(seat: SimpleNamespace) -> None:
    seat.shell.start(hidden=False)
    until(lambda: seat.icon.faces)
    seat.shell.hide()
    time.sleep(0.1)
    assert seat.window.done == ["hide"]
    seat.icon.reason = "gone"
    until(lambda: seat.window.done == ["hide", "show"])


def test_a_window_that_was_closed_before_the_tray_began_comes_back_where_there_is_none(seat: SimpleNamespace) -> None:
    seat.shell.hide()
    seat.shell.start(hidden=False)
    seat.icon.reason = "gone"
    until(lambda: seat.window.done == ["hide", "show"])


def test_no_word_of_the_widget_without_its_command() -> None:
    has_one = any(command.name == module.WIDGET_COMMAND for command in module.registry)
    assert [item.label for item in widget_entry(FakeApplication())] == (["Widget mode"] if has_one else [])  # type: ignore[arg-type]


def test_stopping_takes_the_icon_away(seat: SimpleNamespace) -> None:
    seat.shell.start(hidden=False)
    seat.shell.stop()
    assert seat.icon.stopped
    assert isinstance(seat.hub, EventHub)
    until(lambda: seat.hub.subscribers == 0)


def test_a_window_that_was_closed_at_once_has_no_tray(seat: SimpleNamespace) -> None:
    seat.shell.stop()
    seat.shell.start(hidden=False)
    time.sleep(0.1)
    assert (seat.looks, seat.icon.faces) == ([], [])


def test_an_icon_is_made_at_its_first_use_and_once() -> None:
    made: list[Icon] = []

    def make() -> Icon:
        made.append(Icon())
        return made[-1]

    icon = LateIcon(make)
    icon.stop()
    assert made == [], "what was never made is not made to be taken away"
    icon.show(TrayFace(tooltip="first"), (), lambda: None)
    made[0].reason = "no tray"
    assert icon.why_not() == "no tray"
    icon.stop()
    assert [one.stopped for one in made] == [True]
    assert made[0].faces[0].tooltip == "first"
