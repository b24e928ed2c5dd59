"""The widget as a page of the browser: what it shows, at three sizes, in both themes, and the ways in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, eventually, figure, overflow, ready, serve
from tests.e2e.test_hostile import NAMES, assert_harmless
from tests.e2e.test_looks import _SMALL, _UNNAMED
from tests.e2e.worlds import Story, limits, now_ms, title

pytestmark = pytest.mark.browser
SIZES = [(300, 220), (360, 270), (520, 400)]
MINUTE = 60_000


class World:
    """Codex with a window that is nearly spent and resets within the hour."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "codex"
        self.story = Story(self.home, now_ms() - 5 * MINUTE, 1)
        self.story.turn("gpt-5.5", "high", 4, limits((93.0, 1), (41.0, 90))).write()
        title(self.home, [(self.story, "Parser rewrite")])
        self.running = serve(folder, self.home)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("widget"))
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""


def widget(page: Page) -> Page:
    """The page, once its dials are drawn."""
    expect(page.locator(".tv-dial").first).to_be_visible()
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_it_fits_and_can_be_read(
    world: World, visit: Visitor, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    page = widget(visit(world.running, "/#/widget", size=size, settings={"theme": theme}))
    dial = page.get_by_role("article", name="Codex")
    expect(dial).to_contain_text("93 %")
    expect(dial).to_contain_text("41 %")
    expect(dial).to_contain_text(re.compile(r"this hour, \d+ min"))
    expect(dial.get_by_role("button")).to_have_accessible_name(
        re.compile(r"^Codex; 5 hours 93 % used, resets this hour, in \d+ min; Weekly 41 % used, resets in 3 d")
    )
    body = page.locator(".tv-widget__body")
    assert overflow(page) <= 0
    assert body.evaluate("(one) => one.scrollHeight - one.clientHeight") <= 0
    assert page.evaluate(_SMALL) == 0
    assert page.evaluate(_UNNAMED) == []
    page.screenshot(path=tmp_path / f"widget-{size[0]}-{theme}.png")
    page.get_by_role("button", name="Recent").click()
    expect(page.get_by_role("region", name="Active sessions")).to_contain_text("Parser rewrite")
    assert page.evaluate(_SMALL) == 0
    assert page.evaluate(_UNNAMED) == []
    assert overflow(page) <= 0


def test_its_figures_are_those_of_the_overview(world: World, visit: Visitor) -> None:
    page = ready(visit(world.running, settings={"range": "today"}))
    cost = figure(page, "Cost").inner_text()
    page.get_by_role("button", name="Widget").click()
    widget(page)
    assert page.url.endswith("#/widget")
    expect(page.locator(".tv-widget__today")).to_contain_text(cost)
    expect(page.get_by_role("article", name="Codex").locator(".tv-dial__cost")).to_have_text(cost)


def test_one_request_at_first_and_one_for_each_new_line(world: World, visit: Visitor) -> None:
    asked: list[str] = []
    page = visit(world.running, "/#/widget", settings={"auto_refresh_seconds": 0})
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    widget(page)
    page.wait_for_timeout(300)
    asked.clear()
    page.reload()
    widget(page)
    page.wait_for_timeout(500)
    assert asked.count("dashboard.get") == 1
    assert not {"events.list", "sessions.list", "pricing.get"} & set(asked)
    used = page.locator(".tv-dial__used").first
    world.story.turn("gpt-5.5", "high", 1, limits((93.0, 1), (41.0, 90)))
    before = page.locator(".tv-dial__today").first.get_attribute("title")
    world.story.append(3)
    eventually(lambda: page.locator(".tv-dial__today").first.get_attribute("title") != before, True)
    expect(used).to_have_text("93 %")


def test_every_way_back_leads_to_the_page_that_was_open(world: World, visit: Visitor) -> None:
    page = visit(world.running, "/#/sessions")
    heading = page.get_by_role("heading", name="Sessions", exact=True)
    expect(heading).to_be_visible()
    ways = (
        lambda: page.keyboard.press("Escape"),
        lambda: page.keyboard.press("Control+Shift+M"),
        lambda: page.locator(".tv-widget__head").dblclick(position={"x": 150, "y": 12}),
        lambda: page.get_by_role("button", name="Full window").click(),
        lambda: page.get_by_role("button", name="Back to the full page").click(),
        page.go_back,
    )
    for way in ways:
        page.keyboard.press("Control+Shift+M")
        widget(page)
        way()
        expect(heading).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_contain_text("Widget and back")


def test_the_keyboard_goes_from_ring_to_page(world: World, visit: Visitor) -> None:
    page = widget(visit(world.running, "/#/widget", size=(360, 270)))
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=re.compile("^Codex;"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Codex", exact=True).first).to_be_visible()
    assert page.url.endswith("#/provider/codex")


def test_the_screen_is_remembered_and_privacy_hides_names_and_money(world: World, visit: Visitor) -> None:
    page = widget(visit(world.running, "/#/widget", size=(360, 270)))
    page.get_by_role("button", name="Recent").click()
    page.wait_for_timeout(700)  # it is saved a moment later
    again = visit(world.running, "/#/widget", size=(360, 270), keep_settings=True)
    expect(again.get_by_role("region", name="Active sessions")).to_contain_text("Parser rewrite")
    again.keyboard.press("Control+Shift+P")
    expect(again.get_by_role("region", name="Active sessions")).to_contain_text("Session 1")
    text = again.locator("#app").inner_text()
    assert not re.search(r"\$\d", text) and "Parser rewrite" not in text and "shop-web" not in text
    again.keyboard.press("Control+Shift+P")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_hostile_names_keep_its_shape(tmp_path: Path, start: Serve, visit: Visitor, size: tuple[int, int]) -> None:
    home, told = tmp_path / "codex", []
    for number, name in enumerate(NAMES):
        snapshot = limits((50.0, 3), (20.0, 80), limit_name=name, limit_id=f"id {number} {name}"[:3000], plan_type=name)
        story = Story(home, now_ms() - 10 * MINUTE, number, f"/home/u/{name}")
        told.append((story.turn(name, name, 2, snapshot).write(), name))
    title(home, told)
    page = widget(visit(start(home), "/#/widget", size=size))
    assert overflow(page) <= 0
    assert_harmless(page)
    page.get_by_role("button", name="Recent").click()
    expect(page.get_by_role("region", name="Active sessions").locator("li")).to_have_count(len(NAMES))
    assert overflow(page) <= 0
    assert_harmless(page)
