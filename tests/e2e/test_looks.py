"""Themes, widths, and what a screen reader needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import Running, Visitor, eventually, overflow, pick, ready, serve, table
from tests.e2e.worlds import busy_home

pytestmark = pytest.mark.browser

_UNNAMED = """() => {
  const textOf = (id) => document.getElementById(id)?.textContent ?? "";
  const idText = (ids) => (ids ?? "").split(" ").map(textOf).join("");
  const labels = (one) => [...(one.labels ?? [])].map((label) => label.textContent).join('');
  const told = (one) => one.getAttribute('aria-label') || idText(one.getAttribute('aria-labelledby')) || labels(one);
  const hidden = (one) => one.getAttribute('aria-hidden') === 'true';
  const wrong = [];
  const check = (selector, fits) => {
    for (const one of document.querySelectorAll(selector)) if (!fits(one)) wrong.push(one.outerHTML.slice(0, 120));
  };
  check('button, a[href], [role=button], [role=tab]',
    (one) => !one.checkVisibility() || told(one).trim() || one.textContent.trim());
  check('input, select, textarea, table, [role=progressbar]', (one) => told(one).trim());
  check('[role=meter]', (one) => told(one).trim() && one.hasAttribute('aria-valuenow'));
  check('canvas', hidden);
  check('svg', (one) => hidden(one) || told(one).trim());
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id twice');
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  if (document.documentElement.lang === '') wrong.push('no language');
  return wrong;
}"""
_SMALL = """() => [...document.querySelectorAll('#app *')].filter((one) => {
  const speaks = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return speaks && one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 11;
}).length"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("looks")
    busy_home(folder / "codex")
    started = serve(folder, folder / "codex")
    yield started
    assert started.end() == 0


def brightness(page: Page) -> float:
    """Of the page's background, 0 to 255."""
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    return sum(parts) / 3


def test_the_theme_follows_the_system_and_the_settings(running: Running, visit: Visitor) -> None:
    page = ready(visit(running, color_scheme="dark"))
    assert brightness(page) < 60
    page.emulate_media(color_scheme="light")
    eventually(lambda: brightness(page) > 200, True)
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Display").click()
    pick(page.get_by_role("dialog"), "Theme", "Dark")
    eventually(lambda: brightness(page) < 60, True)
    pick(page.get_by_role("dialog"), "Theme", "As the system")
    eventually(lambda: brightness(page) > 200, True)


@pytest.mark.parametrize("size", [(1280, 860), (900, 640), (420, 640)], ids=lambda size: str(size[0]))
def test_nothing_is_wider_than_the_window(running: Running, visit: Visitor, size: tuple[int, int]) -> None:
    page = ready(visit(running, size=size, settings={"range": "alltime", "exact_numbers": True}))
    expect(table(page, "Responses")).to_be_visible()
    assert overflow(page) <= 0
    assert page.evaluate(_SMALL) == 0
    for digit in "234567":
        page.keyboard.press(f"Control+{digit}")
        expect(page.locator("section.td-card").first).to_be_visible()
        assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/", "/#/sessions", "/#/provider/codex"])
def test_everything_has_a_name(running: Running, visit: Visitor, path: str) -> None:
    page = visit(running, path)
    expect(page.locator("section.td-card, .tv-limit").first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert page.evaluate(_UNNAMED) == []


def test_everything_in_a_session_and_the_settings_has_a_name(running: Running, visit: Visitor) -> None:
    page = visit(running, "/#/sessions")
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    expect(table(page, "Audit")).to_be_visible()
    assert page.evaluate(_UNNAMED) == []
    page.keyboard.press("Control+,")
    for name in page.get_by_role("tab").all_inner_texts():
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel")).not_to_be_empty()
        expect(page.get_by_role("tabpanel").locator(".td-skeleton")).to_have_count(0)
        assert page.evaluate(_UNNAMED) == []


def test_nothing_moves_for_those_who_ask_for_that(running: Running, visit: Visitor) -> None:
    page = ready(visit(running, reduced_motion="reduce"))
    longest: Any = page.evaluate(
        "Math.max(0, ...document.getAnimations().map((one) => one.effect.getComputedTiming().duration))"
    )
    assert longest < 1


def test_text_can_be_selected(running: Running, visit: Visitor) -> None:
    page = ready(visit(running, settings={"range": "alltime"}))
    panel = page.get_by_role("region", name="Recent events")
    for text in (page.get_by_role("heading", level=1), panel.get_by_role("heading")):
        text.dblclick(position={"x": 14, "y": 12})
        chosen = page.evaluate("getSelection().toString().trim()")
        assert chosen
        assert chosen in text.inner_text()
