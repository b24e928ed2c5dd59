"""Takes the pictures of the README: the running program over invented logs, in both themes, into build/pictures/.

Needs Chromium (`TOKENDIAL_CHROMIUM` names another one) and the packages that the tests need.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from _picture_logs import write_home, write_others
from _served import LINK
from _setup import ROOT, ensure_frontend
from tokendial.providers import PROVIDERS

SIZE: ViewportSize = {"width": 1280, "height": 860}
MARGIN = 8
STILL_MS = 400  # the charts follow a new size
RULE = {"pattern": "gpt-5.5*", "effective_from": "2026-10-01", "input": "4.50", "cache_read": "0.45", "output": "27"}


def take(page: Page, url: str, folder: Path, session: str) -> None:
    """Overview, projects, sessions, a session and the prices, in both themes."""
    answer = page.request.post(f"{url}/api/pricing.save", data={"rules": [RULE]})
    assert answer.ok, answer.text()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.goto(f"{url}/#/overview")
        page.reload()
        settle(page)
        picture(page, panel(page, "Activity"), folder / f"overview-{theme}.png")
        page.goto(f"{url}/#/session/{session}")
        expect(page.get_by_role("table", name="Family")).to_be_visible()
        picture(page, panel(page, "Files"), folder / f"session-{theme}.png")
        page.goto(f"{url}/#/projects")
        expect(page.get_by_role("table", name="Projects")).to_be_visible()
        picture(page, panel(page, "Projects"), folder / f"projects-{theme}.png")
        page.goto(f"{url}/#/sessions")
        expect(page.get_by_role("table", name="Sessions")).to_be_visible()
        still(page, folder / f"sessions-{theme}.png")
        page.keyboard.press("Control+,")
        page.get_by_role("tab", name="Pricing").click()
        expect(page.get_by_role("tabpanel")).to_contain_text(RULE["pattern"])
        still(page, folder / f"pricing-{theme}.png")
        page.keyboard.press("Escape")


def panel(page: Page, title: str) -> Locator:
    """A card with this heading."""
    return page.locator("section.td-card").filter(has=page.get_by_role("heading", name=title, exact=True))


def still(page: Page, path: Path) -> None:
    """The window as it is, with nothing in motion."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(STILL_MS)
    page.screenshot(path=path)


def picture(page: Page, last: Locator, path: Path) -> None:
    """The page down to this panel, in a window that is as high as that."""
    page.set_viewport_size(SIZE)
    box = last.bounding_box()
    assert box is not None, f"the last panel of {path.name} is not there"
    page.set_viewport_size({"width": SIZE["width"], "height": round(box["y"] + box["height"]) + MARGIN})
    still(page, path)
    page.set_viewport_size(SIZE)


def settle(page: Page) -> None:
    """The page with every number in it and nothing in motion."""
    expect(page.locator(".tv-scan")).to_contain_text("Scanned")
    expect(page.get_by_role("table", name="Responses")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)


def main() -> int:
    """Writes the logs, starts the program over them, and takes the pictures."""
    parser = argparse.ArgumentParser(description="Take the pictures of the README.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    options = parser.parse_args()
    ensure_frontend()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("TOKENDIAL_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory(prefix="tokendial-pictures-") as scratch, sync_playwright() as playwright:
        user, now_ms = Path(scratch) / "u", int(time.time() * 1000)
        session = write_home(PROVIDERS[0].logs.default_homes({}, user)[0], now_ms)
        write_others(user, now_ms)
        served = Program(Path(scratch) / "data", user)
        try:
            arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
            page = browser.new_page(viewport=SIZE)
            page.goto(served.link)
            settle(page)
            take(page, served.link.partition("/_open")[0], options.out, session)
            browser.close()
        finally:
            served.end()
    for picture in sorted(options.out.glob("*.png")):
        print(f"{picture}: {picture.stat().st_size // 1024} KB")
    return 0


class Program:
    """`tokendial serve` for a user, and the link that it printed."""

    def __init__(self, data: Path, user: Path) -> None:
        command = [sys.executable, "-m", "tokendial", "serve", "--no-open", "--data-dir", str(data)]
        environment = {name: value for name, value in os.environ.items() if not name.endswith(("_HOME", "_CONFIG_DIR"))}
        environment |= {"HOME": str(user), "USERPROFILE": str(user), "TZ": "UTC"}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.link = next(found.group() for line in self._process.stdout or () if (found := LINK.search(line)))

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=30)


if __name__ == "__main__":
    sys.exit(main())
