"""Price rules in the settings: previewed, saved, copied, undone, and followed by every figure of the page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Running, Visitor, eventually, ready, rows, table
from tests.e2e.pricing import (
    MODEL,
    USES,
    add_rule,
    costs_everywhere,
    day_of,
    effect,
    exact,
    fill,
    house_home,
    month_of,
    open_pricing,
    patterns,
    priced,
    save,
    yesterday_noon,
)
from tests.e2e.worlds import DAY, Story, now_ms

pytestmark = pytest.mark.browser


@pytest.fixture
def running(start: Serve, tmp_path: Path) -> Iterator[Running]:
    return start(house_home(tmp_path / "codex"))


@pytest.fixture
def page(running: Running, visit: Visitor) -> Page:
    return ready(visit(running, settings={"bucket": "day"}))


def test_adding_changing_deleting_and_undoing_change_every_figure_together(page: Page) -> None:
    costs_everywhere(page, None)
    dialog = open_pricing(page)
    add_rule(dialog, pattern="house-*", input="2", cached="0.5", output="10")
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))

    dialog = open_pricing(page)
    table(page, "Your price rules").get_by_text("house-*").click()
    fill(dialog, output="20")
    save(dialog)
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "20"))

    page.get_by_role("region", name="Messages").get_by_role("button", name="Undo").last.click()
    costs_everywhere(page, priced("2", "0.5", "10"))

    dialog = open_pricing(page)
    dialog.get_by_role("button", name="Delete the rule for house-*").click()
    question = page.get_by_role("dialog", name="Delete this rule?")
    expect(effect(question)).to_contain_text(f"{priced('2', '0.5', '10'):.2f}"[:4])
    expect(effect(question)).to_contain_text("lose their price")
    question.get_by_role("button", name="Delete").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    page.keyboard.press("Escape")
    costs_everywhere(page, None)

    dialog = open_pricing(page)
    expect(dialog).to_contain_text("Last change: Deleted the rule for house-*")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(dialog).to_contain_text("Undone: Deleted the rule for house-*")
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))


def test_the_effect_is_shown_while_the_rule_is_typed_and_is_what_saving_does(page: Page) -> None:
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10")
    table(page, "Your price rules").get_by_text(MODEL).click()
    fill(dialog, input="3")
    change = priced("3", "0.5", "10") - priced("2", "0.5", "10")
    words = effect(dialog).locator("strong")
    expect(words).to_have_attribute("title", exact(change))
    expect(words).to_contain_text(f"This changes {month_of(yesterday_noon())} by +$")
    (line,) = rows(table(page, "Change by month"))
    assert (line["Month"], line["Change exact"]) == (month_of(yesterday_noon()), exact(change))
    assert line["Then exact"] == exact(priced("3", "0.5", "10"))
    assert [row["Model"] for row in rows(table(page, "Change by model"))] == [MODEL]
    fill(dialog, input="1")
    expect(words).to_have_attribute("title", f"-{exact(priced('2', '0.5', '10') - priced('1', '0.5', '10'))}")
    fill(dialog, input="2")
    expect(words).to_have_text("This changes no cost of what was used so far.")
    fill(dialog, input="3")
    save(dialog)
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("3", "0.5", "10"))


def test_undo_is_there_after_a_reload_and_can_be_undone(page: Page) -> None:
    dialog = open_pricing(page)
    add_rule(dialog, pattern="house-*", input="2", cached="0.5", output="10")
    page.reload()
    ready(page)
    dialog = open_pricing(page)
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    page.reload()
    ready(page)
    costs_everywhere(page, None)
    dialog = open_pricing(page)
    dialog.get_by_role("button", name="Redo", exact=True).click()
    expect(table(page, "Your price rules").get_by_text("house-*")).to_be_visible()
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))


def test_a_copy_is_valid_at_once_and_leaves_no_day_without_a_price(page: Page) -> None:
    """W14, W42: the older rule ends on the day that the copy begins."""
    today = day_of(now_ms())
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10")
    dialog.get_by_role("button", name=f"Duplicate the rule for {MODEL}").click()
    expect(dialog.get_by_label("From (UTC day)")).to_have_value(today)
    expect(dialog.get_by_role("switch", name=f"End the older rule for {MODEL} on {today}")).to_be_checked()
    expect(effect(dialog)).to_contain_text("This changes no cost")
    fill(dialog, start=day_of(yesterday_noon() + DAY // 2 - DAY), input="4")
    expect(effect(dialog).locator("strong")).to_have_attribute(
        "title", exact(priced("4", "0.5", "10") - priced("2", "0.5", "10"))
    )
    save(dialog)
    day = day_of(yesterday_noon())
    assert [row["UTC days, and more"] for row in rows(table(page, "Your price rules"))] == [
        f"from {day}",
        f"until {day}",
    ]
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("4", "0.5", "10"))


def test_an_overlap_is_told_beside_the_date_before_anything_is_saved(page: Page, visit: Visitor) -> None:
    visit.allow("status of 400")
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10")
    dialog.get_by_role("button", name=f"Duplicate the rule for {MODEL}").click()
    dialog.get_by_role("switch", name="End the older rule").uncheck()
    start = dialog.get_by_label("From (UTC day)")
    expect(start).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text(f"overlaps with that of another rule for {MODEL} (always)")
    dialog.get_by_role("button", name="Save rule").click()
    expect(start).to_have_attribute("aria-invalid", "true")
    fill(dialog, pattern="another-model")
    expect(start).not_to_have_attribute("aria-invalid", "true")
    save(dialog)
    assert patterns(page) == ["another-model", MODEL]


def test_an_empty_price_is_not_free(page: Page, visit: Visitor) -> None:
    """W66: clearing a box says that a number is missing; what may be blank falls back to the input's rate."""
    visit.allow("status of 400")
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10")
    table(page, "Your price rules").get_by_text(MODEL).click()
    fill(dialog, output="")
    output = dialog.get_by_label("Output", exact=True).first
    expect(output).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text("A number is missing.")
    expect(effect(dialog)).to_contain_text("Complete the rule")
    dialog.get_by_role("button", name="Save rule").click()
    expect(output).to_have_attribute("aria-invalid", "true")
    fill(dialog, output="10", cached="")
    save(dialog)
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "2", "10"))


