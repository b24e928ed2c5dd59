"""From log files to the numbers on the screen: every panel equals the report of the same logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.driver import (
    Running,
    Visitor,
    card,
    column,
    eventually,
    exact_money,
    figure,
    panel,
    pick,
    ready,
    rows,
    serve,
    table,
)
from tests.e2e.worlds import HOUR, SHOP, Busy, Story, limits, now_ms

pytestmark = pytest.mark.browser


@pytest.fixture
def page(busy: Busy, visit: Visitor) -> Page:
    return ready(visit(busy.running, settings={"range": "alltime", "exact_numbers": True}))


def tokens(count: int) -> str:
    return f"{count:,}"


def test_the_cards_equal_the_report(page: Page, busy: Busy) -> None:
    totals = busy.report()["totals"]
    expect(figure(page, "Total tokens")).to_have_text(tokens(totals["total_tokens"]))
    expect(card(page, "Total tokens").locator(".td-kpi__sub")).to_have_text(
        f"in {tokens(totals['input_tokens'])}cached {tokens(totals['cache_read_tokens'])}"
        f"out {tokens(totals['output_tokens'])}"
    )
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(totals["cost_usd"]))
    expect(figure(page, "Cost")).to_have_text(f"${Decimal(totals['cost_usd']):.2f}")
    expect(card(page, "Cost").get_by_role("button")).to_have_text("1 unpriced")
    prompt = totals["total_tokens"] - totals["output_tokens"]
    expect(figure(page, "Cached share")).to_have_text(f"{100 * totals['cache_read_tokens'] / prompt:.1f} %")
    expect(figure(page, "Output")).to_have_text(tokens(totals["output_tokens"]))
    expect(card(page, "Output")).to_contain_text(f"reasoning {tokens(totals['reasoning_tokens'])} inside")
    expect(figure(page, "Sessions")).to_have_text("5")
    expect(card(page, "Sessions")).to_contain_text(f"{totals['events']} responses")


def test_short_numbers_keep_the_exact_ones_on_hover(busy: Busy, visit: Visitor) -> None:
    page = ready(visit(busy.running, settings={"range": "alltime"}))
    total = busy.report()["totals"]["total_tokens"]
    expect(figure(page, "Total tokens")).to_have_text(f"{total / 1_000_000:.2f}M")
    expect(figure(page, "Total tokens")).to_have_attribute("title", f"{total:,} tokens")


def test_the_breakdown_equals_the_report_and_adds_up_to_the_cards(page: Page, busy: Busy) -> None:
    answer = busy.report("--by", "model")
    shown = {row["Model"]: row for row in rows(table(page, "Models"))}
    assert set(shown) == {*(row["key"] for row in answer["rows"]), "Total"}
    for row in [*answer["rows"], {**answer["totals"], "key": "Total"}]:
        line = shown[row["key"]]
        assert line["Tokens"] == tokens(row["total_tokens"])
        assert line["Input"] == tokens(row["input_tokens"])
        assert line["Cached"] == tokens(row["cache_read_tokens"])
        assert line["Output"] == tokens(row["output_tokens"])
        assert line["Reasoning"] == tokens(row["reasoning_tokens"])
        if row["unpriced_models"] == [row["key"]]:
            assert (line["Cost"], line["per 1M"]) == ("unpriced", "–")
        else:
            assert line["Cost exact"].splitlines()[0] == exact_money(row["cost_usd"])
    assert shown["Total"]["Share"] == "100 %"


@pytest.mark.parametrize("by", ["effort", "project"])
def test_other_dimensions_equal_the_report(page: Page, busy: Busy, by: str) -> None:
    name = by.capitalize()
    pick(page, "Group by", name)
    expect(panel(page, f"{name}s")).to_be_visible()
    answer = busy.report("--by", by)
    found = sorted((row["Tokens"], row["Output"]) for row in rows(table(page, f"{name}s")))
    wanted = [answer["totals"], *answer["rows"]]
    assert found == sorted((tokens(row["total_tokens"]), tokens(row["output_tokens"])) for row in wanted)


def test_the_originators_are_named(page: Page) -> None:
    pick(page, "Group by", "Originator")
    expect(table(page, "Originators")).to_be_visible()
    assert len(column(table(page, "Originators"), "Originator")) == 3


def test_a_model_unfolds_to_its_efforts(page: Page) -> None:
    line = table(page, "Models").get_by_role("row").filter(has_text="gpt-5.5")
    line.get_by_role("button", name="Unfold").click()
    expect(line.get_by_role("button", name="Fold")).to_be_visible()
    shown = rows(table(page, "Models"))
    place = next(at for at, row in enumerate(shown) if row["Model"] == "gpt-5.5")
    children = shown[place + 1 : place + 4]
    assert sorted(child["Model"] for child in children) == ["high", "low", "medium"]
    count = lambda row: int(row["Tokens"].replace(",", ""))  # noqa: E731
    assert sum(count(child) for child in children) == count(shown[place])


def test_the_chart_and_its_legend_add_up_to_the_cards(page: Page, busy: Busy) -> None:
    answer = busy.report("--by", "model")
    pick(panel(page, re.compile("^(Cost|Tokens) by")), "Measure", "Tokens")
    legend = panel(page, re.compile("^Tokens by"))
    expect(legend.locator(".td-legend__item--total .td-legend__value")).to_have_text(
        tokens(answer["totals"]["total_tokens"])
    )
    for row in answer["rows"]:
        item = legend.locator(".td-legend__item").filter(has_text=row["key"])
        expect(item.locator(".td-legend__value")).to_have_text(tokens(row["total_tokens"]))
    legend.get_by_role("button", name="Show as table").click()
    figures = rows(legend.get_by_role("table"))
    assert figures[-1]["Total"] == tokens(answer["totals"]["total_tokens"])
    unit = legend.get_by_role("heading").inner_text().rpartition(" ")[2]
    used = [row["Total"] for row in figures[:-1] if row["Total"] != "0"]
    assert used == [tokens(row["total_tokens"]) for row in busy.report("--by", unit)["rows"]]


def test_every_response_is_a_line_of_its_own(page: Page, busy: Busy) -> None:
    answer = busy.report()
    pager = page.get_by_role("navigation", name="Pages of responses")
    expect(pager).to_contain_text("1–20 of 38 responses")
    seen = rows(table(page, "Responses"))
    pager.get_by_role("button", name="Next page").click()
    expect(pager).to_contain_text("21–38 of 38 responses")
    expect(table(page, "Responses").locator("tbody tr")).to_have_count(18)
    seen += rows(table(page, "Responses"))
    total = lambda name: sum(int(row[name].replace(",", "")) for row in seen)  # noqa: E731
    assert total("Tokens") == answer["totals"]["total_tokens"]
    assert total("Output") == answer["totals"]["output_tokens"]
    costs = [Decimal(row["Cost exact"].strip("$")) for row in seen if row["Cost"] != "unpriced"]
    assert sum(costs) == Decimal(answer["totals"]["cost_usd"])
    assert [row["Cost"] for row in seen].count("unpriced") == 3


def test_events_of_one_model(page: Page) -> None:
    events = panel(page, "Recent events")
    events.get_by_label("Model").select_option("gpt-5-codex")
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("1–12 of 12 responses")
    assert {row["Model"].split()[0] for row in rows(table(page, "Responses"))} == {"gpt-5-codex"}
    events.get_by_label("Model").select_option("")
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("1–20 of 38 responses")


def test_the_list_of_sessions_equals_the_report(busy: Busy, visit: Visitor) -> None:
    page = visit(busy.running, "/#/sessions", settings={"range": "alltime", "exact_numbers": True})
    listed = table(page, "Sessions")
    expect(listed.locator("tbody tr")).to_have_count(5)
    answer = busy.report("--by", "session")
    wanted = sorted((tokens(row["total_tokens"]), str(row["events"])) for row in answer["rows"])
    assert sorted((row["Tokens"], row["Responses"]) for row in rows(listed)) == wanted
    listed.get_by_role("button", name="Tokens").click()
    expect(listed.get_by_role("columnheader", name="Tokens")).to_have_attribute("aria-sort", "descending")
    largest = sorted((row["total_tokens"] for row in answer["rows"]), reverse=True)
    eventually(lambda: column(listed, "Tokens"), [tokens(count) for count in largest])
    listed.get_by_role("button", name="Tokens").click()
    eventually(lambda: column(listed, "Tokens"), [tokens(count) for count in reversed(largest)])


def test_sessions_are_searched(busy: Busy, visit: Visitor) -> None:
    page = visit(busy.running, "/#/sessions", settings={"range": "alltime"})
    search = page.get_by_label("Search")
    for text, count in (("parser", 1), ("INFRA", 3), (busy.stories[2].id, 1), ("local-proxy", 1)):
        search.fill(text)
        expect(page.get_by_role("navigation", name="Pages of sessions")).to_contain_text(f"of {count} session")
        expect(table(page, "Sessions").locator("tbody tr")).to_have_count(count)
    search.fill("%_no such session")
    expect(page.get_by_text("No session fits the search")).to_be_visible()


def test_a_session_explains_itself(busy: Busy, visit: Visitor) -> None:
    page = visit(busy.running, "/#/sessions", settings={"range": "alltime", "exact_numbers": True})
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    story = busy.stories[0]
    expect(page.get_by_role("heading", name="Session", exact=True)).to_be_visible()
    expect(page.locator(".tv-resume__command")).to_have_text(f"codex resume {story.id}")
    answer = next(row for row in busy.report("--by", "session")["rows"] if story.id in row["key"])
    expect(figure(page, "Tokens")).to_have_text(tokens(answer["total_tokens"]))
    expect(figure(page, "Cost")).to_have_attribute("title", exact_money(answer["cost_usd"]))
    audit = {row["What was done"]: row for row in rows(table(page, "Audit"))}
    counted = next(row for name, row in audit.items() if name.startswith("Counted"))
    assert counted["Records"] == "17"
    assert counted["Tokens in them"] == tokens(answer["total_tokens"])
    assert len(audit) == 2
    expect(page.get_by_text(f"{story.rollout.thread}.jsonl").first).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("1–17 of 17")
    expect(panel(page, "Context over time")).to_be_visible()
    page.get_by_role("button", name="All sessions").click()
    expect(table(page, "Sessions")).to_be_visible()


def test_a_session_that_is_not_known(busy: Busy, visit: Visitor) -> None:
    visit.allow("404")
    page = visit(busy.running, "/#/session/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_text("This session could not be read")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "used", "percent", "rest"),
    [
        ("none", 0.0, "0 %", "100 % left"),
        ("some", 12.5, "13 %", "87 % left"),
        ("nearly", 99.5, "99 %", "0.5 % left"),
        ("all", 100.0, "100 %", "0 % left"),
    ],
)
def test_limits_in_words(visit: Visitor, limited: Running, name: str, used: float, percent: str, rest: str) -> None:
    shown = limit(ready(visit(limited)), name)
    expect(shown.locator(".td-meter__top")).to_have_text(re.compile(rf"^5 hours\s*{percent}\s*used, {rest}$"))
    meter = shown.get_by_role("meter")
    expect(meter).to_have_attribute("aria-valuetext", re.compile(f"^{percent}"))
    assert abs(int(meter.get_attribute("aria-valuenow") or "-1") - used) <= 0.5


def test_an_unknown_limit_is_neither_empty_nor_full(visit: Visitor, limited: Running) -> None:
    shown = limit(ready(visit(limited)), "over")
    expect(shown).to_contain_text("new window")
    expect(shown).to_contain_text("last known 60 % used")
    expect(shown.get_by_role("meter")).to_have_count(0)
    assert not re.search(r"\b(0|100) %", shown.inner_text())


def test_a_spent_week_blocks_the_hours(visit: Visitor, limited: Running) -> None:
    shown = limit(ready(visit(limited)), "blocked")
    expect(shown).to_contain_text("Blocked by weekly")
    expect(shown.locator(".td-meter__label")).to_have_text(["5 hours", "Weekly"])
    expect(shown.locator(".td-meter__value")).to_have_text(["12 %", "100 %"])


def limit(page: Page, name: str) -> Locator:
    """The card of a limit by its name."""
    return page.locator(".tv-limit").filter(has=page.get_by_text(name, exact=True))


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over readings of every kind, each under a limit id of its own."""
    folder = tmp_path_factory.mktemp("limited")
    shown: list[tuple[str, float, int, tuple[float, int] | None]] = [
        ("none", 0.0, 4, None),
        ("some", 12.5, 4, None),
        ("nearly", 99.5, 4, None),
        ("all", 100.0, 4, None),
        ("over", 60.0, -1, None),
        ("blocked", 12.0, 4, (100.0, 40)),
    ]
    for number, (name, percent, hours, week) in enumerate(shown):
        snapshot = limits((percent, hours), week, limit_id=name, limit_name=name)
        begun = now_ms() - (6 if hours < 0 else 0) * HOUR - 120_000
        Story(folder / "codex", begun, number, SHOP).turn("gpt-5.5", "medium", 2, snapshot).write()
    running = serve(folder, folder / "codex")
    yield running
    assert running.end() == 0
