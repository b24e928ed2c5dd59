"""A notification of the real window reaches the desktop's service, and a click on it brings the window forward."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.desktop.test_notices import Service, bus
from tests.e2e.driver import Running, options
from tests.e2e.test_alerts import calm_home, use
from tests.support.screen import ask, window_manager

__all__ = ["bus"]
pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"),
]
pytest.importorskip("dbus_fast", reason="D-Bus is of Linux")
WAIT_SECONDS = 40


@pytest.fixture
def tool(display: str) -> Iterator[Callable[..., str]]:
    """Asks an X program, on a screen with a window manager."""
    with window_manager(display):
        yield lambda *command: ask(display, *command, check=False).strip()


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_an_alert_of_the_window_and_a_click_on_it(
    bus: str,
    display: str,
    tool: Callable[..., str],
    tmp_path: Path,
) -> None:
    service = Service(tmp_path)
    service.notes.with_suffix(".click").touch()
    home = tmp_path / "codex"
    story = calm_home(home)
    running = Running(tmp_path, options(tmp_path / "data", home), DISPLAY=display, DBUS_SESSION_BUS_ADDRESS=bus)
    try:
        until(lambda: bool(tool("xdotool", "search", "--name", "^Tokendial$")), running.errors)
        window = tool("xdotool", "search", "--name", "^Tokendial$").splitlines()[-1]
        until(lambda: "IsViewable" in tool("xwininfo", "-id", window), "the window is not shown")
        tool("xdotool", "windowminimize", window)
        until(lambda: "IsViewable" not in tool("xwininfo", "-id", window), "the window is not minimised")
        assert service.told == []
        use(story, 91)
        until(lambda: bool(service.told), "no notification came")
        assert re.fullmatch(r"Codex: 5 hours at 91 %", str(service.told[0]["title"]))
        until(lambda: "IsViewable" in tool("xwininfo", "-id", window), "the click did not bring the window back")
    finally:
        assert running.end() == 0
        service.end()
