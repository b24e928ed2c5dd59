"""Storage in the browser, as a user does it: backup, restore, exports, the file of the settings."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, card, eventually, figure, open_settings, pick, ready
from tests.e2e.worlds import busy_home, plain_home

pytestmark = pytest.mark.browser


def storage(page: Page) -> Locator:
    """The open tab."""
    dialog = open_settings(page, "Storage")
    expect(dialog.get_by_role("heading", name="What is in the database")).to_be_visible()
    return dialog


def saved(page: Page, button: Locator, folder: Path) -> Path:
    """The file that a button gives, under the name that the browser would save it by."""
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def back_up(page: Page, dialog: Locator, folder: Path) -> Path:
    path = saved(page, dialog.get_by_role("button", name="Back up…"), folder)
    expect(dialog.get_by_role("status")).to_contain_text("Backup written and checked")
    dialog.get_by_role("button", name="Dismiss").click()
    return path


def restore(page: Page, dialog: Locator, path: Path) -> None:
    dialog.get_by_role("button", name="Restore…").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("dialog", name="Restore a backup?").get_by_role("button", name="Choose a file…").click()
    chooser.value.set_files(path)


def totals(page: Page) -> tuple[str | None, str | None]:
    """The exact tokens and cost of the cards."""
    return tuple(figure(page, name).get_attribute("title") for name in ("Total tokens", "Cost"))  # type: ignore[return-value]


def test_backup_change_restore_and_undo(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    busy_home(home)
    page = ready(visit(start(home)))
    before = totals(page)
    dialog = storage(page)
    backup = back_up(page, dialog, tmp_path)
    assert backup.name.startswith("tokendial-") and backup.suffix == ".sqlite3"

    page.get_by_role("tab", name="Display").click()
    pick(dialog, "Theme", "Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("tab", name="Homes").click()
    dialog.get_by_role("button", name="Remove…").click()
    page.get_by_role("dialog", name="Remove this home?").get_by_role("button", name="Remove").click()
    expect(dialog.get_by_text("No folder is read yet.")).to_be_visible()
    expect(page.locator(".tv-cards")).to_have_count(0)

    page.get_by_role("tab", name="Storage").click()
    restore(page, dialog, backup)
    expect(dialog.get_by_role("status")).to_contain_text("Restored. What was there before is kept in before-restore-")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    expect(dialog.get_by_role("list", name="Kept copies").get_by_role("listitem")).to_have_count(1)
    eventually(lambda: totals(page), before)
    page.get_by_role("tab", name="Homes").click()
    expect(dialog.get_by_role("list", name="Homes")).to_contain_text(str(home))

    page.get_by_role("tab", name="Storage").click()
    dialog.get_by_role("button", name="Undo").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(dialog.get_by_role("list", name="Kept copies").get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("Escape")
    page.reload()
    eventually(lambda: totals(page), before)  # the home of this run is read again


def test_a_kept_copy_is_deleted_after_a_question(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    dialog = storage(page)
    restore(page, dialog, back_up(page, dialog, tmp_path))
    kept = dialog.get_by_role("list", name="Kept copies")
    expect(kept.get_by_role("listitem")).to_have_count(1)
    kept.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this copy?").get_by_role("button", name="Delete").click()
    expect(kept).to_have_count(0)
    assert list((tmp_path / "data" / "backups").iterdir()) == []


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _good: b"", "is empty"),
    "foreign": (lambda _good: b"PK\x03\x04" + bytes(5000), "is not a backup of Tokendial"),
    "other program": (lambda good: good[:68] + b"\0\0\0\1" + good[72:], "is a database of another program"),
    "newer": (lambda good: good[:60] + b"\0\0\1\0" + good[64:], "was written by a newer Tokendial"),
    "cut": (lambda good: good[: len(good) // 2], "is cut short"),
    "damaged": (lambda good: good[:8192] + b"\xa5" * 40_000 + good[48_192:], "is damaged"),
}


def test_files_that_are_no_backups_are_named_and_change_nothing(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    busy_home(tmp_path / "codex")
    running = start(tmp_path / "codex")
    page = ready(visit(running))
    before = totals(page)
    dialog = storage(page)
    good = back_up(page, dialog, tmp_path)
    for name, (spoil, words) in DAMAGES.items():
        bad = tmp_path / f"{name}.sqlite3"
        bad.write_bytes(spoil(good.read_bytes()))
        restore(page, dialog, bad)
        expect(dialog.get_by_role("alert")).to_contain_text(f"{bad.name} {words}")
        expect(dialog.get_by_role("alert")).to_contain_text("Nothing was changed")
        dialog.get_by_role("button", name="Dismiss").click()
        expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog.get_by_role("list", name="Kept copies")).to_have_count(0)
    page.keyboard.press("Escape")
    page.reload()
    eventually(lambda: totals(page), before)
    assert not (tmp_path / "data" / "backups").exists()


def exported(page: Page, dialog: Locator, folder: Path, what: str, scope: str, style: str) -> list[dict[str, Any]]:
    """The rows of an export, opened as its reader would."""
    pick(dialog, "What", what)
    pick(dialog, "Of when", scope)
    pick(dialog, "Format", style)
    path = saved(page, dialog.get_by_role("button", name="Export…"), folder)
    dialog.get_by_role("button", name="Dismiss").click()
    assert path.suffix == f".{style.lower()}"
    if style == "CSV":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return found


def test_exports_equal_the_cards(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    busy_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    responses = {"Last 7 days": 28, "Everything": 38}
    for scope, count in responses.items():
        if scope == "Everything":
            page.get_by_role("radio", name="All time").or_(page.get_by_role("radio", name="All", exact=True)).check()
            expect(card(page, "Sessions")).to_contain_text(f"{count} responses")
        tokens, cost = totals(page)
        dialog = storage(page)
        for what in ("Daily totals", "Sessions", "Responses"):
            for style in ("CSV", "JSON"):
                shown = "All time" if scope == "Everything" and style == "JSON" else scope
                rows = exported(page, dialog, tmp_path, what, shown, style)
                assert f"{sum(int(row['total_tokens']) for row in rows):,} tokens" == tokens
                money = sum(Decimal(row["cost_usd"]) for row in rows if row["cost_usd"])
                assert cost is not None and Decimal(cost.splitlines()[0].strip("$").replace(",", "")) == money
                named = {str(row["unpriced_models"]) for row in rows} - {"", "[]"}
                assert named == {"local-proxy-7b" if style == "CSV" else "['local-proxy-7b']"}
                if what == "Responses":
                    assert len(rows) == count
        page.keyboard.press("Escape")


def test_the_outcome_names_what_has_no_price(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    busy_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    dialog = storage(page)
    saved(page, dialog.get_by_role("button", name="Export…"), tmp_path)
    expect(dialog.get_by_role("status")).to_contain_text("days written. Without a price")
    expect(dialog.get_by_role("status")).to_contain_text("local-proxy-7b")


def test_a_long_export_shows_its_progress_and_is_cancelled(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex", 50)
    first = start(tmp_path / "codex")
    ready(visit(first)).context.close()
    assert first.end() == 0
    ledger = next((tmp_path / "data").glob("*.sqlite3"))
    connection = sqlite3.connect(ledger)
    names = [row[1] for row in connection.execute("PRAGMA table_info(usage_event)") if row[1] != "id"]
    columns = ", ".join(names)
    connection.execute("CREATE TEMP TABLE some AS SELECT * FROM usage_event")
    for _ in range(6_000):
        connection.execute(f"INSERT INTO usage_event ({columns}) SELECT {columns} FROM some")
    connection.commit()
    connection.close()
    page = ready(visit(start(tmp_path / "codex")))
    dialog = storage(page)
    pick(dialog, "What", "Responses")
    dialog.get_by_role("button", name="Export…").click()
    bar = dialog.get_by_role("progressbar", name="Export")
    expect(bar).to_be_visible()
    expect(dialog.get_by_role("button", name="Back up…")).to_be_disabled()
    eventually(lambda: float(bar.get_attribute("aria-valuenow") or 0) > 0, True)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("status")).to_contain_text("Export cancelled")
    assert [path for path in (tmp_path / "data").rglob("*") if path.suffix in (".csv", ".part")] == []
    expect(dialog.get_by_role("button", name="Back up…")).to_be_enabled()


def test_compacting_says_what_it_saved(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex")))
    before = totals(page)
    dialog = storage(page)
    dialog.get_by_role("button", name="Compact").click()
    expect(dialog.get_by_role("status")).to_contain_text("sav")
    page.keyboard.press("Escape")
    assert totals(page) == before


def test_paths_are_copied_and_shown_in_the_file_manager(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex"), permissions=["clipboard-read", "clipboard-write"]))
    dialog = storage(page)
    dialog.get_by_role("button", name="Show in the file manager: Database").click()
    dialog.get_by_role("button", name="Show in the file manager: Codex home").click()
    wanted = [str(tmp_path / "data"), str(tmp_path / "codex")]
    eventually(lambda: sorted((tmp_path / "opened.txt").read_text().splitlines()), sorted(wanted))
    dialog.get_by_role("button", name="Copy path: Data folder").click()
    eventually(lambda: page.evaluate("navigator.clipboard.readText()"), str(tmp_path / "data"))
    rows = dialog.locator(".tv-counts__line")
    expect(rows.filter(has_text=re.compile("^Responses"))).to_contain_text("3")


def import_settings(page: Page, dialog: Locator, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Import settings…").click()
    chooser.value.set_files(path)


def test_settings_are_taken_to_a_file_and_back_with_undo(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    plain_home(tmp_path / "codex")
    running = start(tmp_path / "codex")
    page = ready(visit(running, settings={"theme": "dark", "exact_numbers": True}))
    path = saved(page, storage(page).get_by_role("button", name="Export settings…"), tmp_path)
    page = ready(visit(running, settings={"theme": "light"}))
    dialog = storage(page)
    import_settings(page, dialog, path)
    expect(dialog.get_by_text("2 settings changed.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dialog.get_by_role("button", name="Undo").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_files_that_are_no_settings_are_named_and_change_nothing(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    visit.allow("status of 400")
    plain_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex"), settings={"theme": "light"}))
    dialog = storage(page)
    good = json.loads(saved(page, dialog.get_by_role("button", name="Export settings…"), tmp_path).read_text())
    dark = {**good["settings"], "theme": "dark"}
    bad = {
        "empty": ("", "The file is empty"),
        "foreign": ('{"theme": "dark"}', "no file with settings of Tokendial"),
        "newer": (json.dumps({**good, "version": 2, "settings": dark}), "newer Tokendial"),
        "cut": (json.dumps({**good, "settings": dark})[:-9], "damaged"),
        "wrong": (json.dumps({**good, "settings": {**dark, "active_minutes": -1}}), "minutes"),
        "unknown": (json.dumps({**good, "settings": {**dark, "x": 1}}), "no setting called 'x'"),
    }
    for name, (text, words) in bad.items():
        path = tmp_path / f"{name}.json"
        path.write_text(text)
        import_settings(page, dialog, path)
        expect(dialog.get_by_role("alert")).to_contain_text(words)
        expect(dialog.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_refused_lines_have_their_line_and_the_report_names_nobody(
    start: Serve, visit: Visitor, tmp_path: Path
) -> None:
    story = plain_home(tmp_path / "codex")
    lines = len(story.rollout.lines)
    with story.rollout.path(story.home).open("ab") as file:
        file.write(
            b'{"timestamp":"2026-11-20T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count" sk-secret\n'
        )
    page = ready(visit(start(tmp_path / "codex"), permissions=["clipboard-read", "clipboard-write"]))
    page.get_by_role("button", name="1 line refused").click()
    dialog = page.get_by_role("dialog", name="Settings")
    row = dialog.get_by_role("table", name="Refused lines").locator("tbody tr")
    expect(row).to_contain_text("not a whole JSON line")
    expect(row.locator("td").nth(2)).to_have_text(str(lines + 1))
    expect(dialog.get_by_text("not checked yet")).to_have_count(2)
    dialog.get_by_role("button", name="Check the database").click()
    expect(dialog.get_by_role("status")).to_contain_text("The database is sound")
    expect(dialog.locator(".td-badge").filter(has_text="sound")).to_be_visible()
    dialog.get_by_role("button", name="Copy report").click()
    eventually(lambda: "Database check: sound" in page.evaluate("navigator.clipboard.readText()"), True)
    report = page.evaluate("navigator.clipboard.readText()")
    for secret in ("sk-secret", str(tmp_path / "user"), "shop-web", story.id):
        assert secret not in report


def test_c10_delete_all_data_leaves_an_empty_page_and_homes_that_wait(
    start: Serve, visit: Visitor, tmp_path: Path
) -> None:
    plain_home(tmp_path / "codex")
    page = ready(visit(start(tmp_path / "codex"), settings={"theme": "dark"}))
    dialog = storage(page)
    dialog.get_by_role("button", name="Delete all data…").click()
    question = page.get_by_role("dialog", name="Delete all data?")
    expect(question.get_by_role("button", name="Delete everything")).to_be_disabled()
    question.get_by_label("Type “delete” to confirm").fill("delete")
    question.get_by_label("Type “delete” to confirm").press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Everything that Tokendial kept is deleted")
    expect(dialog.locator(".tv-counts__line").filter(has_text=re.compile("^Responses"))).to_contain_text("0")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    page.get_by_role("tab", name="Homes").click()
    expect(dialog.get_by_text("cleared", exact=False).first).to_be_visible()
    named = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and b"shop-web" in path.read_bytes()]
    assert named == []
    dialog.get_by_role("button", name="Rescan").first.click()
    page.keyboard.press("Escape")
    expect(card(page, "Sessions")).to_contain_text("3 responses")
