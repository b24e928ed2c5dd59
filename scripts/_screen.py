"""How long it takes from a log line to the figure on the screen, in a real browser."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("TOKENDIAL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FIGURE = "section.td-kpi[aria-label='Total tokens'] .td-kpi__value"
PAUSE_SECONDS = 1.3  # so that one line has nothing to do with the one before


def seconds_to_screen(address: str, cookie: str, append: Callable[[], None], times: int) -> list[float]:
    """Appends `times` lines, one after the other, each with more tokens; nothing without a browser.

    `cookie` is `name=value`, as the one-use link gives it.
    """
    if CHROMIUM is None:
        return []
    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            context = browser.new_context()
            context.add_cookies([{"name": name, "value": value, "url": address}])
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector(".tv-cards[data-state=ready]")
            return [_one(page, append) for _ in range(times)]
        finally:
            browser.close()


def _one(page: Page, append: Callable[[], None]) -> float:
    time.sleep(PAUSE_SECONDS)
    before = page.locator(FIGURE).get_attribute("title")
    began = time.perf_counter()
    append()
    page.wait_for_function(
        "([figure, before]) => document.querySelector(figure).title !== before", arg=[FIGURE, before], timeout=30_000
    )
    return time.perf_counter() - began
