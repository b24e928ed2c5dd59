"""The page of projects beside the report, its names, and the way to a project and its sessions."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, exact_money, overflow, report, table
from tests.e2e.worlds import HOUR, Busy, Story, now_ms

pytestmark = pytest.mark.browser


def opened(page: Page) -> Page:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Projects").click()
    expect(table(page, "Projects")).to_be_visible()
    return page


def costs(page: Page) -> list[str]:
    """The exact cost of each row, the total last."""
    cells = table(page, "Projects").locator("tbody tr, tfoot tr").locator("td:nth-child(2)")
    return [(each.get_attribute("title") or "").partition("\n")[0] for each in cells.all()]


def test_the_sums_equal_the_report(busy: Busy, visit: Visitor) -> None:
    page = opened(visit(busy.running, settings={"range": "alltime", "exact_numbers": True}))
    answered = busy.report("--by", "project")
    *found, total = costs(page)
    assert sorted(found) == sorted(exact_money(row["cost_usd"]) for row in answered["rows"])
    assert total == exact_money(answered["totals"]["cost_usd"])
    assert sum(Decimal(row["cost_usd"]) for row in answered["rows"]) == Decimal(answered["totals"]["cost_usd"])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A home whose sessions ran in a repository, in a folder of it, and elsewhere."""
    root, home = tmp_path / "code" / "shop", tmp_path / "codex"
    (root / "web").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for number, folder in enumerate((root, root / "web", tmp_path / "code" / "notes")):
        Story(home, now_ms() - HOUR, number + 1, cwd=str(folder)).turn("gpt-5.5", "high", number + 2).write()
    return home


def test_a_repository_is_named_and_leads_to_its_sessions(
    repository: Path, tmp_path: Path, start: Serve, visit: Visitor
) -> None:
    page = opened(visit(start(repository), settings={"range": "alltime"}))
    rows = table(page, "Projects").locator("tbody tr")
    expect(rows).to_have_count(2)
    table(page, "Projects").get_by_role("button", name="Unfold").click()
    expect(rows).to_have_count(4)
    rows.filter(has_text="shop").first.hover()
    page.get_by_role("button", name="Rename shop").click()
    page.get_by_role("textbox", name="Name").fill("The shop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rename The shop")).to_be_attached()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Sessions").click()
    expect(table(page, "Sessions").get_by_text("The shop")).to_have_count(2)
    opened(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Rename shop")).to_be_attached()
    page.get_by_role("list", name="Dearest projects").get_by_role("button").filter(has_text="shop").click()
    expect(page.get_by_role("heading", level=1, name="shop")).to_be_visible()
    expect(table(page, "Folders").locator("tbody tr")).to_have_count(3)
    page.get_by_role("region", name="Sessions").get_by_role("button", name="Show").click()
    expect(page.get_by_text("2 sessions", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show the sessions of every project").click()
    expect(page.get_by_text("3 sessions", exact=True)).to_be_visible()
    assert report(tmp_path, repository, "--by", "project")["totals"]["events"] == 9


@pytest.mark.parametrize("width", [1280, 900, 420])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits(busy: Busy, visit: Visitor, width: int, scheme: str) -> None:
    page = visit(busy.running, settings={"range": "alltime", "theme": scheme})
    page.set_viewport_size({"width": width, "height": 860})
    opened(page)
    assert overflow(page) <= 0
    table(page, "Projects").locator("tbody tr").first.click()
    expect(page.get_by_role("heading", name="Folders")).to_be_visible()
    page.wait_for_timeout(400)
    assert overflow(page) <= 0
