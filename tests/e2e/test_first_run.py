"""The first start: nothing is there yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, figure, ready, report
from tests.e2e.worlds import plain_home

pytestmark = pytest.mark.browser


def test_where_was_looked_is_told(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    page = visit(start())
    expect(page.get_by_role("heading", name="No agent logs were found yet")).to_be_visible()
    places = page.get_by_role("list", name="Where logs were looked for")
    expect(places).to_contain_text(str(tmp_path / "user" / ".codex"))
    expect(places).to_contain_text("not there")


def test_a_home_is_added_by_typing(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "user" / "elsewhere"
    plain_home(home, 4)
    page = visit(start(), settings={"exact_numbers": True})
    page.get_by_role("button", name="Add a home").click()
    dialog = page.get_by_role("dialog", name="Settings")
    folder, add = dialog.get_by_label("Folder"), dialog.get_by_role("button", name="Add", exact=True)
    expect(add).to_be_disabled()
    folder.fill("~/nowhere")
    expect(dialog.get_by_text("This folder does not exist.")).to_be_visible()
    expect(add).to_be_disabled()
    folder.fill("$HOME/elsewhere")
    expect(dialog.get_by_text("Found 1 log file")).to_be_visible()
    expect(dialog).to_contain_text(str(home.parent))
    dialog.get_by_role("textbox", name="Label", exact=True).fill("laptop")
    add.click()
    expect(dialog.get_by_role("list", name="Homes")).to_contain_text("1 log file")
    expect(dialog.get_by_label(f"Label of {home}")).to_have_value("laptop")
    folder.fill("~/elsewhere")
    expect(dialog.get_by_text("in the list already").or_(dialog.get_by_text("a home already"))).to_be_visible()
    expect(add).to_be_disabled()
    page.keyboard.press("Escape")
    ready(page)
    expect(figure(page, "Total tokens")).to_have_text(f"{report(tmp_path, home)['totals']['total_tokens']:,}")


def test_logs_that_appear_later_are_found_by_looking_again(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    page = visit(start(), settings={"auto_refresh_seconds": 0})
    look = page.get_by_role("button", name="Look again")
    expect(look).to_be_visible()
    plain_home(tmp_path / "user" / ".codex", 2)
    look.click()
    ready(page)
    expect(figure(page, "Sessions")).to_have_text("1")


def test_sample_data_is_marked_and_left_with_one_click(start: Serve, visit: Visitor) -> None:
    running = start()
    page = visit(running)
    page.get_by_role("button", name="Explore with sample data").click()
    expect(page.get_by_text("Every figure on this page is invented.")).to_be_visible()
    ready(page)
    assert figure(page, "Total tokens").inner_text() != "0"
    page.keyboard.press("Control+5")
    expect(page.get_by_role("navigation", name="Pages of sessions")).to_be_visible()
    page.keyboard.press("Control+1")
    page.get_by_role("button", name="Leave sample data").click()
    expect(page.get_by_role("heading", name="No agent logs were found yet")).to_be_visible()


def test_sample_data_leaves_the_own_ledger_alone(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "user" / ".codex"
    plain_home(home, 3)
    running = start()
    page = ready(visit(running, settings={"exact_numbers": True}))
    own = figure(page, "Total tokens").inner_text()
    headers = {"Content-Type": "application/json"}
    assert page.context.request.post(f"{running.url}/api/demo.set", data='{"on": true}', headers=headers).ok
    page.reload()
    expect(page.get_by_text("Sample data.")).to_be_visible()
    expect(figure(page, "Total tokens")).not_to_have_text(own)
    page.get_by_role("button", name="Leave sample data").click()
    expect(figure(page, "Total tokens")).to_have_text(own)
    assert f"{report(tmp_path, home)['totals']['total_tokens']:,}" == own
