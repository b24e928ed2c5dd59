"""Without a screen the program serves to the browser and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.driver import Running, Visitor, figure, options, ready, report
from tests.e2e.worlds import plain_home

pytestmark = pytest.mark.browser


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    plain_home(tmp_path / "codex")
    started = Running(tmp_path, options(tmp_path / "data", tmp_path / "codex"))
    yield started
    started.end()


def test_it_serves_and_says_why(running: Running, visit: Visitor, tmp_path: Path) -> None:
    assert "display" in running.wait_for_line(re.compile("^Tokendial runs in the browser: .+"))
    page = ready(visit(running, settings={"exact_numbers": True}))
    total = report(tmp_path, tmp_path / "codex")["totals"]["total_tokens"]
    expect(figure(page, "Total tokens")).to_have_text(f"{total:,}")
    expect(page.get_by_role("status").filter(has_text="display")).to_be_visible()
    assert running.end() == 0
    assert running.errors == ""
    assert running.lines[-1] == "Tokendial stopped."


def test_a_second_start_leaves_the_first_alone(running: Running, tmp_path: Path) -> None:
    assert running.link
    second = Running(tmp_path, options(tmp_path / "data", tmp_path / "codex"))
    assert second.wait() == 0
    assert second.lines == ["Tokendial is already running; its window was brought to the front."]
    assert running.process.poll() is None
