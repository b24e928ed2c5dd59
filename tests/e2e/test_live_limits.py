"""Live limits from the switch to the card: the agent's own program is asked, after the user agreed to it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Serve
from tests.e2e.driver import Visitor, open_settings, panel, ready
from tests.e2e.worlds import plain_home

pytestmark = pytest.mark.browser

PROGRAM = """#!{python}
import json, pathlib, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "initialize":
        print(json.dumps({{"id": message["id"], "result": {{}}}}), flush=True)
    elif "id" in message:
        with pathlib.Path({asked!r}).open("a") as file:
            file.write("asked\\n")
        print(pathlib.Path({answer!r}).read_text(), flush=True)
"""


class Agent:
    """An agent's command line that answers what the test writes, and counts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.asked, self.answer, self.folder = folder / "asked", folder / "answer", folder
        program = folder / "codex"
        program.write_text(PROGRAM.format(python=sys.executable, asked=str(self.asked), answer=str(self.answer)))
        program.chmod(0o755)

    def says(self, used: float) -> None:
        window = {"usedPercent": used, "windowDurationMins": 300, "resetsAt": int(time.time()) + 7_000}
        limit = {"limitId": "codex", "primary": window, "planType": "pro"}
        self.answer.write_text(json.dumps({"id": 1, "result": {"rateLimits": limit}}))

    def fails(self, words: str) -> None:
        self.answer.write_text(json.dumps({"id": 1, "error": {"code": -32600, "message": words}}))

    @property
    def times(self) -> int:
        return len(self.asked.read_text().splitlines()) if self.asked.exists() else 0


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path / "agent")


def test_a_live_source_is_asked_after_the_user_agreed(
    start: Serve, visit: Visitor, tmp_path: Path, agent: Agent
) -> None:
    agent.says(41)
    home = tmp_path / "user" / ".codex"
    plain_home(home, 3)
    page = ready(visit(start(home, PATH=f"{agent.folder}{os.pathsep}{os.environ['PATH']}")))
    page.get_by_role("button", name="Refresh").click()
    dialog = open_settings(page, "Providers")
    live = dialog.get_by_role("list", name="Live limits")
    switch = live.get_by_role("switch", name="Ask for the limits of Codex")
    switch.click()
    consent = page.get_by_role("dialog", name="Ask Codex for its limits?")
    expect(consent).to_contain_text(str(home / "auth.json"))
    expect(consent).to_contain_text(f"{agent.folder / 'codex'} app-server")
    consent.get_by_role("button", name="Leave it off").click()
    expect(switch).not_to_be_checked()
    assert agent.times == 0
    switch.click()
    consent.get_by_role("button", name="Switch on").click()
    expect(switch).to_be_checked()
    expect(live).to_contain_text("Live")
    expect(live).to_contain_text("asked again in")
    page.keyboard.press("Escape")
    limit = panel(page, "Codex")
    expect(limit).to_contain_text("41 %")
    expect(limit).to_contain_text("Live, ")
    expect(limit).to_contain_text("pro")
    for _ in range(3):
        page.keyboard.press("Control+r")
        page.wait_for_timeout(300)
    assert agent.times == 1


def test_a_failure_is_said_in_words(start: Serve, visit: Visitor, tmp_path: Path, agent: Agent) -> None:
    agent.fails("codex account authentication required to read rate limits")
    home = tmp_path / "user" / ".codex"
    plain_home(home, 3)
    settings = {"live_sources": ["codex"]}
    page = ready(visit(start(home, PATH=f"{agent.folder}{os.pathsep}{os.environ['PATH']}"), settings=settings))
    live = open_settings(page, "Providers").get_by_role("list", name="Live limits")
    expect(live).to_contain_text("Error")
    expect(live).to_contain_text("Codex says: codex account authentication required")
