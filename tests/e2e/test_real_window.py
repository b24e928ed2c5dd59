"""The desktop window as a user sees it: on a screen, with real keys, over the bridge."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from PIL import ImageGrab
from playwright.sync_api import Page, Playwright, expect
from tests.e2e.driver import (
    Running,
    Visitor,
    eventually,
    exact_money,
    figure,
    options,
    pick,
    ready,
    report,
    rows,
    table,
)
from tests.e2e.worlds import Story, plain_home
from tests.support.screen import ask, window_manager, windows

from _inspector import free_port, wait_for_page

pytestmark = pytest.mark.window


class Desktop:
    """The program in its window, with the page in it."""

    def __init__(self, folder: Path, display: str) -> None:
        self.folder, self.home, self.display = folder, folder / "codex", display
        self.story: Story = plain_home(self.home, 4)
        self.port = free_port()
        self.running = self.start(QTWEBENGINE_REMOTE_DEBUGGING=f"127.0.0.1:{self.port}")
        wait_for_page(self.port, self.running.process)

    def start(self, **more: str) -> Running:
        return Running(self.folder, options(self.folder / "data", self.home), DISPLAY=self.display, **more)

    def tool(self, *command: str) -> str:
        """An X program's answer."""
        return ask(self.display, *command)


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[Desktop]:
    with window_manager(display) if shutil.which("openbox") else nullcontext():
        opened = Desktop(tmp_path_factory.mktemp("window"), display)
        yield opened
        opened.running.end()


@pytest.fixture(scope="module")
def page(desktop: Desktop, playwright: Playwright) -> Page:
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
    shown = browser.contexts[0].pages[0]
    shown.set_default_timeout(15_000)
    return ready(shown)


@pytest.fixture(autouse=True)
def guarded(page: Page, playwright: Playwright) -> Iterator[list[str]]:
    """No error and no request to anywhere else, in every test; answers the addresses asked for."""
    asked: list[str] = []
    visitor = Visitor(None)  # type: ignore[arg-type]  # it opens no page here
    origin = page.evaluate("location.origin")
    visitor.listen(page, origin)
    visitor.allow("allow-scripts and allow-same-origin")  # W11: said of the window's own page when it is loaded again
    page.on("request", lambda request: asked.append(request.url))
    yield asked
    visitor.close()


def test_numbers_come_over_the_bridge(page: Page, desktop: Desktop) -> None:
    assert page.evaluate("new URLSearchParams(location.search).get('window')") == "1"
    answer = page.evaluate("window.pywebview.api.invoke('app.state', {})")
    assert answer["ok"]["mode"] == "window"
    totals = report(desktop.folder, desktop.home)["totals"]
    expect(figure(page, "Total tokens")).to_have_attribute("title", f"{totals['total_tokens']:,} tokens")
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(totals["cost_usd"]))
    assert rows(table(page, "Models"))[-1]["Tokens exact"] == f"{totals['total_tokens']:,}"
    fetched = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in fetched if "/api/" in name] == []


def test_an_appended_line_is_pushed_into_the_window(page: Page, desktop: Desktop, guarded: list[str]) -> None:
    page.evaluate("window.marker = 'not reloaded'")
    desktop.story.turn("gpt-5.5", "high", 1)
    desktop.story.append(3)
    total = desktop.story.rollout.total.total
    expect(figure(page, "Total tokens")).to_have_attribute("title", f"{total:,} tokens", timeout=6000)
    assert page.evaluate("window.marker") == "not reloaded"
    assert guarded == []


@pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool")
def test_real_keys_refresh_without_a_reload(page: Page, desktop: Desktop, guarded: list[str]) -> None:
    page.evaluate("window.marker = 'not reloaded'")
    page.evaluate("window.pressed = []; addEventListener('keydown', (e) => pressed.push(e.key + e.isTrusted), true)")
    window = windows(desktop.display, "^Tokendial$")[-1]
    focus = "windowactivate" if shutil.which("openbox") else "windowfocus"
    desktop.tool("xdotool", focus, "--sync", window)
    finished = "window.pywebview.api.invoke('ingest.status', {}).then((answer) => answer.ok.finished_at_ms)"
    before = page.evaluate(finished)
    desktop.tool("xdotool", "key", "--clearmodifiers", "ctrl+r")
    page.wait_for_function("pressed.includes('rtrue')")
    eventually(lambda: page.evaluate(finished) > before, True)
    desktop.tool("xdotool", "key", "--clearmodifiers", "ctrl+comma")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    desktop.tool("xdotool", "key", "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("window.marker") == "not reloaded"
    assert guarded == []


def test_a_session_is_found_opened_and_its_log_shown(page: Page, desktop: Desktop, guarded: list[str]) -> None:
    page.keyboard.press("Control+5")
    pick(page, "Time", "All time")
    page.get_by_role("searchbox", name="Search").fill(desktop.story.id[-12:])
    sessions = table(page, "Sessions").locator("tbody tr")
    expect(sessions).to_have_count(1)
    sessions.first.click()
    expect(page.locator(".tv-resume__command")).to_have_text(f"codex resume {desktop.story.id}")
    expect(table(page, "Audit")).to_contain_text("Counted")
    expect(page.get_by_role("group", name=re.compile("^Context over time"))).to_be_visible()
    page.get_by_role("button", name="Show in the file manager").click()
    opened, folder = desktop.folder / "opened.txt", desktop.story.rollout.path(desktop.home).parent
    eventually(lambda: opened.is_file() and opened.read_text().splitlines()[-1:], [str(folder)])
    page.keyboard.press("Control+1")
    expect(figure(page, "Total tokens")).to_be_visible()
    assert [url for url in guarded if "/api/" in url] == []


def dark_share(desktop: Desktop) -> float:
    """How much of the screen is dark."""
    grey = ImageGrab.grab(xdisplay=desktop.display).convert("L").histogram()
    return sum(grey[:60]) / sum(grey)


def test_the_screen_shows_the_page_in_the_chosen_theme(page: Page, desktop: Desktop) -> None:
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Display").click()
    pick(page.get_by_role("dialog"), "Theme", "Light")
    page.keyboard.press("Escape")
    picture = ImageGrab.grab(xdisplay=desktop.display).convert("RGB")
    colors = picture.getcolors(1 << 24)
    assert colors is not None and len(colors) > 200
    eventually(lambda: dark_share(desktop) < 0.5, True)
    light = dark_share(desktop)
    page.keyboard.press("Control+,")
    pick(page.get_by_role("dialog"), "Theme", "Dark")
    page.keyboard.press("Escape")
    eventually(lambda: dark_share(desktop) > light + 0.4, True)


def test_a_second_start_shows_the_first_window(page: Page, desktop: Desktop) -> None:
    second = desktop.start()
    assert second.wait(30) == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]
    assert "ok" in page.evaluate("window.pywebview.api.invoke('homes.list', {})")


@pytest.mark.skipif(
    shutil.which("wmctrl") is None or shutil.which("openbox") is None, reason="needs wmctrl and openbox"
)
def test_closing_the_window_ends_everything(page: Page, desktop: Desktop) -> None:
    assert len(desktop.running.group()) > 1
    desktop.tool("wmctrl", "-F", "-c", "Tokendial")
    assert desktop.running.wait(20) == 0
    eventually(desktop.running.group, [])
    assert not (desktop.folder / "data" / "instance.json").exists()
