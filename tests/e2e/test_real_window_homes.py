"""The Homes tab in the real window: the system's folder dialog, and the keyboard alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect
from tests.desktop.test_dialogs import Keyboard
from tests.e2e.driver import Visitor, eventually, figure, ready, report
from tests.e2e.test_homes import row, tab_to
from tests.e2e.test_real_window import Desktop
from tests.e2e.worlds import HOUR, Story, now_ms

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool"),
]


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[Desktop]:
    opened = Desktop(tmp_path_factory.mktemp("homes"), display)
    yield opened
    opened.running.end()


@pytest.fixture(scope="module")
def second(desktop: Desktop) -> Path:
    """Another home below the user's folder."""
    home = desktop.folder / "user" / "laptop"
    Story(home, now_ms() - HOUR, 3).turn("gpt-5.5", "low", 4).write()
    return home


@pytest.fixture(scope="module")
def page(desktop: Desktop, playwright: Playwright) -> Page:
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
    shown = browser.contexts[0].pages[0]
    shown.set_default_timeout(15_000)
    return ready(shown)


@pytest.fixture(autouse=True)
def guarded(page: Page) -> Iterator[None]:
    visitor = Visitor(None)  # type: ignore[arg-type]  # it opens no page here
    visitor.listen(page, page.evaluate("location.origin"))
    yield
    visitor.close()


@pytest.fixture
def keyboard(display: str) -> Keyboard:
    return Keyboard(display)


def total(desktop: Desktop, *homes: Path) -> str:
    found = sum(report(desktop.folder, home)["totals"]["total_tokens"] for home in homes)
    return f"{found:,} tokens"


def homes(page: Page) -> Locator:
    """The settings on their Homes tab."""
    dialog = page.get_by_role("dialog", name="Settings")
    if dialog.count() == 0:
        page.keyboard.press("Control+,")
    dialog.get_by_role("tab", name="Homes").click()
    return dialog


def test_a_cancelled_dialog_changes_nothing(page: Page, keyboard: Keyboard) -> None:
    dialog = homes(page)
    folder = dialog.get_by_label("Folder", exact=True)
    folder.fill("~/somewhere")
    dialog.get_by_role("button", name="Browse…").click()
    keyboard.into("Open folder", "", "Escape")
    expect(folder).to_have_value("~/somewhere")
    expect(dialog).to_be_visible()
    folder.fill("")


def test_a_home_is_chosen_in_the_systems_dialog(page: Page, desktop: Desktop, keyboard: Keyboard, second: Path) -> None:
    dialog = homes(page)
    folder = dialog.get_by_label("Folder", exact=True)
    dialog.get_by_role("button", name="Browse…").click()
    keyboard.into("Open folder", f"{second}/", "Return")
    expect(folder).to_have_value(str(second))
    expect(dialog.get_by_text("Found 1 log file")).to_be_visible()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(row(dialog, second)).to_contain_text("1 log file")
    figure_is = lambda: figure(page, "Total tokens").get_attribute("title")  # noqa: E731
    eventually(figure_is, total(desktop, desktop.home, second))


def test_the_dialog_begins_where_the_typed_folder_is(page: Page, keyboard: Keyboard, second: Path) -> None:
    dialog = homes(page)
    folder = dialog.get_by_label("Folder", exact=True)
    folder.fill(str(second / "sessions"))
    expect(dialog.get_by_text("This folder is not a home itself.")).to_be_visible()
    dialog.get_by_role("button", name="Browse…").click()
    keyboard.into("Open folder", "", "Return")
    expect(folder).to_have_value(str(second / "sessions"))
    dialog.get_by_role("button", name="Use that folder").click()
    expect(dialog.get_by_text("This folder is a home already.")).to_be_visible()
    folder.fill("")


def test_a_home_is_removed_and_brought_back_with_the_keyboard_alone(
    page: Page, desktop: Desktop, keyboard: Keyboard, second: Path
) -> None:
    """Real keys of the screen, from the open page to the undone removal."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keyboard.focus("Tokendial")
    keyboard.press("ctrl+comma")
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog).to_be_visible()
    row(dialog, second).get_by_role("button", name="Clear data…").focus()
    keyboard.press("Tab", "Return")
    question = page.get_by_role("dialog", name="Remove this home?")
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    expect(question).to_contain_text("1 session with")
    keyboard.press("Tab", "space")
    expect(row(dialog, second)).to_have_count(0)
    expect(dialog.get_by_role("button", name="Undo")).to_be_focused()
    keyboard.press("Return")
    expect(row(dialog, second)).to_contain_text("1 log file")
    tab_to(page, "Rescan")
    keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    figure_is = lambda: figure(page, "Total tokens").get_attribute("title")  # noqa: E731
    eventually(figure_is, total(desktop, desktop.home, second))


def test_the_key_opens_the_folder_of_the_home(page: Page, desktop: Desktop, keyboard: Keyboard) -> None:
    page.evaluate("window.marker = 'not reloaded'")
    keyboard.focus("Tokendial")
    keyboard.press("ctrl+l")
    opened = desktop.folder / "opened.txt"
    eventually(lambda: opened.read_text().splitlines()[-1:] if opened.exists() else [], [str(desktop.home)])
    assert page.evaluate("window.marker") == "not reloaded"
