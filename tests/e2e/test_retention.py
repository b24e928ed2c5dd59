"""How long details are kept, as a user chooses it in the browser: asked, done, said in the list, and taken back."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, eventually, figure, open_settings, ready
from tests.support.rollout import Rollout, usage

pytestmark = pytest.mark.browser
DAY = 86_400_000


def totals(page: Page) -> tuple[str | None, ...]:
    return tuple(figure(page, name).get_attribute("title") for name in ("Total tokens", "Cost"))


def test_details_go_after_a_question_every_total_stays_and_the_kept_copy_has_them(
    start: Serve, visit: Visitor, tmp_path: Path
) -> None:
    home, now_ms = tmp_path / "codex", int(time.time() * 1000)
    for number, days in enumerate((400, 300, 40, 2)):
        rollout = Rollout(now_ms - days * DAY, number).meta().turn()
        for response in range(5):
            rollout.count(usage(number * 10 + response))
        rollout.write(home)
    page = ready(visit(start(home), settings={"range": "alltime"}))
    before = totals(page)

    dialog = open_settings(page, "Storage")
    dialog.get_by_role("combobox", name="Keep details for").select_option("6 months")
    question = page.get_by_role("dialog", name=re.compile("Remove details before"))
    expect(question).to_contain_text("10 responses of 20 will no longer be listed one by one")
    question.get_by_role("button", name="Keep").click()
    expect(dialog.get_by_text("All are there")).to_be_visible()
    dialog.get_by_role("combobox", name="Keep details for").select_option("6 months")
    question.get_by_role("button", name="Remove details").click()
    expect(dialog.get_by_role("status")).to_contain_text("Details of 10 responses removed; every total is what it was.")
    expect(dialog.get_by_text(re.compile("^Removed before"))).to_be_visible()
    expect(dialog.get_by_role("list", name="Kept copies").get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("Escape")
    note = page.get_by_role("note").filter(has_text="10 responses from before")
    expect(note).to_be_visible()
    assert totals(page) == before
    page.reload()
    expect(note).to_be_visible()
    eventually(lambda: totals(page), before)

    dialog = open_settings(page, "Storage")
    kept = dialog.get_by_role("list", name="Kept copies")
    kept.get_by_role("button", name="Restore", exact=True).click()
    expect(dialog.get_by_text("All are there")).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    eventually(lambda: totals(page), before)