def test_what_was_typed_stays_when_the_settings_are_closed(page: Page) -> None:
    dialog = open_pricing(page)
    dialog.get_by_role("button", name="Add rule").click()
    expect(dialog).not_to_contain_text("A number is missing")
    fill(dialog, pattern="half-typed", input="7")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    dialog = open_pricing(page)
    expect(dialog.get_by_label("Model pattern")).to_have_value("half-typed")
    expect(dialog.get_by_label("Input", exact=True).first).to_have_value("7")
    dialog.get_by_role("button", name="Cancel").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")


def test_the_table_stands_in_order_of_precedence_and_can_be_filtered(page: Page) -> None:
    dialog = open_pricing(page)
    for number, pattern in enumerate(("*", "house-*", MODEL, "house-9*")):
        add_rule(dialog, pattern=pattern, input=str(number + 1), output="1")
    assert patterns(page) == [MODEL, "house-9*", "house-*", "*"]
    expect(dialog).to_contain_text("an exact name comes before a pattern with *, a longer pattern before a shorter one")
    box = dialog.get_by_role("searchbox", name="Filter rules")
    box.fill("HOUSE-")
    assert patterns(page) == [MODEL, "house-9*", "house-*"]
    box.fill("nothing like it")
    expect(table(page, "Your price rules")).to_contain_text("No rule matches “nothing like it”.")
    box.fill("")
    assert len(patterns(page)) == 4
    (model,) = rows(table(page, "Models and their prices"))
    assert (model["Priced by"], model["Input"]) == (f"your rule {MODEL}", "$3.00")


def test_reset_to_the_catalogue_asks_and_is_undone(page: Page) -> None:
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10")
    add_rule(dialog, pattern="other", input="1", output="1")
    dialog.get_by_role("button", name="Reset to catalogue…").click()
    question = page.get_by_role("dialog", name="Reset to the catalogue?")
    expect(question).to_contain_text("Your 2 rules go")
    expect(effect(question)).to_contain_text("lose their price")
    question.get_by_role("button", name="Keep").click()
    assert patterns(page) == [MODEL, "other"]
    dialog.get_by_role("button", name="Reset to catalogue…").click()
    question.get_by_role("button", name="Reset").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(table(page, "Your price rules").get_by_text("other")).to_be_visible()
    assert patterns(page) == [MODEL, "other"]
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))


