"""What happens while the page is open: new lines, a restart, a home that goes away, lines that are refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import (
    Visitor,
    change_settings,
    choose,
    eventually,
    figure,
    options,
    pick,
    ready,
    report,
    rows,
    table,
)
from tests.e2e.worlds import plain_home

pytestmark = pytest.mark.browser

EXACT = {"exact_numbers": True, "auto_refresh_seconds": 0}
JSON = {"Content-Type": "application/json"}
SOON = 1.5
AT_MOST = 6.0


def test_an_appended_line_shows_by_itself(
    start: Serve, visit: Visitor, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    home = tmp_path / "codex"
    story = plain_home(home)
    page = ready(visit(start(home), settings=EXACT))
    expect(page.locator(".tv-scan")).to_have_attribute("title", re.compile("as they are written"))
    page.evaluate("window.marker = 1")
    waited = []
    for _ in range(3):
        story.turn("gpt-5.5", "high", 1)
        total = f"{story.rollout.total.total:,}"
        began = time.monotonic()
        story.append(3)
        expect(figure(page, "Total tokens")).to_have_text(total, timeout=AT_MOST * 1000)
        waited.append(time.monotonic() - began)
    record_property("seconds_to_the_screen", waited)
    assert sorted(waited)[1] < SOON + 1, f"seconds from the log line to the screen: {waited}"
    expect(table(page, "Responses").locator("tbody tr")).to_have_count(6)
    assert f"{report(tmp_path, home)['totals']['total_tokens']:,}" == total
    assert page.evaluate("window.marker") == 1


def test_a_new_session_and_a_half_written_line(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    plain_home(home)
    page = ready(visit(start(home), settings=EXACT))
    expect(figure(page, "Sessions")).to_have_text("1")
    other = plain_home(tmp_path / "staged", 2)
    whole = other.rollout.bytes().replace(other.id.encode(), b"01a20000-0000-7000-8000-000000000000")
    path = home / "sessions/2026/01/01/rollout-2026-01-01T00-00-00-01a20000-0000-7000-8000-000000000000.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(whole[:-30])
    expect(figure(page, "Sessions")).to_have_text("2")
    expect(page.locator(".tv-scan")).not_to_contain_text("refused")
    with path.open("ab") as file:
        file.write(whole[-30:])
    totals = report(tmp_path, home)["totals"]
    expect(figure(page, "Total tokens")).to_have_text(f"{totals['total_tokens']:,}")
    expect(page.locator(".tv-scan")).not_to_contain_text("refused")


def test_settings_outlive_the_program(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    plain_home(home)
    running = start(home)
    page = ready(visit(running))
    pick(page, "Range", "30 days")
    choose(page, "Stacked by", "effort")
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Display").click()
    with page.expect_response("**/api/settings.set"):
        pick(page.get_by_role("dialog"), "Theme", "Dark")
    page.keyboard.press("Escape")
    with page.expect_response("**/api/settings.set"):
        page.keyboard.press("Control+5")
    expect(table(page, "Sessions")).to_be_visible()
    page.close()
    assert running.end() == 0

    page = visit(start(home), keep_settings=True)
    expect(page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
    expect(page.get_by_role("radio", name="30 days")).to_be_checked()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("Control+1")
    expect(page.get_by_role("combobox", name="Stacked by")).to_have_value("effort")


def test_a_program_that_ended_is_told_and_what_was_read_stays(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    visit.allow("net::ERR_")
    home = tmp_path / "codex"
    plain_home(home)
    running = start(home)
    page = ready(visit(running, settings=EXACT))
    total = figure(page, "Total tokens").inner_text()
    running.end()
    expect(page.get_by_text("The connection to the program is lost.")).to_be_visible()
    expect(figure(page, "Total tokens")).to_have_text(total)


def test_refused_lines_are_told_and_explained(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    story = plain_home(home)
    with story.rollout.path(home).open("ab") as file:
        file.write(b'{"timestamp":"2026-01-01T00:00:00.000Z","type":"event_msg","payload":{"ty\n\0\0\0\0\n')
    page = ready(visit(start(home)))
    page.get_by_role("button", name="2 lines refused").click()
    expect(page.get_by_role("tab", name="Diagnostics")).to_have_attribute("aria-selected", "true")
    refused = rows(table(page, "Refused lines"))
    assert sorted(row["Lines"] for row in refused) == ["1", "1"]
    good = story.rollout.bytes().count(b"\n")
    eventually(
        lambda: {row["First at line"] for row in rows(table(page, "Refused lines"))}, {f"{good + 1}", f"{good + 2}"}
    )
    expect(page.get_by_text("the ledger needs a look")).to_have_count(0)


def test_a_home_that_goes_away_keeps_its_figures_and_says_so(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    plain_home(home)
    page = ready(visit(start(home), settings=EXACT))
    total = figure(page, "Total tokens").inner_text()
    shutil.rmtree(home)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()
    expect(figure(page, "Total tokens")).to_have_text(total)
    expect(page.locator(".tv-scan")).to_contain_text("the folder does not exist")
    page.reload()
    expect(figure(page, "Total tokens")).to_have_text(total)
    visit.allow("status of ")
    page.keyboard.press("Control+l")
    expect(page.get_by_text("The folder of this home is not there.")).to_be_visible()
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Homes").click()
    expect(page.get_by_role("list", name="Homes")).to_contain_text("not there")
    page.keyboard.press("Escape")
    plain_home(home, 5)
    page.get_by_role("button", name="Refresh").click()
    eventually(lambda: figure(page, "Total tokens").inner_text() != total, True)


def test_what_is_saved_while_logs_are_read_is_saved(start: Serve, visit: Visitor, tmp_path: Path) -> None:
    home = tmp_path / "codex"
    story = plain_home(home, 2)
    running = start(home)
    # All time, because the log runs hours ahead of the clock, past the end of a range of days.
    page = ready(visit(running, settings={**EXACT, "range": "alltime"}))
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.01):
            story.turn("gpt-5.5", "high", 20)
            story.append(41)

    agent = threading.Thread(target=work)
    agent.start()
    try:
        for minutes in range(1, 301):
            change_settings(page.context, running, {"active_minutes": minutes})
            if minutes % 10 == 0:
                hurry = page.context.request.post(
                    f"{running.url}/api/ingest.refresh", data='{"wait": false}', headers=JSON
                )
                assert hurry.ok
    finally:
        stop.set()
        agent.join()
    totals = report(tmp_path, home)["totals"]
    assert totals["total_tokens"] == story.rollout.total.total
    expect(figure(page, "Total tokens")).to_have_text(f"{totals['total_tokens']:,}")
    doctor = [sys.executable, "-m", "tokendial", "doctor", *options(tmp_path / "data", home)]
    checked = subprocess.run(doctor, env=running.env, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
