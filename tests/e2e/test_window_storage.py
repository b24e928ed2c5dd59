"""Storage in the real window: through the system's own dialogs, answered with real keys."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.desktop.test_dialogs import Keyboard
from tests.e2e.driver import eventually, figure, pick
from tests.e2e.test_real_window import Desktop, desktop, guarded, page  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool"),
]


@pytest.fixture
def keyboard(desktop: Desktop) -> Keyboard:  # noqa: F811 - the fixture
    return Keyboard(desktop.display)


@pytest.fixture
def dialog(page: Page) -> Iterator[Locator]:  # noqa: F811 - the fixture
    """The open tab."""
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Storage").click()
    opened = page.get_by_role("dialog", name="Settings")
    expect(opened.get_by_role("heading", name="What is in the database")).to_be_visible()
    yield opened
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def outcome(dialog: Locator, words: str) -> None:
    expect(dialog.get_by_role("status")).to_contain_text(words)
    dialog.get_by_role("button", name="Dismiss").click()


def restore(page: Page, dialog: Locator) -> None:  # noqa: F811 - the fixture
    dialog.get_by_role("button", name="Restore…").click()
    page.get_by_role("dialog", name="Restore a backup?").get_by_role("button", name="Choose a file…").click()


def test_a_backup_is_written_where_the_dialog_says_and_restored_from_there(
    page: Page,  # noqa: F811 - the fixture
    dialog: Locator,
    keyboard: Keyboard,
    tmp_path: Path,
) -> None:
    before = figure(page, "Total tokens").get_attribute("title")
    target = tmp_path / "my backup.sqlite3"
    dialog.get_by_role("button", name="Back up…").click()
    keyboard.into("Save file", str(target), "Return")
    expect(dialog.get_by_role("status")).to_contain_text(str(target))
    outcome(dialog, "Backup written and checked")
    connection = sqlite3.connect(target)
    assert connection.execute("SELECT count(*) FROM usage_event").fetchone() == (4,)
    connection.close()
    assert [path.name for path in tmp_path.iterdir()] == [target.name]

    page.get_by_role("tab", name="Display").click()
    pick(dialog, "Theme", "Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_timeout(700)  # it is saved a moment later
    page.get_by_role("tab", name="Storage").click()
    restore(page, dialog)
    keyboard.into("Open file", str(target), "Return")
    expect(dialog.get_by_role("status")).to_contain_text("Restored.")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    outcome(dialog, "before-restore-")
    eventually(lambda: figure(page, "Total tokens").get_attribute("title"), before)


def test_a_closed_dialog_does_nothing(
    page: Page,  # noqa: F811 - the fixture
    dialog: Locator,
    keyboard: Keyboard,
) -> None:
    for begin, title in (("Back up…", "Save file"), ("Export…", "Save file"), ("Import settings…", "Open file")):
        dialog.get_by_role("button", name=begin).click()
        keyboard.into(title, "", "Escape")
    restore(page, dialog)
    keyboard.into("Open file", "", "Escape")
    expect(page.get_by_role("dialog", name="Restore a backup?")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Back up…")).to_be_enabled()
    expect(dialog.get_by_role("status")).to_have_count(0)
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_a_file_that_is_no_backup_is_named(
    page: Page,  # noqa: F811 - the fixture
    dialog: Locator,
    keyboard: Keyboard,
    tmp_path: Path,
) -> None:
    bad = tmp_path / "holiday.sqlite3"
    bad.write_bytes(b"")
    before = figure(page, "Total tokens").get_attribute("title")
    restore(page, dialog)
    keyboard.into("Open file", str(bad), "Return")
    expect(dialog.get_by_role("alert")).to_contain_text("holiday.sqlite3 is empty. Nothing was changed.")
    dialog.get_by_role("button", name="Dismiss").click()
    assert figure(page, "Total tokens").get_attribute("title") == before


def test_an_export_and_the_settings_go_to_files(
    page: Page,  # noqa: F811 - the fixture
    dialog: Locator,
    keyboard: Keyboard,
    tmp_path: Path,
) -> None:
    pick(dialog, "What", "Responses")
    pick(dialog, "Of when", "Everything")
    dialog.get_by_role("button", name="Export…").click()
    keyboard.into("Save file", str(tmp_path / "all.csv"), "Return")
    outcome(dialog, "4 responses written.")
    with (tmp_path / "all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    total = sum(int(row["total_tokens"]) for row in rows)
    assert figure(page, "Total tokens").get_attribute("title") == f"{total:,} tokens"

    dialog.get_by_role("button", name="Export settings…").click()
    keyboard.into("Save file", str(tmp_path / "mine.json"), "Return")
    expect(dialog.get_by_text(f"Settings written to {tmp_path / 'mine.json'}")).to_be_visible()
    file_ = json.loads((tmp_path / "mine.json").read_text())
    file_["settings"]["exact_numbers"] = not file_["settings"]["exact_numbers"]
    (tmp_path / "mine.json").write_text(json.dumps(file_))
    dialog.get_by_role("button", name="Import settings…").click()
    keyboard.into("Open file", str(tmp_path / "mine.json"), "Return")
    expect(dialog.get_by_text("1 setting changed.")).to_be_visible()
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_text("The settings are as before.")).to_be_visible()


def test_a_place_that_cannot_be_written_is_named(
    page: Page,  # noqa: F811 - the fixture
    dialog: Locator,
    keyboard: Keyboard,
    desktop: Desktop,  # noqa: F811 - the fixture
) -> None:
    ledger = next((desktop.folder / "data").glob("*.sqlite3"))
    dialog.get_by_role("button", name="Back up…").click()
    keyboard.into("Save file", str(ledger), "Return")
    alert = dialog.get_by_role("alert")
    for _ in range(100):  # the system asks before a file is replaced, in a window of the same name
        if alert.count():
            break
        desktop.tool("xdotool", "key", "alt+y")
        page.wait_for_timeout(200)
    expect(alert).to_contain_text("This is the database itself")
    dialog.get_by_role("button", name="Dismiss").click()
