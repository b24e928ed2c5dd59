"""The list of all sessions and the page of one, as a user works with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import Running, Visitor, choose, column, eventually, overflow, pick, ready, rows, serve, table
from tests.e2e.worlds import Busy, Family, family_home

pytestmark = pytest.mark.browser


@pytest.fixture
def page(busy: Busy, visit: Visitor) -> Page:
    settings = {"exact_numbers": True, "range": "last7days"}
    allowed = ["clipboard-read", "clipboard-write"]
    shown = visit(busy.running, "/#/sessions", settings=settings, permissions=allowed)
    expect(table(shown, "Sessions")).to_be_visible()
    return shown


def names(page: Page) -> list[str]:
    return table(page, "Sessions").locator("tbody .tv-session__name").all_inner_texts()


def test_every_session_is_found_whatever_the_range(page: Page, busy: Busy) -> None:
    assert len(names(page)) == 3
    expect(page.get_by_role("heading", name="Sessions in the range")).to_be_visible()
    pick(page, "Time", "All time")
    eventually(lambda: len(names(page)), 5)
    expect(page.get_by_role("heading", name="All sessions")).to_be_visible()
    found = {row["key"]: f"{row['total_tokens']:,}" for row in busy.report("--by", "session")["rows"]}
    assert sorted(column(table(page, "Sessions"), "Tokens")) == sorted(found.values())


def test_search_goes_over_title_id_project_and_model_and_offers_all_time(page: Page, busy: Busy) -> None:
    search = page.get_by_role("searchbox", name="Search")
    for words, count in (("parser", 1), ("infra nightly", 1), ("local-proxy", 1), (busy.stories[0].id[-12:], 1)):
        search.fill(words)
        eventually(lambda: len(names(page)), count)
    search.fill(busy.stories[4].id)
    expect(page.get_by_text("No session fits the search")).to_be_visible()
    page.get_by_role("button", name="Search all time").click()
    eventually(lambda: len(names(page)), 1)


def test_the_order_is_the_backend_s_by_header_or_choice(page: Page) -> None:
    pick(page, "Time", "All time")
    eventually(lambda: len(names(page)), 5)
    sessions = table(page, "Sessions")
    sessions.get_by_role("button", name="Tokens").click()
    numbers = lambda: [int(cell.replace(",", "")) for cell in column(sessions, "Tokens")]  # noqa: E731
    eventually(lambda: numbers() == sorted(numbers(), reverse=True), True)
    sessions.get_by_role("button", name="Tokens").click()
    eventually(lambda: numbers() == sorted(numbers()), True)
    choose(page, "Order", "title")
    eventually(lambda: names(page)[:2], ["Nightly review", "Parser rewrite"])
    page.get_by_role("button", name="Sorted up; sort down").click()
    eventually(lambda: names(page)[:2], ["Parser rewrite", "Nightly review"])
    choose(page, "Order", "model")
    models = lambda: [cell.split()[0] for cell in column(sessions, "Model")]  # noqa: E731
    eventually(lambda: models() == sorted(models()), True)


def test_the_list_is_as_it_was_left(page: Page) -> None:
    page.get_by_role("searchbox", name="Search").fill("infra")
    pick(page, "Time", "All time")
    choose(page, "Order", "started")
    eventually(lambda: len(names(page)), 3)
    before = names(page)
    table(page, "Sessions").locator("tbody tr").first.click()
    expect(page.locator(".tv-resume__command")).to_be_visible()
    page.get_by_role("button", name="All sessions").click()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("infra")
    eventually(lambda: names(page), before)


def test_a_session_s_page_says_where_its_figures_come_from(page: Page, busy: Busy) -> None:
    story = busy.stories[0]
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    command = page.locator(".tv-resume__command")
    expect(command).to_have_text(f"codex resume {story.id}")
    page.get_by_role("button", name="Copy command").click()
    eventually(lambda: page.evaluate("navigator.clipboard.readText()"), f"codex resume {story.id}")
    audit = {row["What was done"]: row["Records"] for row in rows(table(page, "Audit"))}
    assert audit == {"Counted": "17", "Emitted again with the same total": "1"}
    path = story.rollout.path(busy.home)
    page.get_by_role("button", name="Copy path").click()
    eventually(lambda: page.evaluate("navigator.clipboard.readText()"), str(path))
    page.get_by_role("button", name="Show in the file manager").click()
    opened = busy.folder / "opened.txt"
    eventually(lambda: opened.is_file() and opened.read_text().splitlines()[-1:], [str(path.parent)])
    expect(page.get_by_role("navigation", name="Pages of responses")).to_contain_text("1–17 of 17 responses")


def test_a_session_over_time(page: Page) -> None:
    table(page, "Sessions").get_by_text("Parser rewrite").click()
    chart = page.get_by_role("group", name=re.compile(r"^Context over time\. Context used over 17 responses"))
    chart.focus()
    page.keyboard.press("End")
    expect(chart.get_by_role("status")).to_contain_text("Share of window")
    pick(page, "Shown over time", "Tokens")
    page.get_by_role("button", name="Table").click()
    drawn = rows(table(page, "Tokens over time"))
    shown = rows(table(page, "Responses"))
    assert [row["Tokens"] for row in drawn] == [row["Tokens"] for row in shown[::-1]]


# -- a large family -----------------------------------------------------------------------------------------------


class Clan:
    """A server over a home with a family of hundreds."""

    def __init__(self, folder: Path) -> None:
        self.family: Family = family_home(folder / "codex")
        self.running: Running = serve(folder, folder / "codex")


@pytest.fixture(scope="module")
def clan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clan]:
    made = Clan(tmp_path_factory.mktemp("clan"))
    yield made
    assert made.running.end() == 0
    assert made.running.errors == ""


def opened(clan: Clan, visit: Visitor, session: str, size: tuple[int, int] = (1280, 860)) -> Page:
    page = ready(visit(clan.running, size=size))
    page.goto(f"{clan.running.url}/#/session/{session}")
    expect(table(page, "Responses")).to_be_visible()
    return page


def test_a_family_is_a_tree_that_leads_from_one_to_the_other(clan: Clan, visit: Visitor) -> None:
    first = clan.family.chain[1]
    page = opened(clan, visit, first.id)
    family = table(page, "Family")
    own = family.locator("tr", has=page.locator("[aria-current=true]"))
    expect(own).to_contain_text("1 from it")
    assert family.locator("tbody tr").count() == 502, "the eldest, her first 500 children, and what came from this one"
    expect(page.get_by_text(re.compile("^the first 5.. sessions; each response"))).to_be_visible()
    family.get_by_role("link", name="The eldest").click()
    expect(page.locator(".tv-resume__command")).to_contain_text(clan.family.eldest.id)
    expect(table(page, "Family").locator("[aria-current=true]")).to_have_text("The eldest")


@pytest.mark.parametrize("size", [(1280, 860), (420, 640)], ids=["wide", "narrow"])
def test_the_lowest_of_a_deep_chain_keeps_its_place_in_view(clan: Clan, visit: Visitor, size: tuple[int, int]) -> None:
    page = opened(clan, visit, clan.family.chain[-1].id, size)
    own = table(page, "Family").locator("[aria-current=true]")
    box, around = own.bounding_box(), table(page, "Family").locator("xpath=..").bounding_box()
    assert box and around
    assert around["y"] < box["y"] < around["y"] + around["height"] - 10, "the tree is scrolled to it"
    assert 0 < box["x"] < size[0] - 40
    assert box["width"] >= 40
    assert overflow(page) <= 0


def test_who_is_beyond_the_shown_children_is_shown_with_those_above(clan: Clan, visit: Visitor) -> None:
    page = opened(clan, visit, clan.family.long.id)
    family = table(page, "Family").locator("tbody tr")
    expect(family).to_have_count(2)
    expect(family.nth(0)).to_contain_text("The eldest")
    expect(family.nth(1)).to_contain_text("The long one")


def test_thousands_of_responses_are_drawn_and_paged_to_the_first(clan: Clan, visit: Visitor) -> None:
    page = opened(clan, visit, clan.family.long.id)
    expect(page.get_by_text("3,000 responses in 240 steps, each at its fullest")).to_be_visible()
    pages = page.get_by_role("navigation", name="Pages of responses")
    pages.get_by_role("button", name="Last page").click()
    expect(pages).to_contain_text("2,981–3,000 of 3,000 responses")
    assert len(column(table(page, "Responses"), "Time")) == 20


def test_the_events_of_all_sessions_are_paged_and_filtered_over_everything(clan: Clan, visit: Visitor) -> None:
    page = ready(visit(clan.running, settings={"range": "alltime"}))
    pages = page.get_by_role("navigation", name="Pages of responses")
    total = 3000 + 518 + 12 + 3
    expect(pages).to_contain_text(f"1–20 of {total:,} responses")
    choose(page, "Model", "gpt-5-codex")
    expect(pages).to_contain_text("1–20 of 518 responses")
    pages.get_by_role("button", name="Last page").click()
    expect(pages).to_contain_text("501–518 of 518 responses")
    assert {cell.split()[0] for cell in column(table(page, "Responses"), "Model")} == {"gpt-5-codex"}
