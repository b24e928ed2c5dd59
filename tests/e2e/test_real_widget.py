"""The widget as a window on a screen: frameless, above the others, moved and resized by the pointer, and left."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import ImageGrab
from playwright.sync_api import Page, Playwright
from tests.e2e.driver import eventually, ready
from tests.e2e.test_real_window import Desktop
from tests.support.screen import window_manager, windows

from tokendial.services.ledger import Ledger
from tokendial.services.window_memory import WindowPlace

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in ("wmctrl", "xdotool", "openbox", "xprop")),
        reason="needs wmctrl, xdotool, xprop and openbox",
    ),
]
FULL, WIDGET = "^Tokendial$", "^Tokendial widget$"


@pytest.fixture(scope="module")
def manager(display: str) -> Iterator[None]:
    with window_manager(display):
        yield


class Widget:
    """The program with its widget open, and hands on the pointer."""

    def __init__(self, folder: Path, display: str, playwright: Playwright) -> None:
        self.desktop = Desktop(folder, display)
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.desktop.port}", no_defaults=True)
        self.page: Page = ready(browser.contexts[0].pages[0])
        self.open()

    def open(self) -> None:
        self.page.keyboard.press("Control+Shift+M")
        eventually(lambda: (self.shown(WIDGET), self.shown(FULL)), (True, False))
        time.sleep(0.7)  # its page is drawn

    def ids(self, name: str) -> list[str]:
        return windows(self.desktop.display, name)

    def shown(self, name: str) -> bool:
        return bool(self.ids(name))

    @property
    def id(self) -> str:
        return self.ids(WIDGET)[-1]

    def place(self, name: str = WIDGET) -> tuple[int, int, int, int]:
        """x, y, width and height on the screen."""
        text = self.desktop.tool("xdotool", "getwindowgeometry", "--shell", self.ids(name)[-1])
        found = {key: int(value) for key, value in re.findall(r"^(X|Y|WIDTH|HEIGHT)=(-?\d+)$", text, re.MULTILINE)}
        return found["X"], found["Y"], found["WIDTH"], found["HEIGHT"]

    def drag(self, x: int, y: int, dx: int, dy: int) -> None:
        """From a point within the widget, by so many pixels, as a hand does."""
        left, top, _, _ = self.place()
        tool = self.desktop.tool
        tool("xdotool", "mousemove", str(left + x), str(top + y), "sleep", "0.2", "mousedown", "1", "sleep", "0.2")
        for step in range(1, 21):
            tool("xdotool", "mousemove", str(left + x + dx * step // 20), str(top + y + dy * step // 20))
            time.sleep(0.02)
        tool("xdotool", "sleep", "0.2", "mouseup", "1", "sleep", "0.3")

    def click(self, x: int, y: int, times: int = 1) -> None:
        left, top, _, _ = self.place()
        self.desktop.tool("xdotool", "mousemove", str(left + x), str(top + y), "sleep", "0.2")
        self.desktop.tool("xdotool", "click", "--repeat", str(times), "--delay", "60", "1")

    def press(self, key: str) -> None:
        self.desktop.tool("xdotool", "windowactivate", "--sync", self.id)
        self.desktop.tool("xdotool", "key", "--clearmodifiers", key)

    def is_back(self) -> None:
        """The full window is there instead, works, and the program goes on."""
        eventually(lambda: (self.shown(WIDGET), self.shown(FULL)), (False, True))
        assert self.desktop.running.process.poll() is None
        assert "ok" in self.page.evaluate("window.pywebview.api.invoke('homes.list', {})")


Start = Callable[[], Widget]


@pytest.fixture
def start(tmp_path: Path, display: str, manager: None, playwright: Playwright) -> Iterator[Start]:
    """Starts the program and opens its widget, again and again over one ledger; ends what a test leaves running."""
    opened: list[Widget] = []

    def begin() -> Widget:
        opened.append(Widget(tmp_path, display, playwright))
        return opened[-1]

    yield begin
    for widget in opened:
        widget.desktop.running.end()


def test_it_stands_above_the_others_without_a_frame_and_shows_its_page(start: Start, tmp_path: Path) -> None:
    widget = start()
    tool = widget.desktop.tool
    assert "_NET_WM_STATE_ABOVE" in tool("xprop", "-id", widget.id, "_NET_WM_STATE")
    assert "= 0, 0, 0, 0" in tool("xprop", "-id", widget.id, "_NET_FRAME_EXTENTS")
    x, y, width, height = widget.place()
    assert (width, height) == (360, 270)
    assert x > 700 and y < 100  # the upper right corner of a screen of 1400
    picture = ImageGrab.grab(bbox=(x, y, x + width, y + height), xdisplay=widget.desktop.display).convert("RGB")
    picture.save(tmp_path / "widget.png")
    colors = picture.getcolors(1 << 20)
    assert colors is not None and len(colors) > 60
    assert "violates" not in widget.desktop.running.errors
    widget.press("Escape")
    widget.is_back()
    assert "violates" not in widget.desktop.running.errors


def test_the_pointer_moves_and_resizes_it_and_a_click_is_still_a_click(start: Start) -> None:
    widget = start()
    x, y, width, height = widget.place()
    widget.drag(180, 14, -300, 250)
    left, top, *size = widget.place()
    # The first pixels are lost until it is known to be a drag.
    assert -300 <= left - x <= -220 and 180 <= top - y <= 250
    assert size == [width, height]
    widget.drag(width - 2, height - 2, 90, 70)
    eventually(widget.place, (left, top, width + 90, height + 70))
    widget.drag(1, 150, -40, 0)
    eventually(widget.place, (left - 40, top, width + 130, height + 70))
    widget.drag(width, height + 68, 0, -400)
    assert widget.place()[3] == 190  # never smaller than the page can be
    widget.click(490 - 13, 15)
    widget.is_back()


def test_a_double_click_returns_to_a_full_window_that_stands_where_it_stood(start: Start) -> None:
    widget = start()
    widget.press("Escape")
    widget.is_back()
    before = widget.place(FULL)
    widget.open()
    widget.click(180, 14, times=2)
    widget.is_back()
    eventually(lambda: widget.place(FULL), before)


def test_its_place_size_and_screen_come_back(start: Start) -> None:
    first = start()
    first.drag(180, 14, -200, 120)
    first.drag(358, 268, 60, 40)
    eventually(lambda: first.place()[2:], (420, 310))
    before = first.place()
    first.press("Escape")
    first.is_back()
    first.open()
    eventually(first.place, before)
    first.desktop.running.end()
    second = start()
    eventually(second.place, before)


def test_a_place_off_every_screen_is_corrected(start: Start, tmp_path: Path) -> None:
    start().desktop.running.end()
    ledger = Ledger(tmp_path / "data", [("codex", tmp_path / "codex")])
    ledger.widget_window.keep(WindowPlace(x=9000, y=-4000, width=300, height=220))
    ledger.close()
    x, y, width, height = start().place()
    assert (width, height) == (300, 220)
    assert 0 <= x <= 1400 - 300 and 0 <= y <= 1000 - 220


def test_closing_it_gives_the_full_window_back(start: Start) -> None:
    widget = start()
    widget.desktop.tool("wmctrl", "-i", "-c", widget.id)
    widget.is_back()
    widget.open()
    widget.desktop.tool("wmctrl", "-i", "-c", widget.id)
    widget.is_back()
    widget.desktop.tool("wmctrl", "-F", "-c", "Tokendial")
    assert widget.desktop.running.wait(20) == 0
    eventually(widget.desktop.running.group, [])


def test_a_second_start_brings_the_full_window_back(start: Start) -> None:
    widget = start()
    second = widget.desktop.start()
    assert second.wait(30) == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]
    widget.is_back()


def test_the_end_of_the_program_ends_both_windows(start: Start) -> None:
    widget = start()
    assert widget.desktop.running.end() == 0
    eventually(widget.desktop.running.group, [])
