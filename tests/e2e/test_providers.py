"""The Providers tab of Settings: a provider that is off is really off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, eventually, figure, ready, report
from tests.e2e.test_homes import EXACT, row, settings
from tests.e2e.worlds import HOUR, Story, now_ms, plain_home

pytestmark = pytest.mark.browser


def refresh(page: Page) -> None:
    with page.expect_response("**/api/ingest.refresh"):
        page.keyboard.press("Control+r")
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()


def test_a_provider_that_is_off_is_not_read_and_not_shown_and_loses_nothing(
    start: Serve, visit: Visitor, tmp_path: Path
) -> None:
    home = tmp_path / "user" / ".codex"
    plain_home(home, 3)
    running = start()
    page = ready(visit(running, settings={**EXACT, "provider": "codex"}))
    rail = page.get_by_role("navigation", name="Pages")
    expect(rail.get_by_role("link", name="Codex")).to_be_visible()
    before = report(tmp_path, home)["totals"]["total_tokens"]
    dialog = settings(page, "Providers")
    listed = dialog.get_by_role("list", name="Providers")
    codex = listed.get_by_role("listitem").filter(has=page.get_by_role("switch", name="Read Codex"))
    expect(codex).to_contain_text("1 home, 1 log file")
    expect(codex).to_contain_text(str(home))
    expect(codex).to_contain_text("Nothing is asked over the network.")
    expect(codex.get_by_role("link")).to_have_count(0)
    codex.get_by_role("switch", name="Read Codex").uncheck()
    expect(codex).to_contain_text("none of them read now")
    for other in listed.get_by_role("switch").all()[1:]:
        other.click()
        expect(other).not_to_be_checked()
    dialog.get_by_role("tab", name="Homes").click()
    expect(row(dialog, home)).to_contain_text("switched off in Providers")
    page.keyboard.press("Escape")
    expect(figure(page, "Total tokens")).to_have_text("0")
    expect(page.get_by_text("Every provider is switched off")).to_be_visible()
    expect(rail.get_by_role("link", name="Codex")).to_have_count(0)
    # Nothing is read meanwhile: not on a hint, not on a refresh, not after a restart.
    Story(home, now_ms() - HOUR // 2, 9).turn("gpt-5.5", "high", 2).write()
    page.wait_for_timeout(1500)  # longer than a hint of the watch waits
    refresh(page)
    expect(page.locator(".tv-scan")).to_contain_text("Scanned 0 files")
    page.close()
    assert running.end() == 0
    page = visit(start(), keep_settings=True)
    expect(page.locator(".tv-scan")).to_contain_text("Scanned 0 files")
    expect(figure(page, "Total tokens")).to_have_text("0")
    dialog = settings(page, "Providers")
    dialog.get_by_role("switch", name="Read Codex").check()
    page.keyboard.press("Escape")
    after = report(tmp_path, home)["totals"]["total_tokens"]
    assert after > before
    eventually(lambda: figure(page, "Total tokens").inner_text(), f"{after:,}")
    expect(page.get_by_text("Every provider is switched off")).to_have_count(0)
