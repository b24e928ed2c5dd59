"""The display settings as a user changes them: every page follows at once, and nothing of the ledger changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.driver import (
    Running,
    Visitor,
    choose,
    eventually,
    exact_money,
    figure,
    pick,
    ready,
    report,
    serve,
    table,
)
from tests.e2e.worlds import busy_home

pytestmark = pytest.mark.browser

RATE = Decimal("0.92")


class Home:
    """A server over the busy home."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "codex"
        busy_home(self.home)
        self.running: Running = serve(folder, self.home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("display"))
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""


def settings(page: Page, tab: str = "Display") -> Locator:
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("tab", name=tab).click()
    return dialog


def test_another_currency_is_shown_everywhere_and_written_nowhere(home: Home, visit: Visitor) -> None:
    page = ready(visit(home.running, settings={"range": "alltime"}))
    totals = report(home.folder, home.home)["totals"]
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(totals["cost_usd"]))
    dialog = settings(page)
    dialog.get_by_label("Sign").fill("€")
    dialog.get_by_label("One dollar is").fill("0.92")
    expect(dialog.get_by_text("$100.00 is shown as €92.00.")).to_be_visible()
    dialog.get_by_role("button", name="Save currency").click()
    expect(dialog.get_by_role("button", name="Back to US dollars")).to_be_visible()
    page.keyboard.press("Escape")
    euros = exact_money(f"{Decimal(totals['cost_usd']) * RATE:.12f}").replace("$", "€")
    expect(figure(page, "Cost")).to_have_attribute("title", euros)
    for path in ("/", "/#/sessions", "/#/provider/codex"):
        page.goto(home.running.url + path)
        expect(page.locator("section.td-card").first).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert_no_dollars(page)
    page.goto(home.running.url + "/#/sessions")
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    expect(table(page, "Audit")).to_be_visible()
    assert_no_dollars(page)
    page.get_by_role("button", name="$1 = €0.92, fixed by hand").click()
    expect(page.get_by_role("tab", name="Display")).to_have_attribute("aria-selected", "true")
    assert report(home.folder, home.home)["totals"]["cost_usd"] == totals["cost_usd"]


_DOLLARS = """() => {
  const mark = document.querySelector('.tv-scan__mark')?.outerHTML ?? '';
  return [...document.querySelector('#app').outerHTML.replace(mark, '').matchAll(/.{30}\\$\\d.{10}/g)].map((m) => m[0]);
}"""


def assert_no_dollars(page: Page) -> None:
    expect(page.get_by_text("€").first).to_be_visible()
    assert page.evaluate(_DOLLARS) == []


@pytest.mark.parametrize(
    ("sign", "rate", "box", "words"),
    [
        ("€", "0,92", "One dollar is", "Write it with a point: 0.92"),
        ("€", "0", "One dollar is", "more than zero"),
        ("€", "many", "One dollar is", "a number with a point"),
        ("12", "0.92", "Sign", "one to four letters or currency symbols"),
        ("$", "0.92", "One dollar is", "$ stands for US dollars"),
    ],
)
def test_a_refused_currency_is_explained_beside_its_box(
    home: Home, visit: Visitor, sign: str, rate: str, box: str, words: str
) -> None:
    visit.allow("400")
    page = ready(visit(home.running))
    dialog = settings(page)
    dialog.get_by_label("Sign").fill(sign)
    dialog.get_by_label("One dollar is").fill(rate)
    dialog.get_by_label("One dollar is").press("Enter")
    expect(dialog.get_by_label(box)).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label(box)).to_have_accessible_description(re.compile(re.escape(words)))
    page.keyboard.press("Escape")
    expect(figure(page, "Cost")).to_contain_text("$")


def test_numbers_week_and_zone_hold_at_once(home: Home, visit: Visitor) -> None:
    page = ready(visit(home.running, settings={"range": "alltime"}))
    dialog = settings(page)
    expect(figure(page, "Total tokens")).to_have_text(re.compile("M$"))
    pick(dialog, "Numbers", "Exact")
    expect(figure(page, "Total tokens")).to_have_text(re.compile(r"^[\d,]+$"))
    for day in ("Thu", "Sun", "Mon"):
        pick(dialog, "First day of the week", day)
        expect(page.locator(".td-calendar__weekday").first).to_have_text(day)
    choose(page, "Time zone", "Pacific/Kiritimati")
    expect(dialog.get_by_text(re.compile("^Now .* there"))).to_be_visible()
    choose(page, "Time zone", "")
    dialog.get_by_label("Minutes").fill("100000")
    dialog.get_by_role("button", name="Save minutes").click()
    visit.allow("400")
    expect(dialog.get_by_text("Active minutes must lie between 1 and 10,080.")).to_be_visible()
    dialog.get_by_label("Minutes").fill("300")
    dialog.get_by_role("button", name="Save minutes").click()
    page.keyboard.press("Escape")
    expect(table(page, "Active sessions").locator("tbody tr")).to_have_count(2)


def test_every_open_page_follows(home: Home, visit: Visitor) -> None:
    one, two = ready(visit(home.running)), ready(visit(home.running))
    dialog = settings(one)
    pick(dialog, "Theme", "Dark")
    eventually(lambda: two.evaluate("document.documentElement.dataset.theme"), "dark")
    pick(dialog, "Numbers", "Exact")
    expect(figure(two, "Total tokens")).to_have_text(re.compile(r"^[\d,]+$"))
    one.keyboard.press("Escape")
    two.keyboard.press("Control+Shift+p")
    expect(figure(one, "Cost")).to_have_text("$••••••")
    expect(one.get_by_role("heading", name="Overview", level=1)).to_be_visible()


def test_the_steps_of_the_meters(home: Home, visit: Visitor) -> None:
    page = ready(visit(home.running))
    weekly = page.locator(".tv-limit .td-meter").filter(has_text="Weekly")
    expect(weekly).to_have_class(re.compile("td-meter--ok"))
    dialog = settings(page, "Alerts")
    for warn, bad, tone in (("40", "60", "warn"), ("20", "40", "bad"), ("75", "90", "ok")):
        dialog.get_by_label("Warn from").fill(warn)
        dialog.get_by_label("Critical from").fill(bad)
        dialog.get_by_role("button", name="Save steps").click()
        expect(weekly).to_have_class(re.compile(f"td-meter--{tone}"))
    visit.allow("400")
    dialog.get_by_label("Warn from").fill("95")
    dialog.get_by_role("button", name="Save steps").click()
    expect(dialog.get_by_text("The second step must lie above the first one.")).to_be_visible()
