"""Price rules to a file and from one: what comes back, and what is refused in words without changing anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, ready, table
from tests.e2e.pricing import MODEL, add_rule, costs_everywhere, effect, house_home, open_pricing, patterns, priced

pytestmark = pytest.mark.browser
RULE = {"pattern": MODEL, "input": "2", "cache_read": "0.5", "output": "10"}


def price_file(*rules: dict[str, object], **more: object) -> str:
    return json.dumps({"format": "tokendial-prices", "version": 1, "rules": list(rules), **more})


@pytest.fixture
def page(start: Serve, visit: Visitor, tmp_path: Path) -> Page:
    return ready(visit(start(house_home(tmp_path / "codex")), settings={"bucket": "day"}))


def choose(page: Page, path: Path) -> Locator:
    """Import a file through the browser's own chooser; the dialog that then opens."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import…").click()
    chooser.value.set_files(str(path))
    return page.get_by_role("dialog", name="Import price rules")


def test_rules_are_exported_and_come_back(page: Page, tmp_path: Path) -> None:
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="2.000001", cached="0.5", output="10")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Exported 1 rule")
    assert download.value.suggested_filename.startswith("tokendial-prices-")
    path = tmp_path / "exported.json"
    download.value.save_as(path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert (found["format"], found["version"], found["rules"][0]["input"]) == ("tokendial-prices", 1, "2.000001")

    dialog.get_by_role("button", name=f"Delete the rule for {MODEL}").click()
    page.get_by_role("dialog", name="Delete this rule?").get_by_role("button", name="Delete").click()
    expect(table(page, "Your price rules")).to_contain_text("No rule of your own")
    question = choose(page, path)
    expect(effect(question)).to_contain_text("1 rule in the file: 1 rule added.")
    question.get_by_role("button", name="Import").click()
    expect(question).to_have_count(0)
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2.000001", "0.5", "10"))


def test_an_import_merges_or_replaces_as_it_said_and_is_undone(page: Page, tmp_path: Path) -> None:
    dialog = open_pricing(page)
    add_rule(dialog, pattern=MODEL, input="1", cached="1", output="1")
    add_rule(dialog, pattern="mine", input="1", output="1")
    path = tmp_path / "prices.json"
    path.write_text(price_file(RULE, {"pattern": "new", "input": "1", "output": "1"}), encoding="utf-8")
    question = choose(page, path)
    expect(effect(question)).to_contain_text("2 rules in the file: 1 rule added, 1 rule replaced.")
    expect(effect(question).locator("strong")).to_contain_text("This changes")
    question.get_by_role("button", name="Import").click()
    expect(question).to_have_count(0)
    assert sorted(patterns(page)) == [MODEL, "mine", "new"]
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(table(page, "Your price rules").get_by_text("new")).to_have_count(0)
    assert sorted(patterns(page)) == [MODEL, "mine"]

    question = choose(page, path)
    question.get_by_role("radio", name="Replace all").check()
    expect(effect(question)).to_contain_text("1 rule added, 1 rule replaced, 1 rule removed.")
    question.get_by_role("button", name="Import").click()
    expect(question).to_have_count(0)
    assert sorted(patterns(page)) == [MODEL, "new"]
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (price_file(RULE).encode()[:-9], "The file is damaged or no JSON"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "damaged or no text in UTF-8"),
        (b'[{"model_pattern": "gpt-5.2", "input_per_1m": 1.75}]', "This is no price file of Tokendial."),
        (price_file(RULE, version=7).encode(), "written by a newer Tokendial (version 7 of the format"),
        (price_file().encode(), "holds no rules"),
        (b" " * (513 * 1024), "larger than 512 KB"),
        (price_file(RULE | {"output": ""}).encode(), f"Rule 1 ({MODEL}), output: A number is missing."),
        (price_file(RULE, RULE).encode(), "The period overlaps"),
    ],
    ids=["empty", "damaged", "binary", "foreign", "newer", "no rules", "oversized", "invalid", "overlap"],
)
def test_a_file_that_cannot_be_taken_says_why_and_changes_nothing(
    page: Page, visit: Visitor, tmp_path: Path, content: bytes, words: str
) -> None:
    visit.allow("status of 400")
    dialog = open_pricing(page)
    add_rule(dialog, pattern="house-*", input="2", cached="0.5", output="10")
    path = tmp_path / "prices.json"
    path.write_bytes(content)
    question = choose(page, path)
    expect(question.get_by_role("alert")).to_contain_text(words)
    expect(question.get_by_role("alert")).to_contain_text("Your rules are as they were.")
    expect(question.get_by_role("button", name="Import")).to_have_count(0)
    question.get_by_role("button", name="Close").last.click()
    expect(question).to_have_count(0)
    assert patterns(page) == ["house-*"]
    expect(dialog).to_contain_text("Last change: Added the rule for house-*")
    page.keyboard.press("Escape")
    costs_everywhere(page, priced("2", "0.5", "10"))
