"""Three providers on one page: the sum of the three, each by itself, and none where it is switched off."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.conftest import ROOT
from tests.e2e.conftest import Serve
from tests.e2e.driver import Running, Visitor, choose, environment, eventually, exact_money, figure, ready
from tests.e2e.test_homes import EXACT, settings
from tests.support.ordinary import needs_modes

pytestmark = pytest.mark.browser

HOMES = {"codex": ("family", ".codex"), "claude": ("mirrored", ".claude"), "gemini": ("documents", ".gemini")}
NAMES = {"codex": "Codex", "claude": "Claude", "gemini": "Gemini"}
ALL = {**EXACT, "range": "alltime"}
_REFUSED_LIKE_ANYBODY = (
    "import os, sys; from tests.support.ordinary import drop; step = drop(); step and step(); "
    "os.execv(sys.executable, [sys.executable, '-m', 'tokendial', *sys.argv[1:]])"
)


class Ordinary(Running):
    """A server that the modes of files hold for."""

    program = (sys.executable, "-c", _REFUSED_LIKE_ANYBODY)


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A user of three agents."""
    for provider, (case, folder) in HOMES.items():
        shutil.copytree(ROOT / "tests" / "fixtures" / provider / case, tmp_path / "user" / folder)
    return tmp_path / "user"


def reported(folder: Path, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tokendial", "report", "--json", "--data-dir", str(folder / "report"), *arguments]
    ran = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def by_provider(folder: Path) -> dict[str, dict[str, Any]]:
    rows = {row["key"]: row for row in reported(folder, "--by", "provider")["rows"]}
    assert set(rows) == set(HOMES)
    return rows


def cards(page: Page) -> Locator:
    return page.get_by_role("list", name="Providers", exact=True).get_by_role("listitem")


def one_card(page: Page, provider: str) -> Locator:
    return cards(page).filter(has=page.locator(".tv-pcard__name", has_text=NAMES[provider]))


def money_of(page: Page) -> str | None:
    return figure(page, "Cost").get_attribute("title")


def cost_title(usd: str | None) -> str:
    return exact_money(usd) if usd is not None else "unpriced"


def test_the_page_is_the_sum_of_the_three_and_each_is_what_the_report_says(
    start: Serve, visit: Visitor, tmp_path: Path, user: Path
) -> None:
    rows = by_provider(tmp_path)
    page = ready(visit(start(), settings=ALL))
    whole = sum(row["total_tokens"] for row in rows.values())
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{whole:,}")
    assert money_of(page) == exact_money(f"{sum(Decimal(row['cost_usd'] or 0) for row in rows.values()):.12f}")
    expect(cards(page)).to_have_count(3)
    for provider, row in rows.items():
        card = one_card(page, provider)
        expect(card.locator(".tv-pcard__tokens")).to_have_text(f"{row['total_tokens']:,} tokens")
        expect(card.locator(".tv-pcard__cost")).to_have_attribute("title", cost_title(row["cost_usd"]))
        expect(card).to_contain_text(f"{row['events']:,} response")
        expect(card).to_contain_text("Active")
    for provider, row in rows.items():
        choose(page, "Provider and home", f"p {provider}")
        eventually(lambda row=row: figure(page, "Total tokens").inner_text(), f"{row['total_tokens']:,}")  # type: ignore[misc]  # bound
        assert money_of(page) == cost_title(row["cost_usd"])
        expect(cards(page)).to_have_count(0)
        total = page.get_by_role("table", name="Models", exact=True).locator("tfoot")
        expect(total).to_contain_text(f"{row['total_tokens']:,}")
    choose(page, "Provider and home", "")
    one_card(page, "gemini").click()
    expect(page).to_have_url(page.url.split("#")[0] + "#/provider/gemini")
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{rows['gemini']['total_tokens']:,}")
    expect(page.get_by_text("Nothing was used in the last 30 days")).to_be_visible()
    models = page.get_by_role("table", name="Models of the provider").locator("tbody tr")
    expect(models.first).to_be_visible()


def test_off_takes_a_provider_out_of_everything_and_on_brings_it_back_unread(
    start: Serve, visit: Visitor, tmp_path: Path, user: Path
) -> None:
    rows = by_provider(tmp_path)
    page = ready(visit(start(), settings=ALL))
    rail = page.get_by_role("navigation", name="Pages")
    rest = sum(row["total_tokens"] for provider, row in rows.items() if provider != "claude")
    whole = rest + rows["claude"]["total_tokens"]
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{whole:,}")
    dialog = settings(page, "Providers")
    switch = dialog.get_by_role("switch", name="Read Claude")
    for _ in range(3):  # quick clicks: the last one holds
        switch.click()
    expect(switch).not_to_be_checked()
    page.keyboard.press("Escape")
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{rest:,}")
    expect(rail.get_by_role("link", name="Claude")).to_have_count(0)
    expect(cards(page)).to_have_count(2)
    box = page.get_by_role("combobox", name="Provider and home")
    assert "Claude" not in box.inner_text()
    settings(page, "Providers").get_by_role("switch", name="Read Claude").check()
    page.keyboard.press("Escape")
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{whole:,}")
    expect(page.locator(".tv-scan")).to_contain_text("+0 events")
    expect(cards(page)).to_have_count(3)


@needs_modes
def test_the_words_for_what_is_missing_empty_and_closed(visit: Visitor, tmp_path: Path, user: Path) -> None:
    shutil.rmtree(user / ".gemini")
    closed = user / ".claude" / "projects"
    closed.chmod(0o000)
    running = Ordinary(tmp_path, ["serve", "--no-open", "--data-dir", str(tmp_path / "data")])
    try:
        page = visit(running, settings=ALL)
        expect(page.locator(".tv-scan")).to_contain_text("Permission denied")
        gemini, claude = one_card(page, "gemini"), one_card(page, "claude")
        expect(gemini).to_contain_text("Waiting")
        expect(gemini).to_contain_text("not there")
        expect(claude).to_contain_text("Error")
        expect(claude).to_contain_text("permission denied")
        rail = page.get_by_role("navigation", name="Pages")
        expect(rail.get_by_role("link", name="Claude")).to_contain_text("error")
        rail.get_by_role("link", name="Claude").click()
        expect(page.locator(".tv-logs").first).to_contain_text("A folder cannot be read")
        expect(page.locator(".tv-logs").first).to_contain_text(str(closed))
        rail.get_by_role("link", name="Gemini").click()
        expect(page.locator(".tv-logs").first).to_contain_text("No logs of Gemini were found yet")
        expect(page.locator(".tv-logs").first).to_contain_text(str(user / ".gemini"))
        closed.chmod(0o755)
        shutil.rmtree(user / ".codex")
        with page.expect_response("**/api/ingest.refresh"):
            page.keyboard.press("Control+r")
        rail.get_by_role("link", name="Codex").click()
        expect(page.locator(".tv-logs").first).to_contain_text("A folder is not there any more")
        rail.get_by_role("link", name="Claude").click()
        expect(page.locator(".tv-logs").first).to_contain_text("Active")
        page.close()
    finally:
        closed.chmod(0o755)
        assert running.end() == 0


def test_an_empty_home_waits(start: Serve, visit: Visitor, tmp_path: Path, user: Path) -> None:
    shutil.rmtree(user / ".gemini")
    (user / ".gemini").mkdir()
    page = ready(visit(start(), path="/#/provider/gemini", settings=ALL))
    source = page.locator(".tv-logs").first
    expect(source).to_contain_text("Waiting")
    expect(source).to_contain_text("no session has been written yet")
    expect(figure(page, "Total tokens")).to_have_text("0")
