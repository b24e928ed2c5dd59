"""The packaged program in processes of their own, on a screen, without any Python to be found."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright
from tests.desktop.conftest import display  # noqa: F401 - a fixture
from tests.desktop.test_window import connect
from tests.e2e.driver import Running, Visitor, environment
from tests.support.screen import window_manager

from _inspector import free_port, wait_for_page

BINARY = Path(os.environ.get("TOKENDIAL_PACKAGED") or "tokendial").resolve()
Start = Callable[..., "Packaged"]


def alone(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a user without Python: only the file manager of the tests is on the path."""
    made = environment(folder, **more)
    hidden = ("PYTHON", "VIRTUAL_ENV", "TOKENDIAL_")
    kept = {name: value for name, value in made.items() if not name.startswith(hidden) or name in more}
    return {**kept, "PATH": str(folder / "bin"), **more}


class Packaged(Running):
    """A running packaged program; in a window when it is given a screen."""

    surroundings = staticmethod(alone)

    def __init__(self, folder: Path, *arguments: str, screen: str = "", program: Path = BINARY, **more: str) -> None:
        self.program = (str(program),)
        self.port = free_port()
        if screen:
            more = {"DISPLAY": screen, "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{self.port}", **more}
        super().__init__(folder, arguments, **more)

    def wait_for_page(self) -> None:
        """Until the window has a page of ours."""
        wait_for_page(self.port, self.process)


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The packaged program to its end."""
    command = [str(BINARY), *arguments]
    return subprocess.run(
        command, env=alone(folder, **more), cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts packaged programs and ends those that still run."""
    started: list[Packaged] = []

    def begin(*arguments: str, folder: Path = tmp_path, **more: str) -> Packaged:
        started.append(Packaged(folder, *arguments, **more))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            assert running.end() == 0
        assert "Traceback" not in running.errors


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def look(playwright: Playwright) -> Iterator[Callable[[Packaged], Page]]:
    """The page in a window; the test fails for any error of it, and any request to elsewhere."""
    visitor = Visitor(None)  # type: ignore[arg-type]  # it opens no page here

    def attach(running: Packaged) -> Page:
        running.wait_for_page()
        page = connect(playwright, f"http://127.0.0.1:{running.port}").contexts[0].pages[0]
        page.set_default_timeout(15_000)
        visitor.listen(page, page.evaluate("location.origin"))
        return page

    yield attach
    visitor.close()


@pytest.fixture(scope="session")
def manager(display: str) -> Iterator[str]:  # noqa: F811 - the fixture above
    """A screen with a window manager."""
    if shutil.which("openbox") is None or shutil.which("wmctrl") is None or shutil.which("xdotool") is None:
        pytest.skip("needs openbox, wmctrl and xdotool")
    with window_manager(display):
        yield display
