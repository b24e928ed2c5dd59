"""Log text is untrusted: it never becomes markup, never turns the page around, and never breaks the layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import Running, Visitor, overflow, pick, ready, serve, table
from tests.e2e.worlds import Story, limits, now_ms, title

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script><b id=pwned>"
BIDI = "safe\u202egnp.exe\u2066\u200b\u0000\u0007"
LONG = "m" * 10_000
LINES = "one\ntwo\r\n\tthree"
STACKED = "a" + "\u0301" * 400
NAMES = (MARKUP, BIDI, LONG, LINES, STACKED, "javascript:alert(1)", "${7*7}{{7*7}}", "__proto__", "constructor")
SIZES = [(1280, 860), (900, 640), (420, 640)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over sessions whose every name is one of the above."""
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "codex"
    told = []
    for number, name in enumerate(NAMES):
        snapshot = limits((50.0, 3), (20.0, 80), limit_name=name, limit_id=f"id {number} {name}"[:3000], plan_type=name)
        story = Story(home, now_ms() - 600_000, number, f"/home/u/{name}", originator=name, git={"branch": name})
        told.append((story.turn(name, name, 2, snapshot).write(), name))
    title(home, told)
    running = serve(folder, home)
    yield running
    assert running.end() == 0


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.locator("#pwned, #app img, #app script, #app iframe").count() == 0
    assert page.evaluate("document.dir") in ("", "ltr")
    shown = page.locator("#app").inner_text()
    for character in ("\u202e", "\u2066", "\u200b", "\u0007"):
        assert character not in shown


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_overview_keeps_its_shape(hostile: Running, visit: Visitor, size: tuple[int, int]) -> None:
    page = ready(visit(hostile, size=size))
    expect(table(page, "Models").locator("tbody tr")).to_have_count(len(NAMES))
    expect(table(page, "Responses")).to_be_visible()
    assert overflow(page) <= 0
    assert_harmless(page)


def test_every_dimension_is_harmless(hostile: Running, visit: Visitor) -> None:
    page = ready(visit(hostile))
    for name in ("Effort", "Project", "Originator"):
        pick(page, "Group by", name)
        expect(table(page, f"{name}s")).to_be_visible()
        assert overflow(page) <= 0
    page.get_by_role("combobox", name="Stacked by").select_option("originator")
    page.get_by_role("group", name="Cost by").or_(page.get_by_role("group", name="Tokens by")).first.hover()
    assert_harmless(page)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_lists_pages_and_settings_keep_their_shape(hostile: Running, visit: Visitor, size: tuple[int, int]) -> None:
    page = visit(hostile, "/#/sessions", size=size)
    expect(table(page, "Sessions").locator("tbody tr")).to_have_count(len(NAMES))
    assert overflow(page) <= 0
    for place in range(4):
        table(page, "Sessions").locator("tbody tr").nth(place).press("Enter")
        expect(page.locator(".tv-resume__command")).to_be_visible()
        expect(table(page, "Responses")).to_be_visible()
        assert overflow(page) <= 0, page.locator("h2").first.inner_text()[:80]
        assert_harmless(page)
        page.get_by_role("button", name="All sessions").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Codex").click()
    expect(page.locator(".tv-limit").first).to_be_visible()
    assert overflow(page) <= 0
    page.keyboard.press("Control+,")
    for tab in ("Pricing", "Homes", "Diagnostics"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).not_to_be_empty()
        assert overflow(page) <= 0
    assert_harmless(page)


def test_a_hostile_address_is_a_page_or_nothing(hostile: Running, visit: Visitor) -> None:
    visit.allow("status of 4")
    for path in (
        "/#/provider/%3Cimg%20src=x%20onerror=window.pwned=1%3E",
        "/#/session/..%2f..%2fetc",
        "/#/%00",
        "/#//x",
    ):
        page = visit(hostile, path)
        expect(page.locator("h1")).to_be_visible()
        assert_harmless(page)


def test_the_files_on_disk_are_not_reachable(hostile: Running, visit: Visitor) -> None:
    visit.allow("status of 4")
    page = visit(hostile)
    inside = Path(__file__).name
    for path in ("/../../etc/passwd", "/assets/../../errors.py", f"/{inside}", "//example.invalid/"):
        answer = page.context.request.get(hostile.url + path, max_redirects=0)
        assert answer.status in (400, 404), path
