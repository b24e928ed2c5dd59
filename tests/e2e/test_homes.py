"""The Homes tab of Settings, each task as a user does it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, eventually, exact_money, figure, open_settings, ready, report
from tests.e2e.worlds import HOUR, Story, now_ms, plain_home
from tests.support.rollout import Rollout

pytestmark = pytest.mark.browser
EXACT: dict[str, object] = {"exact_numbers": True, "auto_refresh_seconds": 0, "range": "alltime"}


def settings(page: Page, tab: str = "Homes") -> Locator:
    """The dialog on a tab."""
    return open_settings(page, tab)


def row(dialog: Locator, home: Path) -> Locator:
    """A home in the list."""
    return dialog.get_by_role("list", name="Homes").get_by_role("listitem").filter(has_text=str(home))


def press(within: Locator, name: str) -> None:
    within.get_by_role("button", name=name, exact=True).click()


def total(page: Page) -> str:
    return figure(page, "Total tokens").inner_text()


def totals(folder: Path, *homes: Path) -> int:
    """What a fresh ledger counts in these homes, which share nothing."""
    return sum(report(folder, home)["totals"]["total_tokens"] for home in homes)


def add(dialog: Locator, folder: str, label: str = "") -> None:
    dialog.get_by_label("Folder", exact=True).fill(folder)
    dialog.get_by_role("textbox", name="Label", exact=True).fill(label)
    press(dialog, "Add")


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """The user's folder, with the default home in it."""
    plain_home(tmp_path / "user" / ".codex", 3)
    return tmp_path / "user"


@pytest.fixture
def second(user: Path) -> Path:
    Story(user / "laptop" / ".codex", now_ms() - 30 * HOUR, 3).turn("gpt-5.5", "low", 4).write()
    return user / "laptop" / ".codex"


def test_what_is_found_is_shown_while_typing_and_the_right_folder_is_offered(
    start: Serve, visit: Visitor, user: Path, second: Path
) -> None:
    page = ready(visit(start(), settings=EXACT))
    dialog = settings(page)
    folder, add_button = dialog.get_by_label("Folder", exact=True), dialog.get_by_role("button", name="Add", exact=True)
    day = next(second.rglob("rollout-*"))
    for meant in (str(second.parent), str(second / "sessions"), f"~/laptop/.codex/{day.parent.relative_to(second)}"):
        folder.fill(meant)
        expect(dialog.get_by_text("This folder is not a home itself.")).to_be_visible()
        expect(add_button).to_be_disabled()
        press(dialog, "Use that folder")
        expect(folder).to_have_value(str(second))
        expect(dialog.get_by_text(re.compile("Found 1 log file, .*, sessions of "))).to_be_visible()
        expect(add_button).to_be_enabled()
    folder.fill(f"{user}/./laptop/../.codex/")
    expect(dialog.get_by_text("in the list already").or_(dialog.get_by_text("a home already"))).to_be_visible()
    expect(add_button).to_be_disabled()
    folder.fill(str(day))
    expect(dialog.get_by_text("This is a file, not a folder.")).to_be_visible()
    add(dialog, "$HOME/laptop/.codex", "Laptop")
    expect(row(dialog, second)).to_contain_text("1 log file")
    page.keyboard.press("Escape")
    expect(figure(page, "Total tokens")).to_have_text(f"{totals(user.parent, user / '.codex', second):,}")


def test_a_comma_list_of_homes_is_read_and_a_removed_one_is_offered(
    start: Serve, visit: Visitor, user: Path, second: Path
) -> None:
    running = start(CODEX_HOME=f"{user}/.codex, {second},")
    page = ready(visit(running, settings=EXACT))
    assert total(page) == f"{totals(user.parent, user / '.codex', second):,}"
    dialog = settings(page)
    press(row(dialog, second), "Remove…")
    press(page.get_by_role("dialog", name="Remove this home?"), "Remove")
    press(dialog, "Dismiss")
    offers = dialog.get_by_role("list", name="Found and not read yet")
    expect(offers.get_by_role("listitem")).to_have_count(1)
    expect(offers).to_contain_text(str(second))
    press(offers, "Add this folder")
    expect(row(dialog, second)).to_contain_text("1 log file")
    expect(offers).to_have_count(0)


