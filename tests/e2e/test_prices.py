"""Prices: changed in the settings, and every figure on the page follows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, card, eventually, figure, panel, ready, rows, table
from tests.e2e.worlds import HOUR, Story, now_ms, used

pytestmark = pytest.mark.browser


def write_home(home: Path) -> None:
    Story(home, now_ms() - HOUR, 1).turn("gpt-5.5", "medium", 4).write()
    Story(home, now_ms() - 2 * HOUR, 2).turn("local-proxy-7b", "medium", 3).write()


def fill_rule(dialog: Locator, **fields: str) -> None:
    names = {"pattern": "Model pattern", "input": "Input", "cached": "Read from cache", "output": "Output"}
    for field, value in fields.items():
        dialog.get_by_role("textbox", name=names[field], exact=True).first.fill(value)


def money(row: dict[str, Any], name: str = "Cost exact") -> Decimal:
    return Decimal(row[name].splitlines()[0].strip("$").replace(",", ""))


def assert_cost(page: Page, model: str, cost: Decimal, total: Decimal) -> None:
    """The cost of one model and the total, wherever they stand."""
    expect(figure(page, "Cost")).to_have_attribute("title", f"${total.normalize():f}")
    shown = {row["Model"]: row for row in rows(table(page, "Models"))}
    assert (money(shown[model]), money(shown["Total"])) == (cost, total)
    item = panel(page, "Cost by day").locator(".td-legend__item").filter(has_text=model)
    assert Decimal((item.locator(".td-legend__value").get_attribute("title") or "").strip("$")) == cost
    events = rows(table(page, "Responses"))
    assert sum(money(row) for row in events if row["Model"].startswith(model)) == cost
    assert sum(money(row) for row in events if row["Cost"] != "unpriced") == total


def test_a_rule_changes_every_figure_at_once(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    write_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    before = {row["Model"]: row for row in rows(table(page, "Models"))}
    known = money(before["gpt-5.5"])
    assert_cost(page, "gpt-5.5", known, known)
    expect(card(page, "Cost")).to_contain_text("1 unpriced")

    card(page, "Cost").get_by_role("button", name="1 unpriced").click()
    dialog = page.get_by_role("dialog", name="Settings")
    table(page, "Models and their prices").get_by_role("button", name="Add price").click()
    expect(dialog.get_by_role("textbox", name="Model pattern")).to_have_value("local-proxy-7b")
    fill_rule(dialog, input="2", cached="0.5", output="10")
    dialog.get_by_role("button", name="Save rule").click()
    expect(table(page, "Your price rules").locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    uses = [used(200 + at) for at in range(3)]
    units = sum(2 * (each.input - each.cached) + Decimal("0.5") * each.cached + 10 * each.output for each in uses)
    priced = units / 1_000_000
    expect(card(page, "Cost")).not_to_contain_text("unpriced")
    eventually(
        lambda: rows(table(page, "Models"))[-1]["Cost exact"].split("\n")[0], f"${(known + priced).normalize():f}"
    )
    assert_cost(page, "local-proxy-7b", priced, known + priced)

    page.keyboard.press("Control+,")
    table(page, "Your price rules").get_by_role("button", name="Delete the rule for local-proxy-7b").click()
    page.get_by_role("dialog", name="Delete this rule?").get_by_role("button", name="Delete").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    page.keyboard.press("Escape")
    expect(card(page, "Cost")).to_contain_text("1 unpriced")
    expect(figure(page, "Cost")).to_have_attribute("title", f"${known.normalize():f}")


def test_the_badge_in_the_breakdown_opens_the_prices(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    write_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    table(page, "Models").get_by_role("button", name="unpriced").click()
    expect(page.get_by_role("tab", name="Pricing")).to_have_attribute("aria-selected", "true")


def test_what_is_wrong_with_a_rule_stands_beside_its_field(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    visit.allow("status of 4")
    write_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Pricing").click()
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("button", name="Add rule").click()
    fill_rule(dialog, pattern="gpt-5.5", input="-1", output="10")
    dialog.get_by_role("button", name="Save rule").click()
    wrong = dialog.get_by_role("textbox", name="Input", exact=True).first
    expect(wrong).to_have_attribute("aria-invalid", "true")
    note = wrong.get_attribute("aria-describedby")
    assert dialog.locator(f"[id='{note}']").inner_text().strip()
    page.keyboard.press("Escape")
    expect(figure(page, "Cost")).not_to_have_text("unpriced")
