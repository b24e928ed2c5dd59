"""C6 and C7: the browser keeps nothing of what a page showed; its profile is searched, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from tests.e2e.conftest import CHROMIUM
from tests.e2e.driver import Running
from tests.security.planted import HOMES, NEEDLES, SECRET_NEEDLES, Words
from tests.security.using import leaks
from tests.support.proofs import Proved

pytestmark = pytest.mark.browser
STORED = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie, history.state, location.href,
    await indexedDB.databases(), await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length,
])"""
SHOWN = re.compile(r"[0-9]")
PAGES = ("overview", "sessions", "projects", *(f"provider/{name}" for name in HOMES), "widget", "activity")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The program over logs that are full of prompts and secrets."""
    arguments = []
    for name, write in HOMES.items():
        write(tmp_path / name, Words(), 3)
        arguments += [f"--{name}-home", str(tmp_path / name)]
    program = Running(tmp_path, ["serve", "--no-open", "--data-dir", str(tmp_path / "data"), *arguments])
    yield program
    assert program.end() == 0
    assert not [needle for needle in NEEDLES if needle in program.errors + "".join(program.lines)]


def visit(context: BrowserContext, running: Running) -> list[str]:
    """Look at every page, and say what the browser keeps after each."""
    page, stored = context.new_page(), list[str]()
    page.goto(running.link)
    for name in PAGES:
        page.goto(f"{running.url}/#/{name}")
        page.reload()
        page.wait_for_load_state("load")
        expect(page.locator("body")).to_contain_text(SHOWN)
        expect(page.locator(".td-skeleton")).to_have_count(0)
        stored.append(page.evaluate(STORED))
    expect(page.get_by_text("zqmark").first).to_be_visible()
    assert not [needle for needle in SECRET_NEEDLES if needle in page.inner_text("body")], "secrets are masked"
    stored.append(of_session(page, running))
    return stored


def of_session(page: Page, running: Running) -> str:
    """What is kept after the page of a session, which shows what was asked."""
    rows = page.request.post(f"{running.url}/api/sessions.list", data={"range": "alltime"}).json()["rows"]
    page.goto(f"{running.url}/#/session/{rows[0]['id']}")
    page.reload()
    expect(page.get_by_text("zqmark").first).to_be_visible()
    return str(page.evaluate(STORED))


def test_c6_c7_the_browser_keeps_neither_prompts_nor_secrets(
    playwright: Playwright, running: Running, tmp_path: Path, proved: Proved
) -> None:
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=["--no-sandbox"])
    stored = visit(context, running)
    context.close()
    assert not [needle for needle in NEEDLES if needle in "".join(stored)]
    assert len([path for path in profile.rglob("*") if path.is_file()]) > 20, "it is a whole profile"
    assert list(leaks(profile)) == []
    for bar in ("C6", "C7"):
        proved(bar, "pages after which the browser's storage was searched", len(stored))