def test_a_label_is_changed_where_it_stands(start: Serve, visit: Visitor, user: Path) -> None:
    running = start()
    page = ready(visit(running, settings=EXACT))
    dialog = settings(page)
    label = dialog.get_by_label(f"Label of {user / '.codex'}")
    expect(label).to_have_attribute("placeholder", ".codex")
    label.fill("Desk")
    label.press("Escape")
    expect(dialog).to_be_visible()
    expect(label).to_have_value("")
    label.fill("  Desk ")
    label.press("Enter")
    expect(label).to_have_value("Desk")
    label.fill("Desk at home")
    dialog.get_by_label("Folder", exact=True).focus()
    page.reload()
    dialog = settings(ready(page))
    expect(dialog.get_by_label(f"Label of {user / '.codex'}")).to_have_value("Desk at home")


def test_a_home_is_switched_off_and_what_it_shared_stays_with_the_other(
    start: Serve, visit: Visitor, user: Path
) -> None:
    """The fork in the second home copied a response of its parent, which the first home holds."""
    parent = Story(user / ".codex", now_ms() - 5 * HOUR, 4).turn("gpt-5.5", "medium", 2).write().rollout
    fork = Rollout(parent.now_ms + 60_000, 5).meta(cwd="/home/u/x", forked_from_id=parent.thread)
    fork.turn("gpt-5.5", "medium", cwd="/home/u/x")
    fork.copy(parent, [line for line in parent.lines if b"token_count" in line])
    second = user / "second"
    fork.write(second)
    page = ready(visit(start(), settings=EXACT))
    before = totals(user.parent, user / ".codex")
    dialog = settings(page)
    add(dialog, str(second))
    expect(row(dialog, second)).to_contain_text("1 log file")
    eventually(lambda: total(page), f"{before:,}")
    row(dialog, user / ".codex").get_by_role("switch").uncheck()
    eventually(lambda: total(page), f"{totals(user.parent, second):,}")
    row(dialog, user / ".codex").get_by_role("switch").click()  # what was read meanwhile may draw the old state once
    expect(row(dialog, user / ".codex").get_by_role("switch")).to_be_checked()
    eventually(lambda: total(page), f"{before:,}")


def test_a_home_is_removed_after_a_question_that_says_what_is_lost_and_comes_back(
    start: Serve, visit: Visitor, user: Path, second: Path
) -> None:
    page = ready(visit(start(), settings=EXACT))
    dialog = settings(page)
    add(dialog, str(second), "Laptop")
    whole = f"{totals(user.parent, user / '.codex', second):,}"
    eventually(lambda: total(page), whole)
    lost = report(user.parent, second)["totals"]
    press(row(dialog, second), "Remove…")
    question = page.get_by_role("dialog", name="Remove this home?")
    expect(question).to_contain_text("1 session with")
    expect(question.get_by_title(f"{lost['total_tokens']:,} tokens")).to_be_visible()
    expect(question.get_by_title(exact_money(lost["cost_usd"]))).to_be_visible()
    expect(question).to_contain_text("The log files themselves are not touched")
    expect(question.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(dialog, second)).to_have_count(1)
    press(row(dialog, second), "Remove…")
    press(question, "Remove")
    expect(row(dialog, second)).to_have_count(0)
    eventually(lambda: total(page), f"{totals(user.parent, user / '.codex'):,}")
    assert next(second.rglob("rollout-*")).is_file()
    expect(dialog.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_label(f"Label of {second}")).to_have_value("Laptop")
    eventually(lambda: total(page), whole)


