"""What can be chosen on the overview, and that everything on the page follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import (
    Visitor,
    choose,
    column,
    eventually,
    exact_money,
    figure,
    panel,
    pick,
    ready,
    rows,
    table,
)
from tests.e2e.worlds import Busy, day

pytestmark = pytest.mark.browser


@pytest.fixture
def page(busy: Busy, visit: Visitor) -> Page:
    return ready(visit(busy.running, settings={"exact_numbers": True, "trend_metric": "tokens"}))


def assert_shows(page: Page, totals: dict[str, Any]) -> None:
    """Cards, totals row and events are those of these totals."""
    expect(figure(page, "Total tokens")).to_have_text(f"{totals['total_tokens']:,}")
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(totals["cost_usd"]))
    eventually(lambda: rows(table(page, "Models"))[-1]["Tokens"], f"{totals['total_tokens']:,}")
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text(
        f"of {totals['events']} responses"
    )
    expect(page.locator(".td-legend__item--total .td-legend__value")).to_have_text(f"{totals['total_tokens']:,}")


def test_ranges(page: Page, busy: Busy) -> None:
    for name, since in (("14 days", 13), ("All", None), ("7 days", 6), ("30 days", 29)):
        pick(page, "Range", name)
        assert_shows(page, busy.totals(since))


def test_a_custom_range_includes_its_last_day_and_says_when_it_is_reversed(page: Page, busy: Busy) -> None:
    pick(page, "Range", "Custom")
    dates = page.get_by_role("group", name="Custom range")
    dates.get_by_label("Last day, included").fill(day(10))
    expect(dates).to_contain_text("The first day is after the last day.")
    expect(dates.get_by_label("First day")).to_have_attribute("aria-invalid", "true")
    before = figure(page, "Total tokens").inner_text()
    dates.get_by_label("First day").fill(day(10))
    expect(dates.get_by_role("status")).to_have_text("")
    totals = busy.report("--since", day(10), "--until", day(10))["totals"]
    assert totals["events"] == 6
    assert f"{totals['total_tokens']:,}" != before
    assert_shows(page, totals)


def test_the_width_of_the_bars(page: Page) -> None:
    for value, title in (("hour", "Tokens by hour"), ("week", "Tokens by week"), ("month", "Tokens by month")):
        choose(page, "Width of the bars", value)
        expect(panel(page, title)).to_be_visible()
        expect(page.get_by_role("group", name=re.compile(f"^{title}\\."))).to_be_visible()
    choose(page, "Width of the bars", "auto")
    expect(panel(page, "Tokens by day")).to_be_visible()


def test_what_the_bars_are_stacked_by(page: Page) -> None:
    legend = page.locator(".td-legend__name")
    for value, names in (("project", {"shop-web", "infra"}), ("originator", {"codex-tui", "codex_exec"})):
        choose(page, "Stacked by", value)
        eventually(lambda: {text.strip() for text in legend.all_inner_texts()} - {"Total"}, names)
    choose(page, "Stacked by", "model")
    eventually(legend.count, 4)


def test_switching_off_a_part_of_the_chart(page: Page) -> None:
    part = page.locator(".td-legend__item").filter(has_text="gpt-5.5").get_by_role("button")
    expect(part).to_have_attribute("aria-pressed", "true")
    part.click()
    expect(part).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("group", name=re.compile("2 parts"))).to_be_visible()


def test_sorting_the_breakdown(page: Page) -> None:
    models = table(page, "Models")
    names = lambda: column(models, "Model")[:-1]  # noqa: E731
    by_tokens = names()
    models.get_by_role("button", name="Model").click()
    eventually(names, sorted(by_tokens))
    models.get_by_role("button", name="Cost").click()
    eventually(lambda: names()[-1], "local-proxy-7b")
    models.get_by_role("button", name="Tokens").click()
    eventually(names, by_tokens)
    assert column(models, "Model")[-1] == "Total"


def test_a_click_on_a_bar_narrows_and_goes_back(page: Page, busy: Busy) -> None:
    back = 0 if busy.newest_day() == day(0) else 1
    totals = busy.report("--since", day(back), "--until", day(back))["totals"]
    whole = figure(page, "Total tokens").inner_text()
    chart = page.get_by_role("group", name=re.compile("^Tokens by day"))
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] - 20 - back * box["width"] / 7, "y": box["height"] / 2})
    assert_shows(page, totals)
    expect(page.get_by_role("radio", name="Custom")).to_be_checked()
    page.get_by_role("button", name="Back to last 7 days").click()
    expect(figure(page, "Total tokens")).to_have_text(whole)


def test_the_chart_is_read_with_the_arrow_keys(page: Page, busy: Busy) -> None:
    chart = page.get_by_role("group", name=re.compile("^Tokens by day"))
    chart.focus()
    page.keyboard.press("End")
    hover = chart.get_by_role("status")
    expect(hover).to_contain_text("Total" if busy.newest_day() == day(0) else "Nothing used")
    last = hover.inner_text()
    page.keyboard.press("ArrowLeft")
    expect(hover).not_to_have_text(last)
    expect(hover).to_contain_text("Total")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Custom")).to_be_checked()


def test_a_day_of_the_calendar_is_looked_at(page: Page, busy: Busy) -> None:
    page.locator(f"[data-day='{day(10)}']").click()
    assert_shows(page, busy.report("--since", day(10), "--until", day(10))["totals"])


def test_the_page_of_a_provider(page: Page) -> None:
    page.get_by_role("link", name="Codex").click()
    expect(page.get_by_role("heading", name="Codex", level=1)).to_be_visible()
    expect(page.locator(".tv-limit .td-meter__label")).to_have_text(["5 hours", "Weekly"])
    expect(page.get_by_role("link", name="Codex")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()


def test_an_active_session_is_opened(busy: Busy, visit: Visitor) -> None:
    page = ready(visit(busy.running, settings={"active_minutes": 300}))
    choose(page, "Provider and home", "p codex")
    active = table(page, "Active sessions")
    expect(active.locator("tbody tr")).to_have_count(2)
    active.get_by_text("Parser rewrite").click()
    expect(page.locator(".tv-resume__command")).to_contain_text("codex resume")
