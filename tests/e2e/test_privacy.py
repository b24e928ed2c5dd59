"""Privacy mode: nothing of names, paths and money is left anywhere in the page, and nothing moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import Running, Visitor, choose, figure, pick, ready, serve, table
from tests.e2e.worlds import INFRA, SHOP, busy_home

pytestmark = pytest.mark.browser

SIZES = [(1280, 860), (900, 640), (420, 640)]
# Text, titles, labels, values and addresses: everything that the page holds, not only what is seen.
_HELD = """() => {
  const values = [...document.querySelectorAll('input, textarea')].map((one) => one.value);
  return [document.title, location.href, document.documentElement.outerHTML, ...values].join('\\n');
}"""
_HEIGHTS = "() => [...document.querySelectorAll('.td-kpi, section.td-card, tbody tr')].map((one) => one.offsetHeight)"
MONEY = re.compile(r"[$€]\s?\d")


class Home:
    """A server over the busy home."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "codex"
        busy_home(self.home)
        self.running: Running = serve(folder, self.home)
        self.secrets = ["Parser rewrite", "Nightly review", "shop-web", "infra", SHOP, INFRA, str(folder), "rollout-"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("privacy"))
    yield made
    assert made.running.end() == 0


def assert_hidden(page: Page, home: Home) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    held: str = page.evaluate(_HELD)
    assert [secret for secret in home.secrets if secret in held] == []
    assert MONEY.findall(held) == []


def assert_told(page: Page, home: Home, *wanted: str) -> None:
    """The page does hold these without privacy: the test above would notice."""
    held: str = page.evaluate(_HELD)
    assert [secret for secret in wanted if secret not in held] == []
    assert MONEY.search(held)


def test_the_key_hides_everything_on_the_overview_and_shows_it_again(home: Home, visit: Visitor) -> None:
    page = ready(visit(home.running, settings={"range": "alltime", "active_minutes": 300}))
    for grouping in ("Stacked by", "Group by"):
        if grouping == "Stacked by":
            choose(page, grouping, "project")
        else:
            pick(page, grouping, "Project")
    expect(table(page, "Projects")).to_contain_text("shop-web")
    assert_told(page, home, "Parser rewrite", "shop-web", "infra")
    page.keyboard.press("Control+Shift+p")
    expect(figure(page, "Cost")).to_have_text("$••••••")
    assert_hidden(page, home)
    expect(table(page, "Projects")).to_contain_text(re.compile(r"Project \d"))
    page.get_by_role("button", name="Show as table").first.click()
    assert_hidden(page, home)
    page.keyboard.press("Control+Shift+p")
    expect(table(page, "Projects")).to_contain_text("shop-web")


def test_every_other_view(home: Home, visit: Visitor) -> None:
    page = visit(home.running, "/#/sessions", settings={"range": "alltime", "privacy": True})
    expect(table(page, "Sessions").locator("tbody tr")).to_have_count(5)
    assert_hidden(page, home)
    table(page, "Sessions").get_by_text(re.compile(r"^Session \d")).first.click()
    expect(table(page, "Audit")).to_be_visible()
    expect(table(page, "Responses")).to_be_visible()
    assert_hidden(page, home)
    page.goto(f"{home.running.url}/#/provider/codex")
    expect(page.get_by_text("Folder").first).to_be_visible()
    assert_hidden(page, home)
    page.keyboard.press("Control+,")
    for name in page.get_by_role("tab").all_inner_texts():
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel").locator(".td-skeleton")).to_have_count(0)
        held: str = page.evaluate(_HELD)
        assert [secret for secret in home.secrets if secret in held] == [], name


def test_a_copy_tells_no_path(home: Home, visit: Visitor) -> None:
    page = visit(home.running, "/#/sessions", settings={"range": "alltime", "privacy": True})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table(page, "Sessions").get_by_text(re.compile(r"^Session \d")).first.click()
    for label in ("Copy path", "Copy folder"):
        page.get_by_role("button", name=label).first.click()
        copied: str = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(r"(File|Folder) \d+", copied), copied
    page.get_by_role("button", name="Copy command").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('codex resume 0'))")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_nothing_jumps(home: Home, visit: Visitor, size: tuple[int, int]) -> None:
    page = ready(visit(home.running, size=size, settings={"range": "alltime", "active_minutes": 300}))
    expect(table(page, "Responses")).to_be_visible()
    before: Any = page.evaluate(_HEIGHTS)
    assert len(before) > 25
    page.keyboard.press("Control+Shift+p")
    expect(figure(page, "Cost")).to_have_text("$••••••")
    assert page.evaluate(_HEIGHTS) == before


def test_it_is_remembered(home: Home, visit: Visitor) -> None:
    page = ready(visit(home.running))
    with page.expect_response("**/api/settings.set"):
        page.get_by_role("button", name="Privacy mode").click()
    again = ready(visit(home.running, keep_settings=True))
    expect(again.get_by_role("button", name="Privacy mode")).to_have_attribute("aria-pressed", "true")
    assert_hidden(again, home)
