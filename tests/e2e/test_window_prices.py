"""Price rules in the real window: over the bridge, with the system's own dialogs answered by real keys."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.desktop.test_dialogs import Keyboard, keyboard
from tests.e2e.driver import figure, table
from tests.e2e.pricing import add_rule, effect, fill, open_pricing, patterns, save
from tests.e2e.test_real_window import desktop, guarded, page

__all__ = ["desktop", "guarded", "keyboard", "page"]
pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool"),
]


@pytest.fixture
def dialog(page: Page) -> Locator:
    """The Pricing tab without any rule."""
    page.evaluate("window.pywebview.api.invoke('pricing.save', {rules: []})")
    page.wait_for_timeout(500)  # an answer that is on its way would meet a page that is just being loaded
    page.reload()
    expect(page.locator(".tv-cards")).to_have_attribute("data-state", "ready")
    return open_pricing(page)


def cost(page: Page) -> str | None:
    return figure(page, "Cost").get_attribute("title")


def test_a_rule_is_added_changed_and_undone(page: Page, dialog: Locator) -> None:
    listed = cost(page)
    dialog.get_by_role("button", name="Add rule").click()
    fill(dialog, pattern="gpt-*", input="0", cached="0", output="0")
    expect(effect(dialog).locator("strong")).to_have_attribute("title", f"-{listed}")
    save(dialog)
    expect(figure(page, "Cost")).to_have_attribute("title", "$0.00")
    table(page, "Your price rules").get_by_text("gpt-*").click()
    fill(dialog, input="1000")
    save(dialog)
    expect(figure(page, "Cost")).not_to_have_attribute("title", "$0.00")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(figure(page, "Cost")).to_have_attribute("title", "$0.00")
    dialog.get_by_role("button", name="Delete the rule for gpt-*").click()
    page.get_by_role("dialog", name="Delete this rule?").get_by_role("button", name="Delete").click()
    expect(figure(page, "Cost")).to_have_attribute("title", listed or "")


def test_rules_are_exported_and_imported_through_the_systems_dialogs(
    page: Page, dialog: Locator, keyboard: Keyboard, tmp_path: Path
) -> None:
    listed = cost(page) or ""
    add_rule(dialog, pattern="gpt-*", input="2", cached="0.5", output="10")
    expect(figure(page, "Cost")).not_to_have_attribute("title", listed)
    priced = cost(page)
    path = tmp_path / "prices.json"
    dialog.get_by_role("button", name="Export…").click()
    keyboard.into("Save file", "", "Escape")
    expect(dialog.get_by_role("button", name="Export…")).to_be_enabled()
    dialog.get_by_role("button", name="Export…").click()
    keyboard.into("Save file", str(path), "Return")
    expect(page.get_by_role("region", name="Messages")).to_contain_text(f"Exported 1 rule to {path}")
    assert json.loads(path.read_text(encoding="utf-8"))["rules"][0]["pattern"] == "gpt-*"

    dialog.get_by_role("button", name="Reset to catalogue…").click()
    page.get_by_role("dialog", name="Reset to the catalogue?").get_by_role("button", name="Reset").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    expect(figure(page, "Cost")).to_have_attribute("title", listed)
    dialog.get_by_role("button", name="Import…").click()
    keyboard.into("Open file", str(path), "Return")
    question = page.get_by_role("dialog", name="Import price rules")
    expect(effect(question)).to_contain_text("1 rule in the file: 1 rule added.")
    question.get_by_role("button", name="Import").click()
    expect(table(page, "Your price rules").get_by_text("gpt-*")).to_be_visible()
    expect(figure(page, "Cost")).to_have_attribute("title", priced or "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b'{"format": "tokendial-prices", "version": 9}', "written by a newer Tokendial"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b" " * (600 * 1024), "larger than 512 KB"),
    ],
    ids=["empty", "newer", "binary", "oversized"],
)
def test_a_file_that_cannot_be_taken_says_why(
    page: Page, dialog: Locator, keyboard: Keyboard, tmp_path: Path, content: bytes, words: str
) -> None:
    add_rule(dialog, pattern="kept", input="1", output="1")
    path = tmp_path / "prices.json"
    path.write_bytes(content)
    dialog.get_by_role("button", name="Import…").click()
    keyboard.into("Open file", str(path), "Return")
    question = page.get_by_role("dialog", name="Import price rules")
    expect(question.get_by_role("alert")).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert patterns(page) == ["kept"]