def test_a_question_is_answered_when_it_is_whole(page: Page, visit: Visitor) -> None:
    """What the change would do moves the buttons when it comes: nothing is pressed by mistake before."""
    visit.allow("status of 500")
    dialog = open_pricing(page)
    add_rule(dialog, pattern="house-*", input="2", cached="0.5", output="10")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def asked() -> int:
        page.wait_for_timeout(20)  # only meanwhile the browser is heard
        return len(held)

    page.route("**/api/pricing.preview", hold)
    dialog.get_by_role("button", name="Reset to catalogue…").click()
    question = page.get_by_role("dialog", name="Reset to the catalogue?")
    expect(question.get_by_role("button", name="Reset")).to_be_disabled()
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    eventually(asked, 1)
    held[0].continue_()
    expect(effect(question)).to_contain_text("lose their price")
    question.get_by_role("button", name="Reset").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")

    page.unroute("**/api/pricing.preview")
    page.route("**/api/pricing.preview", lambda route: route.fulfill(status=500, json={}))
    dialog.get_by_role("button", name="Undo", exact=True).click()
    dialog.get_by_role("button", name="Reset to catalogue…").click()
    expect(effect(question)).to_contain_text("500")
    expect(question.get_by_role("button", name="Reset")).to_be_enabled()


def test_a_model_without_a_price_is_one_click_from_a_rule_for_its_days(page: Page) -> None:
    dialog = open_pricing(page)
    expect(dialog).to_contain_text("1 model unpriced")
    models = table(page, "Models and their prices")
    models.get_by_role("button", name="Add price").click()
    expect(dialog.get_by_label("Model pattern")).to_have_value(MODEL)
    expect(dialog.get_by_label("From (UTC day)")).to_have_value(day_of(yesterday_noon()))
    fill(dialog, input="2", cached="0.5", output="10")
    expect(effect(dialog)).to_contain_text("tokens that had no price get one")
    save(dialog)
    expect(models.get_by_role("button", name="Edit rule")).to_be_visible()
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))


def test_each_model_tells_what_priced_it_when(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    noon = yesterday_noon()
    Story(tmp_path / "codex", noon - 2 * DAY, 4).turn(MODEL, None, 2).write()
    page = ready(visit(start(house_home(tmp_path / "codex"))))
    dialog = open_pricing(page)
    middle = day_of(noon - DAY)
    add_rule(dialog, pattern=MODEL, input="2", cached="0.5", output="10", start=middle)
    expect(dialog).to_contain_text("1 model unpriced")
    models = table(page, "Models and their prices")
    expect(models).to_contain_text("partly unpriced")
    models.get_by_role("button", name="Unfold").click()
    _, newer, older = rows(models)
    assert (newer["Model"], newer["Priced by"]) == (f"from {middle}", f"your rule {MODEL}")
    assert (older["Model"], older["Priced by"]) == (f"{day_of(noon - 2 * DAY)} to {middle}", "unpriced")
    models.get_by_role("button", name="Add price").click()
    expect(dialog.get_by_label("From (UTC day)")).to_have_value(day_of(noon - 2 * DAY))
    expect(dialog.get_by_label("Until, not included")).to_have_value(middle)
    fill(dialog, input="1", output="1")
    save(dialog)
    expect(dialog).not_to_contain_text("unpriced")


def test_a_catalogue_price_is_overridden_from_what_it_says(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    Story(tmp_path / "codex", yesterday_noon(), 5).turn("gpt-5.4", "medium", 3).write()
    page = ready(visit(start(tmp_path / "codex")))
    dialog = open_pricing(page)
    table(page, "Models and their prices").get_by_role("button", name="Override").click()
    expect(dialog.get_by_label("Model pattern")).to_have_value("gpt-5.4")
    expect(effect(dialog)).to_contain_text("This changes no cost of what was used so far.")
    expect(dialog.get_by_label("Above prompt tokens")).to_have_value("272000")
    priority = dialog.get_by_role("checkbox", name="priority")
    expect(priority).to_be_visible()
    before = priority.is_checked()
    priority.set_checked(not before)
    save(dialog)
    table(page, "Your price rules").get_by_text("gpt-5.4").click()
    expect(priority).to_be_checked(checked=not before)


def test_uses_are_what_the_expectations_count() -> None:
    assert priced("0", "0", "0") == 0
    assert priced("1", "1", "1", range(0, USES, 2)) + priced("1", "1", "1", range(1, USES, 2)) == priced("1", "1", "1")
    assert priced("1", "0", "0") > Decimal("0.01")
