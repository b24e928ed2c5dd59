"""A seat for the tests of the tray: a screen with a window manager, a session bus, and the program started on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright
from tests.e2e.driver import Running, eventually, options, ready
from tests.e2e.trays import session_bus
from tests.parity.logs import Log, window
from tests.support import screen

from _inspector import free_port

NO_BUS = "unix:path=/nonexistent/bus"


def now_ms() -> int:
    return int(time.time() * 1000)


def minutes(count: int) -> int:
    return count * 60_000


class Seat:
    """A screen with a window manager and a session bus, where the program is started."""

    def __init__(self, folder: Path, display: str, bus: str) -> None:
        self.folder, self.display, self.bus = folder, display, bus
        self.home = folder / "codex"
        self.log = Log(self.home, now_ms() - minutes(30))
        self.log.turn(now_ms() - minutes(29)).respond(now_ms() - minutes(28), 5_000)
        self.reads(42, now_ms() - minutes(2))
        self.started: list[Running] = []
        self.port = 0

    def reads(self, percent: float | None, at: int) -> None:
        """A reading of both windows in the log."""
        primary = window(percent, 300, now_ms() + minutes(130))
        secondary = window(13, 10_080, now_ms() + minutes(76 * 60))
        self.log.limits(at, primary, secondary).save()

    def start(self, *arguments: str, bus: str | None = None, inspected: bool = True) -> Running:
        self.port = free_port() if inspected else self.port
        more = {"QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{self.port}"} if inspected else {}
        given = [*options(self.folder / "data", self.home), *arguments]
        env = {"DISPLAY": self.display, "DBUS_SESSION_BUS_ADDRESS": self.bus if bus is None else bus, **more}
        self.started.append(Running(self.folder, given, **env))
        return self.started[-1]

    def tool(self, *command: str) -> str:
        return screen.ask(self.display, *command, check=False)

    def windows(self) -> list[str]:
        """The program's windows on the screen."""
        return screen.windows(self.display, "^Tokendial$")

    def visible(self) -> int:
        """How many windows of the program are on the screen."""
        return len(self.windows())

    def left(self) -> int:
        """The left edge of the window on the screen."""
        found = self.tool("xdotool", "search", "--onlyvisible", "--name", "^Tokendial$", "getwindowgeometry", "--shell")
        return int(dict(line.split("=") for line in found.split())["X"])

    def is_maximized(self) -> bool:
        window_id = self.windows()[-1]
        return "MAXIMIZED_VERT" in self.tool("xprop", "-id", window_id, "_NET_WM_STATE")

    def wait_shown(self) -> None:
        eventually(self.visible, 1, timeout=40)

    def close_window(self) -> None:
        self.tool("wmctrl", "-F", "-c", "Tokendial")

    def page(self, playwright: Playwright) -> Page:
        """The page of the window. An inspector that is asked while the page is being made may never answer."""
        deadline, address = time.monotonic() + 40, f"http://127.0.0.1:{self.port}"
        while True:
            try:
                browser = playwright.chromium.connect_over_cdp(address, no_defaults=True, timeout=4_000)
                if browser.contexts[0].pages:
                    page = browser.contexts[0].pages[0]
                    page.set_default_timeout(15_000)
                    return ready(page)
            except Exception:
                assert time.monotonic() < deadline
            time.sleep(0.2)

    def choose_setting(self, page: Page, **values: object) -> None:
        answer = page.evaluate("(values) => window.pywebview.api.invoke('settings.set', {values})", values)
        assert "ok" in answer, answer


@pytest.fixture(scope="module")
def window_manager(display: str) -> Iterator[None]:
    with screen.window_manager(display):
        yield


@pytest.fixture
def seat(tmp_path: Path, display: str, window_manager: None) -> Iterator[Seat]:
    with session_bus() as bus:
        seat = Seat(tmp_path, display, bus)
        yield seat
        for running in seat.started:
            running.end()