def test_cleared_data_stays_cleared_until_a_rescan_is_asked_for(start: Serve, visit: Visitor, user: Path) -> None:
    home = user / ".codex"
    running = start()
    page = ready(visit(running, settings=EXACT))
    dialog = settings(page)
    label = dialog.get_by_label(f"Label of {home}")
    label.fill("Desk")
    label.press("Enter")
    press(row(dialog, home), "Clear data…")
    question = page.get_by_role("dialog", name="Clear the data of this home?")
    action, word = question.get_by_role("button", name="Clear data"), question.get_by_role("textbox")
    expect(word).to_be_focused()
    expect(question).to_contain_text("The log files themselves are not touched")
    for wrong in ("", "des", "yes"):
        word.fill(wrong)
        expect(action).to_be_disabled()
        word.press("Enter")
    word.fill("desk")
    expect(action).to_be_enabled()
    word.press("Enter")
    expect(question).to_have_count(0)
    expect(row(dialog, home)).to_contain_text("Rescan to read it again")
    page.keyboard.press("Escape")
    cleared = page.get_by_role("heading", name="What was counted has been cleared")
    expect(cleared).to_be_visible()
    # Neither a new session, nor a refresh, nor a restart reads it.
    Story(home, now_ms() - HOUR // 2, 9).turn("gpt-5.5", "high", 2).write()
    page.wait_for_timeout(1500)  # longer than a hint of the watch waits
    with page.expect_response("**/api/ingest.refresh"):
        page.keyboard.press("Control+r")
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()
    expect(cleared).to_be_visible()
    page.close()
    assert running.end() == 0
    page = visit(start(), settings=EXACT)
    expect(page.locator(".tv-scan")).to_contain_text("Scanned 0 files")
    expect(page.get_by_role("heading", name="What was counted has been cleared")).to_be_visible()
    dialog = settings(page)
    expect(row(dialog, home)).to_contain_text("cleared")
    press(row(dialog, home), "Rescan")
    expect(row(dialog, home)).to_contain_text("2 log files")
    page.keyboard.press("Escape")
    eventually(lambda: total(page), f"{totals(user.parent, home):,}")


def test_a_rescan_reads_every_file_again_and_changes_nothing(start: Serve, visit: Visitor, user: Path) -> None:
    running = start()
    page = ready(visit(running, settings=EXACT))
    before = total(page)
    dialog = settings(page)
    with page.expect_response("**/api/homes.rescan"):
        press(row(dialog, user / ".codex"), "Rescan")
    headers = {"Content-Type": "application/json"}
    status = lambda: page.context.request.post(f"{running.url}/api/ingest.status", data="{}", headers=headers).json()  # noqa: E731
    eventually(lambda: status()["files_read"], 1)
    page.keyboard.press("Escape")
    assert total(page) == before


def test_each_home_is_opened_and_the_key_opens_the_first_that_is_read(
    start: Serve, visit: Visitor, user: Path, second: Path
) -> None:
    page = ready(visit(start(), settings=EXACT))
    dialog = settings(page)
    add(dialog, str(second))
    opened = user.parent / "opened.txt"
    lines = lambda: opened.read_text().splitlines() if opened.exists() else []  # noqa: E731
    for home in (second, user / ".codex"):
        before = len(lines())
        press(row(dialog, home), "Open folder")
        eventually(lambda: lines()[before:], [str(home)])  # noqa: B023 - called in this turn
    row(dialog, user / ".codex").get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    before = len(lines())
    page.keyboard.press("Control+l")
    eventually(lambda: lines()[before:], [str(second)])


def test_every_state_has_words_and_what_to_do(start: Serve, visit: Visitor, user: Path, second: Path) -> None:
    (user / "empty").mkdir()
    page = ready(visit(start(), settings=EXACT))
    dialog = settings(page)
    for folder in (second, user / "empty"):
        add(dialog, str(folder))
        expect(row(dialog, folder)).to_be_visible()
    expect(row(dialog, user / "empty")).to_contain_text("Use the agent once")
    shutil.rmtree(second)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+r")
    dialog = settings(page)
    expect(row(dialog, second)).to_contain_text("What was counted stays")
    for name in ("Rescan", "Open folder"):
        expect(row(dialog, second).get_by_role("button", name=name)).to_be_disabled()


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(start: Serve, visit: Visitor, user: Path, second: Path) -> None:
    page = ready(visit(start(), settings=EXACT))
    dialog = settings(page)
    second.chmod(0)
    try:
        dialog.get_by_label("Folder", exact=True).fill(str(second))
        expect(dialog.get_by_text("cannot be read")).to_be_visible()
    finally:
        second.chmod(0o755)


def test_a_home_is_cleared_with_the_keyboard_alone(start: Serve, visit: Visitor, user: Path) -> None:
    page = ready(visit(start(), settings=EXACT))
    page.keyboard.press("Control+,")
    tab_to(page, "Clear data…")
    page.keyboard.press("Enter")
    page.keyboard.type("clear")
    tab_to(page, "Clear data")
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog", name="Settings")).to_contain_text("Rescan to read it again")
    tab_to(page, "Rescan")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    eventually(lambda: total(page), f"{totals(user.parent, user / '.codex'):,}")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a button of this name has the focus."""
    for _ in range(40):
        if page.evaluate("document.activeElement.tagName === 'BUTTON' && document.activeElement.innerText") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")
