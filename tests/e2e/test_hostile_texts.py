"""Hostile texts in every text field of every provider, on every view, in Chromium and in the real window (C1)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Playwright, expect
from tests.e2e.driver import Running, Visitor, open_settings, pick, ready, serve, table
from tests.e2e.hostile import assert_harmless, write_homes
from tests.e2e.test_real_window import Desktop
from tests.support.hostile_texts import EVERY
from tests.support.proofs import Proved, Size

FOLDERS = {"codex": ".codex", "claude": ".claude", "gemini": ".gemini"}
ALL_TIME = {"range": "alltime"}
ALL = {**ALL_TIME, "active_minutes": 300}
FIELDS = {
    "codex": ("title", "project", "model", "effort", "originator"),
    "claude": ("title", "project", "model", "effort", "originator"),
    "gemini": ("title", "project", "model"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("texts")
    write_homes(folder / "user")
    running = serve(folder)
    yield running
    assert running.end() == 0


@pytest.fixture
def page(hostile: Running, visit: Visitor) -> Page:
    return ready(visit(hostile, settings=ALL))


def command(page: Page, running: Running, name: str, **given: object) -> Any:  # noqa: ANN401 - JSON
    """A command's answer to the page's user."""
    headers = {"Content-Type": "application/json"}
    answer = page.context.request.post(f"{running.url}/api/{name}", data=json.dumps(given), headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


def every_session(page: Page, running: Running) -> list[dict[str, Any]]:
    """All rows of the list, page by page."""
    rows: list[dict[str, Any]] = []
    at: str | None = None
    while True:
        answer = command(page, running, "sessions.list", limit=100, at=at, **ALL_TIME)
        rows += answer["rows"]
        at = answer["next"]
        if at is None:
            return rows


def settled(page: Page) -> None:
    """Wait until nothing is on its way any more."""
    expect(page.locator("#app .td-skeleton, #app [aria-busy=true]")).to_have_count(0)


def go(page: Page, route: str) -> None:
    """Open a page of the program, as its links do, and look at it."""
    page.evaluate("(route) => { location.hash = `#/${route}` }", route)
    page.wait_for_timeout(60)
    settled(page)
    assert_harmless(page)


@pytest.mark.browser
def test_c1_the_texts_do_arrive_in_every_field(page: Page, hostile: Running, proved: Proved) -> None:
    """What is not in the ledger could not do harm on any page."""
    rows = every_session(page, hostile)
    assert len(rows) == 3 * len(EVERY)
    for provider in FOLDERS:
        mine = [row for row in rows if row["provider"] == provider]
        for field in FIELDS[provider]:
            held = {row[field] for row in mine}
            assert len(held) >= 60, (provider, field)
            assert any("<script>" in str(one) for one in held), (provider, field)
            proved("C1", "fields", 1)
    assert_held(proved, limits_of(page, hostile))
    assert_held(proved, details_of(page, hostile, [row["id"] for row in rows]))
    proved("C1", "texts", len(EVERY))


def assert_held(proved: Proved, fields: dict[str, set[str]]) -> None:
    """Each field holds the texts, whatever else it holds."""
    for name, held in fields.items():
        assert len(held) >= 60, (name, len(held))
        assert any("<script>" in one for one in held), name
        proved("C1", "fields", 1)


def limits_of(page: Page, running: Running) -> dict[str, set[str]]:
    """What limits are called."""
    limits = command(page, running, "dashboard.get", **ALL_TIME)["limits"]
    return {name: {str(limit[name]) for limit in limits} for name in ("limit_id", "limit_name", "plan", "credits")}


def details_of(page: Page, running: Running, ids: list[str]) -> dict[str, set[str]]:
    """What only the page of a session, of a provider or of prompts shows."""
    details = [command(page, running, "session.get", id=one) for one in ids]
    fields = {name: {str(one[name]) for one in details} for name in ("branch", "cwd", "client_version")}
    fields["agent"] = {str(one["session"]["agent"]) for one in details}
    for provider in ("codex", "claude"):
        tiers = command(page, running, "provider.get", provider=provider, **ALL_TIME)["tiers"]
        fields[f"tiers of {provider}"] = {tier["label"] for tier in tiers}
    return fields


@pytest.mark.browser
def test_c1_the_overview_by_everything(page: Page, proved: Proved) -> None:
    for name in ("Effort", "Project", "Originator", "Model"):
        pick(page, "Group by", name)
        expect(table(page, f"{name}s")).to_be_visible()
        settled(page)
        assert_harmless(page)
        proved("C1", "views", 1)
    for name in ("effort", "project", "originator", "tier", "model"):
        stacked = page.get_by_role("combobox", name="Stacked by")
        if name in stacked.evaluate("(one) => [...one.options].map((option) => option.value)"):
            stacked.select_option(name)
            settled(page)
            hover_charts(page)
            assert_harmless(page)
            proved("C1", "views", 1)


def hover_charts(page: Page) -> None:
    """Have every chart say what is under the pointer."""
    for chart in page.locator("#app canvas").all():
        box = chart.bounding_box()
        if box is not None and chart.is_visible():
            chart.hover(position={"x": box["width"] * 0.97, "y": box["height"] * 0.6}, force=True)
            page.wait_for_timeout(30)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 420])
def test_c1_lists_providers_projects_and_activity(hostile: Running, visit: Visitor, proved: Proved, width: int) -> None:
    page = ready(visit(hostile, settings=ALL, size=(width, 860)))
    for route in ("sessions", "projects", "activity", "widget", "overview"):
        go(page, route)
        proved("C1", "views", 1)
        if route == "widget":  # its dials are not pushed out of it by the limits of one of them
            for name in ("Codex", "Claude Code", "Gemini"):
                expect(page.get_by_role("article", name=name).locator(".tv-dial__name")).to_be_in_viewport()
    go(page, "sessions")
    more = page.get_by_role("button", name="Next page")
    while more.count() and more.is_enabled():
        more.click()
        settled(page)
        assert_harmless(page)
        proved("C1", "views", 1)


@pytest.mark.browser
def test_c1_pages_of_sessions_and_projects(page: Page, hostile: Running, proved: Proved, size: Size) -> None:
    """At each commit some of each provider, another text on each; all of them in the long size."""
    rows = sorted(every_session(page, hostile), key=lambda row: row["id"])
    for row in rows[:: max(1, len(rows) // size(21, len(rows)))]:
        go(page, f"session/{row['id']}")
        expect(page.locator("h1, h2").first).to_be_visible()
        proved("C1", "views", 1)
    projects = command(page, hostile, "projects.list", **ALL_TIME)["projects"]
    assert len(projects) >= 60
    for project in projects[:: max(1, len(projects) // size(12, len(projects)))]:
        go(page, f"project/{quote(project['key'], safe='')}")
        proved("C1", "views", 1)


@pytest.mark.browser
def test_c1_a_page_whose_address_is_too_long_to_be_kept(hostile: Running, page: Page, proved: Proved) -> None:
    """It is shown, and the next start opens the list that it is on; nothing is refused meanwhile."""
    projects = command(page, hostile, "projects.list", **ALL_TIME)["projects"]
    longest = max(projects, key=lambda project: len(project["key"]))["key"]
    assert len(longest) > 1000
    with page.expect_response("**/api/settings.set") as saved:
        go(page, f"project/{quote(longest, safe='')}")
    assert (saved.value.status, saved.value.json()["page"]) == (200, "projects")
    proved("C1", "views", 1)


def settings_tabs(page: Page) -> list[str]:
    """The names of all tabs."""
    open_settings(page, "Display")
    return page.get_by_role("dialog", name="Settings").get_by_role("tab").all_inner_texts()


@pytest.mark.browser
def test_c1_every_tab_of_the_settings(page: Page, proved: Proved) -> None:
    for name in settings_tabs(page):
        open_settings(page, name)
        settled(page)
        assert_harmless(page)
        proved("C1", "views", 1)


@pytest.mark.browser
def test_c1_searching_for_each_text(page: Page, proved: Proved, size: Size) -> None:
    """The box is typed into as a user pastes; the list says what was found in words."""
    go(page, "sessions")
    box = page.get_by_role("searchbox", name="Search")
    for text in EVERY[:: size(6, 1)]:
        box.fill(text[:200])
        page.wait_for_timeout(350)
        settled(page)
        assert_harmless(page)
        proved("C1", "searches", 1)


@pytest.mark.browser
def test_c1_the_printed_report(hostile: Running, visit: Visitor, page: Page, tmp_path: Path, proved: Proved) -> None:
    target = tmp_path / "report.html"
    options = ["--data-dir", str(tmp_path / "data"), "--format", "html", "-o", str(target)]
    subprocess.run([sys.executable, "-m", "tokendial", "report", *options], env=hostile.env, check=True, timeout=120)
    printed = page.context.new_page()
    asked: list[str] = []
    visit.listen(printed, "file:")
    printed.on("request", lambda request: asked.append(request.url))
    printed.goto(target.as_uri())
    assert asked == [target.as_uri()]
    assert printed.evaluate("window.pwned") is None
    assert printed.locator("#pwned, img, script, iframe, form, object, base, link").count() == 0
    proved("C1", "views", 1)


@pytest.mark.browser
@pytest.mark.parametrize("provider", FOLDERS)
def test_c1_the_pages_of_providers(page: Page, proved: Proved, provider: str) -> None:
    go(page, f"provider/{provider}")
    proved("C1", "views", 1)


class HostileDesktop(Desktop):
    """The real window over the same homes."""

    def __init__(self, folder: Path, display: str) -> None:
        write_homes(folder / "user")
        super().__init__(folder, display)

    def start(self, **more: str) -> Running:
        return Running(self.folder, ["--data-dir", str(self.folder / "data")], DISPLAY=self.display, **more)


def some_of_each(page: Page) -> list[str]:
    """Every page of the window, and some of the many: sessions and projects."""
    invoke = "([name, given]) => window.pywebview.api.invoke(name, given)"
    listed = page.evaluate(invoke, ["sessions.list", {**ALL_TIME, "limit": 100}])["ok"]["rows"]
    projects = page.evaluate(invoke, ["projects.list", ALL_TIME])["ok"]["projects"]
    return [
        *("overview", "sessions", "projects", "activity"),
        *(f"provider/{provider}" for provider in FOLDERS),
        *(f"session/{row['id']}" for row in listed[::9]),
        *(f"project/{quote(project['key'], safe='')}" for project in projects[::12]),
    ]


def watch(problems: Visitor, page: Page) -> None:
    """Take down what goes wrong on a page that is open already, and what its policy stopped."""
    page.evaluate("document.addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective))")
    problems.listen(page, page.evaluate("location.origin"))


def the_widget(page: Page) -> Page:
    """The page of the small window."""
    page.keyboard.press("Control+Shift+M")
    for _ in range(100):
        page.wait_for_timeout(100)
        found = [one for one in page.context.pages if "widget" in one.url]
        if found:
            return found[0]
    raise AssertionError(f"no widget among {[one.url for one in page.context.pages]}")


@pytest.mark.window
def test_c1_the_real_window(
    tmp_path_factory: pytest.TempPathFactory, display: str, playwright: Playwright, proved: Proved
) -> None:
    desktop = HostileDesktop(tmp_path_factory.mktemp("window"), display)
    try:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{desktop.port}", no_defaults=True)
        page = browser.contexts[0].pages[0]
        page.set_default_timeout(15_000)
        ready(page)
        problems = Visitor(browser)
        watch(problems, page)
        page.evaluate("(values) => window.pywebview.api.invoke('settings.set', {values})", ALL)
        for route in some_of_each(page):
            go(page, route)
            proved("C1", "views in the real window", 1)
        for name in settings_tabs(page):
            open_settings(page, name)
            settled(page)
            assert_harmless(page)
            proved("C1", "views in the real window", 1)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        small = the_widget(page)
        watch(problems, small)
        expect(small.get_by_role("article", name="Gemini")).to_be_visible()
        assert_harmless(small)
        proved("C1", "views in the real window", 1)
        problems.close()
        assert not (desktop.folder / "opened.txt").exists()
    finally:
        desktop.running.end()
