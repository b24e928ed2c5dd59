"""The settings that need no file, in the real window: each is chosen, holds at once, and is kept by the program."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.driver import choose, figure, open_settings, pick
from tests.e2e.test_homes import row
from tests.e2e.test_real_window import Desktop, desktop, guarded, page

__all__ = ["desktop", "guarded", "page"]
pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool"),
]


def kept(page: Page, name: str) -> object:
    """A setting as the program has it, once the page has saved it."""
    page.wait_for_timeout(600)
    return page.evaluate("window.pywebview.api.invoke('app.state', {})")["ok"]["settings"][name]


def test_display(page: Page) -> None:
    dialog = open_settings(page, "Display")
    for theme in ("Dark", "Light"):
        pick(dialog, "Theme", theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())
    pick(dialog, "Numbers", "Exact")
    expect(figure(page, "Total tokens")).to_have_text(re.compile(r"^[\d,]+$"))
    pick(dialog, "First day of the week", "Sun")
    expect(page.locator(".td-calendar__weekday").first).to_have_text("Sun")
    choose(page, "Time zone", "Asia/Tokyo")
    expect(dialog.get_by_text(re.compile("^Now .* there"))).to_be_visible()
    assert (kept(page, "theme"), kept(page, "first_weekday"), kept(page, "timezone")) == ("light", 6, "Asia/Tokyo")
    choose(page, "Time zone", "")
    dialog.get_by_label("Minutes").fill("90")
    dialog.get_by_role("button", name="Save minutes").click()
    dialog.get_by_label("Sign").fill("€")
    dialog.get_by_label("One dollar is").fill("0.92")
    dialog.get_by_role("button", name="Save currency").click()
    expect(figure(page, "Cost")).to_contain_text("€")
    dialog.get_by_role("button", name="Back to US dollars").click()
    expect(figure(page, "Cost")).to_contain_text("$")
    dialog.get_by_role("switch", name="Privacy mode").check()
    expect(figure(page, "Cost")).to_have_text("$••••••")
    dialog.get_by_role("switch", name="Privacy mode").uncheck()
    assert kept(page, "active_minutes") == 90


def test_alerts(page: Page) -> None:
    dialog = open_settings(page, "Alerts")
    dialog.get_by_label("Warn from").fill("60")
    dialog.get_by_label("Critical from").fill("80")
    dialog.get_by_role("button", name="Save steps").click()
    expect(dialog.get_by_role("button", name="Save steps")).to_be_disabled()
    assert (kept(page, "limit_warn_percent"), kept(page, "limit_bad_percent")) == (60, 80)


def test_startup(page: Page) -> None:
    dialog = open_settings(page, "Startup")
    pick(dialog, "Opens with", "Overview")
    remember = dialog.get_by_role("switch", name="Remember size and place")
    remember.uncheck()
    assert (kept(page, "start_page"), kept(page, "remember_window")) == ("overview", False)
    remember.check()
    pick(dialog, "Opens with", "The page open last")
    assert (kept(page, "start_page"), kept(page, "remember_window")) == ("last", True)


def test_providers(page: Page) -> None:
    before = figure(page, "Total tokens").get_attribute("title")
    link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Codex")
    switch = open_settings(page, "Providers").get_by_role("switch", name="Read Codex")
    switch.click()
    expect(link).to_have_count(0)
    assert kept(page, "disabled_providers") == ["codex"]
    switch.click()
    expect(link).to_have_count(1)
    expect(figure(page, "Total tokens")).to_have_attribute("title", before or "")


def test_a_home_is_named_read_again_and_cleared(page: Page, desktop: Desktop) -> None:
    before = figure(page, "Total tokens").get_attribute("title") or ""
    dialog = open_settings(page, "Homes")
    home = row(dialog, desktop.home)
    home.get_by_label(f"Label of {desktop.home}").fill("Desk")
    home.get_by_label(f"Label of {desktop.home}").press("Enter")
    expect(page.get_by_role("button", name="Rescan")).to_be_enabled()
    home.get_by_role("button", name="Rescan").click()
    expect(figure(page, "Total tokens")).to_have_attribute("title", before)
    home.get_by_role("button", name="Clear data…").click()
    question = page.get_by_role("dialog", name="Clear the data of this home?")
    expect(question.get_by_role("button", name="Clear data")).to_be_disabled()
    question.get_by_role("textbox").fill("clear")
    question.get_by_role("button", name="Clear data").click()
    expect(home).to_contain_text("leared")
    expect(page.locator(".tv-cards")).to_have_count(0)
    home.get_by_role("button", name="Rescan").click()
    expect(figure(page, "Total tokens")).to_have_attribute("title", before)
    home.get_by_role("switch").uncheck()
    expect(figure(page, "Total tokens")).to_have_attribute("title", "0 tokens")
    home.get_by_role("switch").check()
    expect(figure(page, "Total tokens")).to_have_attribute("title", before)


def test_diagnostics_and_about(page: Page, desktop: Desktop) -> None:
    dialog = open_settings(page, "Diagnostics")
    dialog.get_by_role("button", name="Check the database").click()
    expect(dialog.get_by_text("sound", exact=True)).to_be_visible()
    expect(dialog.get_by_text("Every line was understood")).to_be_visible()
    dialog.get_by_role("button", name="Copy report").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Report copied")
    folder = open_settings(page, "Homes").get_by_label("Folder", exact=True)
    folder.focus()
    window = desktop.tool("xdotool", "search", "--name", "^Tokendial$").split()[-1]
    desktop.tool("xdotool", "windowactivate", "--sync", window, "key", "ctrl+v")
    expect(folder).to_have_value(re.compile("^Tokendial: .*Python"))
    folder.fill("")
    dialog = open_settings(page, "About")
    expect(dialog.get_by_text("MIT")).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
