"""An agent's status line on the page: its setting, its format, its readings as they come, and the block before them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, environment, open_settings, overflow, panel, ready
from tests.e2e.worlds import plain_home
from tests.services.test_blocks import respond
from tests.support.payloads import claude_home, encoded, limits, now_ms

pytestmark = pytest.mark.browser
WITHIN = 2.5


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The Claude home of the user whom the server runs for."""
    return claude_home(tmp_path / "user" / ".claude")


def call(folder: Path, content: bytes) -> None:
    command = [sys.executable, "-m", "tokendial", "--data-dir", str(folder / "data"), "statusline"]
    subprocess.run(command, input=content, env=environment(folder), check=True, capture_output=True)


def card(page: Page) -> Locator:
    return page.locator(".tv-limit").filter(has_text="Claude Code")


def test_a_block_first_and_the_reading_as_soon_as_it_comes(
    start: Serve, visit: Visitor, tmp_path: Path, place: Path, record_property: pytest.RecordProperty
) -> None:
    respond(place, now_ms() - 3_600_000, now_ms() - 60_000)
    page = ready(visit(start(), settings={"auto_refresh_seconds": 0}))
    block = card(page).locator("[data-state=estimate]")
    expect(block).to_contain_text("Estimate")
    expect(block).to_contain_text("used: unknown")
    expect(block).to_contain_text("2 messages")
    expect(block).to_contain_text(re.compile(r"began .*, ends in .* of its time is over"))
    expect(card(page).locator(".tv-limit__source")).to_have_text("Estimate")
    assert not re.search(r"\d %\s*(used|left)", card(page).inner_text())
    waited = []
    for used in (31, 57):
        began = time.monotonic()
        call(tmp_path, encoded(place, rate_limits=limits(used, 12)))
        expect(card(page)).to_contain_text(f"{used} %", timeout=WITHIN * 1000)
        waited.append(time.monotonic() - began)
    record_property("seconds_to_the_screen", waited)
    expect(card(page)).to_contain_text("Weekly")
    expect(card(page).locator(".tv-limit__source")).to_contain_text("From the status line")
    expect(block).to_have_count(0)


def test_where_nothing_is_known_it_says_why(start: Serve, visit: Visitor, tmp_path: Path, place: Path) -> None:
    respond(place, now_ms() - 9 * 3_600_000)
    plain_home(tmp_path / "user" / ".codex")
    (tmp_path / "user" / ".gemini" / "tmp").mkdir(parents=True)
    page = ready(visit(start(), settings={"auto_refresh_seconds": 0}))
    words = panel(page, "Limits")
    expect(words.get_by_role("listitem")).to_have_count(3)
    expect(words).to_contain_text("Gemini: This agent writes no limits into its logs")
    expect(words).to_contain_text("Claude Code: The logs carry no limits. Set up the status line")
    assert "%" not in words.inner_text()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Gemini").click()
    expect(panel(page, "Limits")).to_contain_text("This agent writes no limits into its logs")
    expect(panel(page, "Limits").get_by_role("listitem")).to_have_count(0)


def test_the_setting_is_copied_called_and_answers(start: Serve, visit: Visitor, tmp_path: Path, place: Path) -> None:
    page = visit(start(), settings={}, permissions=["clipboard-read", "clipboard-write"])
    part = open_settings(page, "Providers").get_by_role("region", name="Status line of Claude Code")
    part.get_by_text("Status line").click()
    expect(part).to_contain_text("No reading has arrived yet.")
    expect(part).to_contain_text("Tokendial never changes that file")
    part.get_by_role("button", name="Copy the setting for Claude Code").click()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    command = copied["statusLine"]["command"]
    assert shlex.split(command)[-3:] == ["--data-dir", str(tmp_path / "data"), "statusline"]
    done = subprocess.run(
        command, shell=True, input=encoded(place), env=environment(tmp_path), capture_output=True, check=True
    )
    assert done.stdout.decode().startswith("Opus 4.8")
    expect(part).to_contain_text("The last reading arrived")
    assert not (place / "settings.json").exists()


def test_the_format_is_tried_saved_and_refused_beside_its_box(
    start: Serve, visit: Visitor, tmp_path: Path, place: Path
) -> None:
    visit.allow("400")
    page = visit(start(), settings={"currency_sign": "€", "currency_rate": "0.5"})
    part = open_settings(page, "Providers").get_by_role("region", name="Status line of Claude Code")
    part.get_by_text("Status line").click()
    preview, box = part.get_by_label("Preview of the line"), part.get_by_role("textbox", name="Format of the line")
    expect(preview).to_have_text("Opus 4.8 · ctx 38% · €6.20 today · 5h 42% · week 17%")
    box.fill("{modle}")
    expect(part).to_contain_text("{modle} is no place of the line")
    expect(preview).to_have_count(0)
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("{weekly} of the week | {model}")
    expect(preview).to_have_text("17% of the week | Opus 4.8")
    box.press("Enter")
    expect(part.get_by_role("button", name="Save format")).to_be_disabled()
    command = [sys.executable, "-m", "tokendial", "--data-dir", str(tmp_path / "data"), "statusline"]
    done = subprocess.run(command, input=encoded(place), env=environment(tmp_path), capture_output=True, check=True)
    assert done.stdout.decode() == "17% of the week | Opus 4.8\n"
    part.get_by_role("button", name="Back to the usual format").click()
    expect(preview).to_contain_text("ctx 38%")
    page.keyboard.press("Control+Shift+p")
    expect(part).to_contain_text("Privacy mode hides the command")
    expect(preview).to_have_text("Opus 4.8 · ctx 38% · 5h 42% · week 17%")


@pytest.mark.parametrize("size", [(1280, 860), (900, 640), (420, 640)])
def test_it_fits(start: Serve, visit: Visitor, tmp_path: Path, place: Path, size: tuple[int, int]) -> None:
    respond(place, now_ms() - 60_000)
    page = ready(visit(start(), settings={}, size=size))
    assert overflow(page) == 0
    dialog = open_settings(page, "Providers")
    part = dialog.get_by_role("region", name="Status line of Claude Code")
    part.get_by_text("Status line").click()
    part.get_by_text("What the line can show").click()
    box, inside = dialog.bounding_box(), part.bounding_box()
    assert box
    assert inside
    assert inside["x"] + inside["width"] <= box["x"] + box["width"]
    assert overflow(page) == 0
