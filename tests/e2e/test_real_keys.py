"""The shortcuts by real key presses of a screen: in the desktop window, and in a Chromium with its address bar.

Keys that a test sends through the inspector never pass the browser's own shortcuts; these do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from tests.e2e.conftest import CHROMIUM
from tests.e2e.driver import Running, Visitor, change_settings, eventually, ready, serve
from tests.e2e.test_real_window import Desktop
from tests.e2e.worlds import plain_home
from tests.support.screen import ask, window_manager

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in ("xdotool", "openbox")), reason="needs xdotool and openbox"
    ),
]
Press = Callable[..., None]
_WATCH = """() => {
  window.marker = 'not reloaded';
  window.pressed = [];
  const modifiers = ['Control', 'Shift'];
  const note = (event) => modifiers.includes(event.key) || pressed.push([event.key, event.defaultPrevented]);
  addEventListener('keydown', note, true);
}"""

_REFRESHES = "performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/ingest.refresh')).length"


@pytest.fixture(scope="module")
def manager(display: str) -> Iterator[None]:
    with window_manager(display):
        yield


def keys_of(display: str, title: str) -> Press:
    """Presses keys in the window with this title."""

    def tool(*command: str) -> str:
        return ask(display, "xdotool", *command)

    window = tool("search", "--sync", "--onlyvisible", "--name", title).split()[-1]
    tool("windowactivate", "--sync", window)
    # Into the page, on the empty part of the rail: a browser begins with the focus in its address bar.
    tool("mousemove", "--window", window, "100", "480", "click", "1")

    def press(*keys: str) -> None:
        for key in keys:
            tool("key", "--clearmodifiers", key)

    return press


def opened(folder: Path) -> list[str]:
    """What the file manager was asked to open."""
    notes = folder / "opened.txt"
    return notes.read_text().splitlines() if notes.is_file() else []


def try_every_key(page: Page, press: Press, folder: Path, home: Path, refreshed: Callable[[], int]) -> None:
    """Each shortcut does its work, and none reaches what is around the page."""
    page.evaluate(_WATCH)
    eventually(lambda: page.evaluate("document.hasFocus()"), True)
    address = page.url
    for key in ("ctrl+r", "F5"):
        before = refreshed()
        press(key)
        eventually(lambda: page.evaluate("pressed.length > 0 && pressed.every((one) => one[1])"), True)
        eventually(lambda known=before: refreshed() > known, True)
        expect(page.get_by_role("button", name="Refresh (")).to_be_enabled()
    press("ctrl+shift+r", "ctrl+F5", "shift+F5")
    before_logs = len(opened(folder))
    press("ctrl+l")
    eventually(lambda: opened(folder)[before_logs:], [str(home)])
    # Had the address bar taken the focus, this would be typed there.
    press("question")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press("ctrl+comma")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for digit, title in (("2", "Codex"), ("5", "Sessions"), ("6", "Projects"), ("7", "Activity"), ("1", "Overview")):
        press(f"ctrl+{digit}")
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    privacy = page.get_by_role("button", name="Privacy mode")
    for state in ("true", "false"):
        press("ctrl+shift+p")
        expect(privacy).to_have_attribute("aria-pressed", state)
    assert page.evaluate("window.marker") == "not reloaded"
    assert page.url.partition("#")[0] == address.partition("#")[0]


def type_in_the_search(page: Page, press: Press, folder: Path) -> None:
    """While the user types only Escape is a shortcut, and a reload is still none."""
    press("ctrl+5")
    search = page.get_by_label("Search")
    search.focus()
    before = len(opened(folder))
    press("a", "question", "ctrl+l", "ctrl+r", "F5", "ctrl+comma", "ctrl+1", "ctrl+shift+p", "b")
    expect(search).to_have_value("a?b")
    expect(page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Privacy mode")).to_have_attribute("aria-pressed", "false")
    assert len(opened(folder)) == before
    assert page.evaluate("window.marker") == "not reloaded"


def test_the_keys_of_the_window(tmp_path: Path, display: str, manager: None, playwright: Playwright) -> None:
    desktop = Desktop(tmp_path, display)
    try:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
        page = ready(browser.contexts[0].pages[0])
        press = keys_of(display, "^Tokendial$")
        finished = "window.pywebview.api.invoke('ingest.status', {}).then((answer) => answer.ok.finished_at_ms)"
        try_every_key(page, press, tmp_path, desktop.home, lambda: page.evaluate(finished))
        type_in_the_search(page, press, tmp_path)
    finally:
        desktop.running.end()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    plain_home(tmp_path / "codex")
    running = serve(tmp_path, tmp_path / "codex")
    yield running
    assert running.end() == 0


def test_the_keys_of_a_browser(
    tmp_path: Path, display: str, manager: None, playwright: Playwright, server: Running
) -> None:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, headless=False, args=arguments, env={**os.environ, "DISPLAY": display}
    )
    visitor = Visitor(None)  # type: ignore[arg-type]  # it opens no page here
    try:
        context = browser.new_context(no_viewport=True)
        page = context.new_page()
        visitor.watch(page, server.url)
        page.goto(server.link)
        change_settings(context, server, {"auto_refresh_seconds": 0})
        page.reload()
        ready(page)
        press = keys_of(display, "Tokendial.*Chromium")
        try_every_key(page, press, tmp_path, tmp_path / "codex", lambda: page.evaluate(_REFRESHES))
        type_in_the_search(page, press, tmp_path)
        assert len(context.pages) == 1
    finally:
        browser.close()
    visitor.close()
