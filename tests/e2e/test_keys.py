"""Shortcuts and the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import Running, Visitor, card, eventually, pick, ready, serve, table
from tests.e2e.worlds import busy_home

pytestmark = pytest.mark.browser

_CONTROLS = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), summary, [tabindex='0']"
_UNREACHED = f"""() => {{
  const stops = [...document.querySelectorAll("{_CONTROLS}")].filter((control) =>
    control.tabIndex >= 0 && control.checkVisibility() && control.dataset.reached === undefined &&
    !(control.type === 'radio' && !control.checked));
  return stops.map((one) => one.getAttribute('aria-label') || one.innerText || one.outerHTML.slice(0, 90));
}}"""
_REACH = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  at.dataset.reached = '';
  const style = getComputedStyle(at);
  const box = at.closest('label, .td-segmented__item') ?? at;
  const ring = [at, box, ...box.querySelectorAll('*')].some((one) => {
    const look = getComputedStyle(one);
    return (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none';
  });
  return {name: at.getAttribute('aria-label') || at.innerText || at.outerHTML.slice(0, 90), ring};
}"""


class Home:
    """A server over the busy home, with what its file manager was asked to open."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "codex"
        busy_home(self.home)
        self.running: Running = serve(folder, self.home)
        self._opened = folder / "opened.txt"

    def opened(self) -> list[str]:
        return self._opened.read_text().splitlines() if self._opened.is_file() else []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("keys"))
    yield made
    assert made.running.end() == 0


@pytest.fixture
def page(home: Home, visit: Visitor) -> Page:
    shown = ready(visit(home.running))
    shown.evaluate("window.marker = 'not reloaded'")
    return shown


def assert_same_page(page: Page) -> None:
    assert page.evaluate("window.marker") == "not reloaded"


@pytest.mark.parametrize("keys", ["Control+r", "Meta+r", "F5"])
def test_refresh_reads_the_logs_and_does_not_reload(page: Page, keys: str) -> None:
    with page.expect_response("**/api/ingest.refresh") as answer:
        page.keyboard.press(keys)
    assert answer.value.ok
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()
    assert_same_page(page)


def test_the_refresh_button(page: Page) -> None:
    with page.expect_response("**/api/ingest.refresh") as answer:
        page.get_by_role("button", name="Refresh").click()
    assert answer.value.ok
    assert_same_page(page)


def test_open_logs_opens_the_home_and_stays_on_the_page(page: Page, home: Home) -> None:
    before = len(home.opened())
    address = page.url
    with page.expect_response("**/api/logs.open") as answer:
        page.keyboard.press("Control+l")
    assert answer.value.json() == {"path": str(home.home), "opened": True}
    eventually(lambda: home.opened()[before:], [str(home.home)])
    assert page.url == address
    assert_same_page(page)


def test_settings_open_and_escape_closes_them(page: Page) -> None:
    opener = page.get_by_role("button", name="Settings (Ctrl ,)")
    opener.focus()
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog).to_be_visible()
    page.keyboard.press("Control+5")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_question_mark_shows_every_shortcut(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Shortcuts")
    for name in (
        "Refresh",
        "Open logs",
        "Privacy mode",
        "Settings",
        "Show shortcuts",
        "Overview",
        "Sessions",
        "Close what is on top",
    ):
        expect(dialog.locator("dt").filter(has_text=name).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_digits_go_to_the_pages(page: Page) -> None:
    for digit, title in (("2", "Codex"), ("5", "Sessions"), ("6", "Projects"), ("7", "Activity"), ("1", "Overview")):
        page.keyboard.press(f"Control+{digit}")
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert_same_page(page)


def test_nothing_fires_while_the_user_types(page: Page, home: Home) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.keyboard.press("Control+5")
    search = page.get_by_label("Search")
    search.focus()
    opened = len(home.opened())
    for keys in ("?", "Control+l", "Control+r", "F5", "Control+Shift+r", "Control+,", "Control+1", "Control+Shift+p"):
        page.keyboard.press(keys)
    expect(search).to_have_value("?")
    expect(page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("No session fits the search")).to_be_visible()
    assert not {"logs.open", "ingest.refresh"} & set(asked)
    expect(page.get_by_role("button", name="Privacy mode")).to_have_attribute("aria-pressed", "false")
    assert len(home.opened()) == opened
    assert_same_page(page)


def test_tab_reaches_every_control_and_focus_is_seen(page: Page) -> None:
    names: list[str] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(_REACH)
        if at is None:
            break
        assert at["ring"], f"no focus is seen on {at['name']}"
        names.append(at["name"])
    assert len(names) > 25
    assert page.evaluate(_UNREACHED) == []


def test_a_dialog_keeps_the_focus(page: Page) -> None:
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog).to_be_visible()
    for key in ["Tab"] * 20 + ["Shift+Tab"] * 20:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('dialog') !== null")


def test_the_tabs_of_the_settings_by_arrow(page: Page) -> None:
    page.keyboard.press("Control+,")
    names = page.get_by_role("tab").all_inner_texts()
    assert {"Homes", "Pricing", "Display", "Alerts", "Startup", "Diagnostics", "About"} <= set(names)
    page.get_by_role("tab", name=names[0]).focus()
    for name in [*names[1:], names[0]]:
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def test_a_badge_and_a_row_work_by_keyboard(page: Page) -> None:
    pick(page, "Range", "All")
    card(page, "Cost").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Pricing")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+5")
    table(page, "Sessions").locator("tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Session", level=1)).to_be_visible()
