"""The printed report in Chromium: it opens without a request or an error, holds together, and becomes a PDF."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, environment, open_settings, options, ready, report
from tests.e2e.test_hostile import NAMES
from tests.e2e.test_storage import saved
from tests.e2e.worlds import Story, busy_home, limits, now_ms, title

pytestmark = pytest.mark.browser


def written(folder: Path, home: Path, *more: str) -> Path:
    """A report of a home, by the command."""
    target = folder / "report.html"
    arguments = ["report", "--format", "html", "-o", str(target), *options(folder / "report", home), *more]
    subprocess.run([sys.executable, "-m", "tokendial", *arguments], env=environment(folder), check=True)
    return target


def opened(chromium: Browser, path: Path) -> tuple[Page, list[str]]:
    """The file in a browser, and everything that must not happen."""
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if request.url == path.as_uri() else problems.append(request.url))
    page.goto(path.as_uri())
    return page, problems


def overflow(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def test_it_opens_alone_and_prints(chromium: Browser, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    busy_home(home)
    page, problems = opened(chromium, written(tmp_path, home))
    totals = report(tmp_path, home)["totals"]
    expect(page.locator("#cost")).to_have_attribute("value", totals["cost_usd"])
    expect(page.locator("#tokens")).to_have_attribute("value", str(totals["total_tokens"]))
    assert page.locator("figure svg rect").count() > 8
    assert page.evaluate("getComputedStyle(document.querySelector('.cards')).display") == "grid"  # the style is let in
    assert overflow(page) <= 0
    page.screenshot(path=tmp_path / "report.png", full_page=True)
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-") and len(pdf) > 20_000
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 2
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    page.close()
    assert problems == []


def test_hostile_names_stay_text_and_keep_its_shape(chromium: Browser, tmp_path: Path) -> None:
    home, told = tmp_path / "codex", []
    for number, name in enumerate(NAMES):
        snapshot = limits((50.0, 3), (20.0, 80), limit_name=name, limit_id=f"id {number} {name}"[:3000], plan_type=name)
        story = Story(home, now_ms() - 600_000, number, f"/home/u/{name}", originator=name)
        told.append((story.turn(name, name, 2, snapshot).write(), name))
    title(home, told)
    page, problems = opened(chromium, written(tmp_path, home))
    assert page.evaluate("window.pwned") is None
    assert page.locator("#pwned, img, script, iframe").count() == 0
    assert "\u202e" not in page.locator("body").inner_text()
    assert overflow(page) <= 0
    page.close()
    assert problems == []


def test_the_button_gives_the_same_report(start: Serve, visit: Visitor, chromium: Browser, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    busy_home(home)
    page = ready(visit(start(home), settings={"range": "last7days", "timezone": "UTC"}))
    shown = page.locator("section.td-kpi[aria-label='Cost'] .td-kpi__value").get_attribute("title") or ""
    dialog = open_settings(page, "Storage")
    path = saved(page, dialog.get_by_role("button", name="Printable report…"), tmp_path)
    expect(dialog.get_by_role("status")).to_contain_text("Report written")
    assert re.fullmatch(r"tokendial-report-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.html", path.name)
    made, problems = opened(chromium, path)
    assert Decimal(made.locator("#cost").get_attribute("value") or "0") == Decimal(shown.lstrip("$").replace(",", ""))
    expect(made.locator(".facts")).to_contain_text("Last 7 days")
    expect(made.locator("body")).to_contain_text("Parser rewrite")
    made.close()
    assert problems == []
    page.evaluate("fetch('/api/settings.set', " + _patch({"privacy": True}) + ")")
    dialog.get_by_role("button", name="Dismiss").click()
    path = saved(page, dialog.get_by_role("button", name="Printable report…"), tmp_path)
    text = path.read_text()
    assert "Parser rewrite" not in text and "shop-web" not in text and "Project 1" in text


def _patch(values: dict[str, object]) -> str:
    body = json.dumps(json.dumps({"values": values}))
    return f"{{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {body}}}"
