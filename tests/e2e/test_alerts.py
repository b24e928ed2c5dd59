"""Alerts in the real page: told while it is open, kept over a reload and a restart, snoozed, and budgets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, choose, open_settings, overflow, ready
from tests.e2e.worlds import HOUR, Story, day, limits, now_ms

pytestmark = pytest.mark.browser
HEADLINE = "Codex: 5 hours at 91 %"


def bell(page: Page, count: int) -> None:
    """The number on the bell, which is also its name."""
    name = "Alerts" if count == 0 else f"Alerts: {count} alert{'' if count == 1 else 's'}"
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


def open_list(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Alerts")).click()
    expect(page.get_by_role("dialog", name="Alerts")).to_be_visible()


def calm_home(home: Path) -> Story:
    """A session that used little of its five hours."""
    return Story(home, now_ms() - HOUR, 0).turn("gpt-5.5", "medium", 1, limits((12.5, 4))).write()


def use(story: Story, percent: float) -> None:
    """The agent writes a response with a reading of now."""
    story.rollout.now_ms = now_ms()
    story.turn("gpt-5.5", "medium", 1, limits((percent, 4)))
    story.append(3)


def test_an_alert_fires_while_the_page_is_open_and_only_once(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    story = calm_home(home)
    running = start(home)
    page = ready(visit(running))
    bell(page, 0)
    use(story, 91)
    toast = page.get_by_role("region", name="Messages").get_by_text(HEADLINE, exact=False)
    expect(toast).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Alerts: "))).to_be_visible()
    expect(page.get_by_role("button", name="5 hours: alert at 90 %")).to_be_visible()
    page.reload()
    ready(page)
    expect(toast).to_have_count(0)
    open_list(page)
    current = page.get_by_role("list", name="Current alerts")
    expect(current.get_by_text(HEADLINE).first).to_be_visible()
    page.get_by_label(f"Snooze: {HEADLINE}").select_option("reset")
    expect(current.get_by_role("button", name=re.compile("^Silent until"))).to_be_visible()
    page.close()
    assert running.end() == 0

    again = ready(visit(start(home), keep_settings=True))
    use(story, 92)
    open_list(again)
    row = again.get_by_role("list", name="Current alerts").get_by_role("listitem").filter(has_text=HEADLINE)
    expect(row.get_by_role("button", name=re.compile("^Silent until"))).to_be_visible()
    expect(again.get_by_role("region", name="Messages").get_by_text("5 hours at", exact=False)).to_have_count(0)
    row.get_by_role("button", name=re.compile("^Dismiss")).click()
    past = again.get_by_role("list", name="Past alerts").get_by_role("listitem").filter(has_text=HEADLINE)
    expect(past).to_contain_text("dismissed")
    past.get_by_role("button", name="Undo").click()
    expect(again.get_by_role("list", name="Current alerts").get_by_text(HEADLINE).first).to_be_visible()


def test_a_budget_is_added_warns_and_is_deleted_with_a_way_back(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    story = calm_home(home)
    page = ready(visit(start(home)))
    visit.allow("400")
    dialog = open_settings(page, "Alerts")
    dialog.get_by_role("button", name="Add budget").click()
    form = page.get_by_role("dialog", name="Add a budget")
    form.get_by_role("radio", name="Tokens").check()
    form.get_by_label("Amount of tokens").fill("1.5")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text("Write a whole number of tokens", exact=False)).to_be_visible()
    used = story.rollout.total.total
    form.get_by_label("Amount of tokens").fill(str(used * 2))
    choose(page, "Period", "cycle")
    form.get_by_label("Begins on day of the month").fill("32")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text("A cycle begins on a day from 1 to 31.")).to_be_visible()
    form.get_by_label("Begins on day of the month").fill(str(int(day(10)[-2:])))
    expect(form.get_by_role("status")).to_contain_text("(50 %)")
    form.get_by_role("button", name="Add", exact=True).click()
    row = dialog.get_by_role("list", name="Budgets").get_by_role("listitem")
    expect(row).to_contain_text("(50 %)")
    use(story, 13)
    expect(page.get_by_role("region", name="Messages").get_by_text("Budget at ", exact=False)).to_be_visible()
    row.get_by_role("button", name=re.compile("^Delete")).click()
    expect(dialog.get_by_text("No budget yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("so far")


def test_thresholds_and_quiet_hours_are_kept_and_the_browser_says_that_it_cannot_notify(
    start: Serve, visit: Visitor, tmp_path: Path
) -> None:
    home = tmp_path / "codex"
    calm_home(home)
    running = start(home)
    page = ready(visit(running))
    visit.allow("400")
    dialog = open_settings(page, "Alerts")
    dialog.get_by_label("Percent used").fill("150")
    dialog.get_by_role("button", name="Save percents").click()
    expect(dialog.get_by_text("Steps lie between 1 and 100 percent.")).to_be_visible()
    dialog.get_by_label("Percent used").fill("60, 80")
    dialog.get_by_role("button", name="Save percents").click()
    dialog.get_by_label("From", exact=True).fill("22:00")
    dialog.get_by_label("To", exact=True).fill("06:30")
    dialog.get_by_role("button", name="Save quiet hours").click()
    expect(dialog.get_by_role("button", name="No quiet hours")).to_be_visible()
    expect(dialog.get_by_text("only its window can show notifications", exact=False).first).to_be_visible()
    dialog.get_by_role("button", name="Test notification").click()
    expect(dialog.get_by_role("status").filter(has_text="runs in the browser")).to_be_visible()
    page.close()
    assert running.end() == 0
    again = ready(visit(start(home), keep_settings=True))
    dialog = open_settings(again, "Alerts")
    expect(dialog.get_by_label("Percent used")).to_have_value("60, 80")
    expect(dialog.get_by_label("To", exact=True)).to_have_value("06:30")


@pytest.mark.parametrize("size", [(1280, 860), (900, 640), (420, 640)])
def test_nothing_is_wider_than_the_page(start: Serve, visit: Visitor, tmp_path: Path, size: tuple[int, int]) -> None:
    home = tmp_path / "codex"
    story = calm_home(home)
    page = ready(visit(start(home), size=size))
    use(story, 96)
    expect(page.get_by_role("button", name=re.compile("^Alerts: "))).to_be_visible()
    open_list(page)
    assert overflow(page) == 0
    dialog = page.get_by_role("dialog", name="Alerts")
    assert dialog.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    dialog.get_by_role("button", name="Settings").click()
    panel = page.locator(".tv-settings__panel")
    expect(panel).to_contain_text("Quiet hours")
    assert panel.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
