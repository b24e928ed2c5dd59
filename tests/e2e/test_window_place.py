"""Where the real window stands comes back on the next start: moved and resized on a screen, by its window manager."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from tests.e2e.driver import eventually, ready
from tests.e2e.test_real_window import Desktop

from tokendial.paths import ledger_path
from tokendial.services.ledger import Ledger
from tokendial.services.window_memory import WindowPlace

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in ("wmctrl", "xdotool", "openbox", "xprop")),
        reason="needs wmctrl, xdotool, xprop and openbox",
    ),
]


@pytest.fixture(scope="module")
def manager(display: str) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(
        ["openbox", "--sm-disable"], env={**os.environ, "DISPLAY": display}, stdout=quiet, stderr=quiet
    )
    yield
    running.terminate()
    running.wait(10)


@pytest.fixture
def open_window(tmp_path: Path, display: str, manager: None) -> Iterator[Callable[[], Desktop]]:
    """Starts the program over the same ledger, again and again; ends what a test leaves running."""
    opened: list[Desktop] = []

    def begin() -> Desktop:
        opened.append(Desktop(tmp_path, display))
        identity(opened[-1])
        return opened[-1]

    yield begin
    for desktop in opened:
        desktop.running.end()


def identity(desktop: Desktop) -> str:
    return desktop.tool("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Tokendial$").split()[-1]


def inside(desktop: Desktop) -> tuple[int, int, int, int]:
    """x, y, width and height of the page on the screen."""
    text = desktop.tool("xdotool", "getwindowgeometry", "--shell", identity(desktop))
    found = {key: int(value) for key, value in re.findall(r"^(X|Y|WIDTH|HEIGHT)=(-?\d+)$", text, re.MULTILINE)}
    return found["X"], found["Y"], found["WIDTH"], found["HEIGHT"]


def is_maximized(desktop: Desktop) -> bool:
    state = desktop.tool("xprop", "-id", identity(desktop), "_NET_WM_STATE")
    return "MAXIMIZED_VERT" in state and "MAXIMIZED_HORZ" in state


def put(desktop: Desktop, x: int, y: int, width: int, height: int) -> None:
    desktop.tool("wmctrl", "-i", "-r", identity(desktop), "-e", f"0,{x},{y},{width},{height}")
    eventually(lambda: inside(desktop)[2:], (width, height))


def close(desktop: Desktop) -> None:
    desktop.tool("wmctrl", "-i", "-c", identity(desktop))
    assert desktop.running.wait(20) == 0


def test_size_and_place_come_back(open_window: Callable[[], Desktop]) -> None:
    first = open_window()
    put(first, 70, 50, 760, 620)
    before = inside(first)
    close(first)
    second = open_window()
    eventually(lambda: inside(second), before)
    close(second)
    third = open_window()
    eventually(lambda: inside(third), before)


def test_a_killed_program_remembers_where_it_was_a_moment_before(open_window: Callable[[], Desktop]) -> None:
    first = open_window()
    put(first, 90, 60, 700, 640)
    before = inside(first)
    eventually(lambda: kept(first, "width"), 700)
    eventually(lambda: abs((kept(first, "x") or 0) - 90) <= 2, True)  # the size may be kept a moment sooner
    first.running.process.kill()
    first.running.wait()
    second = open_window()
    eventually(lambda: inside(second), before)


def kept(desktop: Desktop, side: str) -> int | None:
    """A side of the window's place as the ledger of the running program holds it."""
    path = ledger_path(desktop.folder / "data", [("codex", desktop.home)])
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        row = connection.execute("SELECT value FROM setting WHERE key = 'window'").fetchone()
    return None if row is None else int(json.loads(row[0])[side])


def test_maximised_comes_back_and_so_does_the_size_under_it(open_window: Callable[[], Desktop]) -> None:
    first = open_window()
    put(first, 70, 50, 760, 620)
    before = inside(first)
    eventually(lambda: kept(first, "width"), 760)
    first.tool("wmctrl", "-i", "-r", identity(first), "-b", "add,maximized_vert,maximized_horz")
    eventually(lambda: is_maximized(first), True)
    eventually(lambda: inside(first)[2] > 1300, True)
    close(first)
    second = open_window()
    eventually(lambda: is_maximized(second), True)
    eventually(lambda: inside(second)[2] > 1300, True)
    second.tool("wmctrl", "-i", "-r", identity(second), "-b", "remove,maximized_vert,maximized_horz")
    eventually(lambda: inside(second), before)


def test_a_place_off_every_screen_is_corrected(open_window: Callable[[], Desktop], tmp_path: Path) -> None:
    first = open_window()
    close(first)
    ledger = Ledger(tmp_path / "data", [("codex", tmp_path / "codex")])
    ledger.window.keep(WindowPlace(x=9000, y=-4000, width=720, height=610))
    ledger.close()
    second = open_window()
    x, y, width, height = inside(second)
    assert (width, height) == (720, 610)
    assert 0 < x < 1400 - 720 and 0 < y < 1000 - 610


def test_the_page_puts_the_window_back(open_window: Callable[[], Desktop], playwright: Playwright) -> None:
    first = open_window()
    start = inside(first)
    put(first, 30, 40, 700, 620)
    page = page_of(first, playwright)
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Startup").click()
    page.get_by_role("button", name="Reset size and place").click()
    eventually(lambda: inside(first)[2:], (1280, 860))
    close(first)
    second = open_window()
    eventually(lambda: inside(second)[2:], start[2:])


def page_of(desktop: Desktop, playwright: Playwright) -> Page:
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
    page = ready(browser.contexts[0].pages[0])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page
