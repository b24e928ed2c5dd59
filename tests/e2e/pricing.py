"""The Pricing tab as a user works with it, and a home whose models have no price until they get one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from tests.e2e.driver import eventually, figure, panel, rows, table
from tests.e2e.worlds import DAY, Story, limits, now_ms, used

from tokendial.domain.periods import MONTHS
from tokendial.domain.zones import local_day, zone_named

MODEL, USES, HOURS = "house-9b", 6, DAY // 24
FIELDS = {
    "pattern": "Model pattern",
    "start": "From (UTC day)",
    "end": "Until, not included",
    "input": "Input",
    "cached": "Read from cache",
    "output": "Output",
}
_DATES = ("start", "end")


def yesterday_noon() -> int:
    """In the middle of a UTC day, so that everything said within the hour is of one day and one month."""
    return now_ms() // DAY * DAY - DAY // 2


def month_of(at_ms: int) -> str:
    """The month as the page names it."""
    day = local_day(at_ms, zone_named("UTC"))
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_of(at_ms: int) -> str:
    return local_day(at_ms, zone_named("UTC")).isoformat()


def house_home(home: Path) -> Path:
    """Six responses of a model without a price, yesterday at noon, inside a weekly limit."""
    Story(home, yesterday_noon(), 3).turn(MODEL, "medium", USES, limits((12.5, 4), (40.0, 90))).write()
    return home


def priced(dollars: str, cached: str, output: str, places: range = range(USES)) -> Decimal:
    """What the responses of `house_home` cost at these dollars per million tokens."""
    uses = [used(300 + place) for place in places]
    fresh = sum(each.input - each.cached for each in uses)
    units = Decimal(dollars) * fresh + Decimal(cached) * sum(each.cached for each in uses)
    return (units + Decimal(output) * sum(each.output for each in uses)) / 1_000_000


def exact(usd: Decimal) -> str:
    """Every digit, at least cents, as on hover."""
    whole, _, fraction = f"{usd:f}".partition(".")
    return f"${int(whole):,}.{fraction.rstrip('0').ljust(2, '0')}"


def short(usd: Decimal) -> str:
    """Cents, below a dollar four digits."""
    places = Decimal("0.01") if usd >= 1 else Decimal("0.0001")
    return f"${usd.quantize(places, ROUND_HALF_UP):,f}"


def costs_everywhere(page: Page, usd: Decimal | None) -> None:
    """One cost on the card, in the chart, the breakdown, the limit and the responses; None is unpriced."""
    if usd is None:
        expect(figure(page, "Cost")).to_have_text("unpriced")
        eventually(lambda: rows(table(page, "Models"))[0]["Cost"], "unpriced")
        eventually(lambda: {row["Cost"] for row in rows(table(page, "Responses"))}, {"unpriced"})
        return
    expect(figure(page, "Cost")).to_have_attribute("title", exact(usd))
    item = panel(page, "Cost by day").locator(".td-legend__item").filter(has_text=MODEL)
    expect(item.locator(".td-legend__value")).to_have_attribute("title", exact(usd))
    eventually(lambda: rows(table(page, "Models"))[-1]["Cost exact"].split("\n")[0], exact(usd))
    weekly = page.locator(".tv-limit [title^='Inside this window']").last
    expect(weekly).to_have_attribute("title", f"Inside this window: {_tokens()} tokens, {short(usd)}")
    eventually(lambda: sum(_dollars(row["Cost exact"]) for row in rows(table(page, "Responses"))), usd)


def _tokens() -> str:
    return f"{sum(used(300 + place).total for place in range(USES)):,}"


def _dollars(text: str) -> Decimal:
    first = text.splitlines()[0].strip("$").replace(",", "") if text else ""
    return Decimal(first) if first[:1].isdigit() else Decimal(0)


def open_pricing(page: Page) -> Locator:
    """The Pricing tab, as far as it is drawn."""
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("tab", name="Pricing").click()
    expect(
        page.get_by_role("table", name="Models and their prices").or_(dialog.get_by_label(FIELDS["pattern"]))
    ).to_be_visible()
    return dialog


def fill(dialog: Locator, **values: str) -> None:
    """Fill boxes of the form of a rule."""
    for name, value in values.items():
        box = dialog.get_by_label(FIELDS[name], exact=True).first
        box.fill(value)


def add_rule(dialog: Locator, **values: str) -> None:
    dialog.get_by_role("button", name="Add rule").click()
    fill(dialog, **values)
    save(dialog)


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save rule").click()
    expect(dialog.get_by_role("button", name="Save rule")).to_have_count(0)


def patterns(page: Page) -> list[str]:
    """The rules in the table's order."""
    return [row["Model pattern"] for row in rows(table(page, "Your price rules")) if "Input" in row]


def effect(within: Page | Locator) -> Locator:
    """The box that says what a change would do."""
    return within.get_by_role("group", name="Effect")
