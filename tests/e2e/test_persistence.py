"""What was chosen comes back on the next start: the program itself is ended and started again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Running, Visitor, asked, choose, eventually, panel, pick, ready, table
from tests.e2e.worlds import busy_home

pytestmark = pytest.mark.browser


@pytest.fixture
def home(tmp_path: Path) -> Path:
    busy_home(tmp_path / "codex")
    return tmp_path / "codex"


def saved(page: Page) -> None:
    """Waits until what was chosen last has been saved."""
    page.wait_for_timeout(450)
    page.wait_for_load_state("networkidle")


def restarted(page: Page, running: Running, start: Serve, home: Path) -> Running:
    page.close()  # it would go on asking the program that is gone
    assert running.end() == 0
    return start(home)


def test_the_overview_as_it_was(start: Serve, visit: Visitor, home: Path) -> None:
    running = start(home)
    page = ready(visit(running))
    pick(page, "Range", "30 days")
    choose(page, "Width of the bars", "week")
    choose(page, "Stacked by", "project")
    models = table(page, "Models")
    models.get_by_role("row").filter(has_text="gpt-5.5").get_by_role("button").first.click()
    expect(models.get_by_text("high")).to_be_visible()
    choose(page, "Model", "gpt-5-codex")
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("of 8 responses")
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Display").click()
    saved(page)
    page = ready(visit(restarted(page, running, start, home), keep_settings=True))
    expect(page.get_by_role("radio", name="30 days")).to_be_checked()
    expect(panel(page, "Cost by week")).to_be_visible()
    expect(page.get_by_role("combobox", name="Stacked by")).to_have_value("project")
    expect(table(page, "Models").get_by_text("high")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("of 8 responses")
    page.keyboard.press("Control+,")
    expect(page.get_by_role("tab", name="Display")).to_have_attribute("aria-selected", "true")


def test_an_open_session_and_the_order_of_the_list(start: Serve, visit: Visitor, home: Path) -> None:
    running = start(home)
    page = ready(visit(running, settings={"range": "alltime"}))
    page.keyboard.press("Control+5")
    sessions = table(page, "Sessions")
    sessions.get_by_role("button", name="Cost").click()
    expect(sessions.get_by_role("columnheader", name="Cost")).to_have_attribute("aria-sort", "descending")
    sessions.get_by_text("Parser rewrite").click()
    expect(page.locator(".tv-resume__command")).to_contain_text("codex resume")
    command = page.locator(".tv-resume__command").inner_text()
    saved(page)
    page = visit(restarted(page, running, start, home), keep_settings=True)
    expect(page.locator(".tv-resume__command")).to_have_text(command)
    page.get_by_role("button", name="All sessions").click()
    expect(table(page, "Sessions").get_by_role("columnheader", name="Cost")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_the_overview_opens_first_where_that_is_chosen(start: Serve, visit: Visitor, home: Path) -> None:
    running = start(home)
    page = ready(visit(running))
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Startup").click()
    pick(page.get_by_role("dialog"), "Opens with", "Overview")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+5")
    expect(page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
    saved(page)
    page = ready(visit(restarted(page, running, start, home), keep_settings=True))
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()


def test_the_search_stays_while_the_page_is_open(start: Serve, visit: Visitor, home: Path) -> None:
    page = ready(visit(start(home), settings={"range": "alltime"}))
    page.keyboard.press("Control+5")
    page.get_by_label("Search").fill("Parser")
    expect(table(page, "Sessions").locator("tbody tr")).to_have_count(1)
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    page.get_by_role("button", name="All sessions").click()
    expect(page.get_by_label("Search")).to_have_value("Parser")
    expect(table(page, "Sessions").locator("tbody tr")).to_have_count(1)


def test_what_was_chosen_at_the_last_moment(start: Serve, visit: Visitor, home: Path) -> None:
    running = start(home)
    page = ready(visit(running))
    pick(page, "Range", "30 days")
    page.goto("about:blank")
    eventually(lambda: asked(page.context, running, "app.state")["settings"]["range"], "last30days")
    again = ready(visit(running, keep_settings=True))
    expect(again.get_by_role("radio", name="30 days")).to_be_checked()
