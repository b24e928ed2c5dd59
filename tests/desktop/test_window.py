"""The real window: the shell in a child process, driven over the debugging port of its Chromium."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from tests.desktop.conftest import ROOT

from _inspector import free_port, wait_for_page

pytestmark = pytest.mark.window


class Shell:
    """The running child."""

    def __init__(self, folder: Path, env: dict[str, str], *arguments: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.arguments = arguments
        self.env = {**env, "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{self.port}"}
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.desktop.shell", "window", str(self.folder), *self.arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def wait_for_page(self) -> None:
        wait_for_page(self.port, self.process)

    def end(self) -> str:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=30)
        return output


def environment(display: str) -> dict[str, str]:
    return {**os.environ, "DISPLAY": display, "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)])}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[Shell]:
    running = Shell(tmp_path_factory.mktemp("data"), environment(display))
    running.wait_for_page()
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.communicate()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def page(shell: Shell, driver: Playwright) -> Page:
    return attach(driver, shell)


def connect(driver: Playwright, address: str, tries: int = 3) -> Browser:
    """The window's own inspector; on a loaded machine it may not answer the first time."""
    try:
        return driver.chromium.connect_over_cdp(address, no_defaults=True, timeout=15_000)
    except PlaywrightTimeout:
        if tries == 1:
            raise
        return connect(driver, address, tries - 1)


def attach(driver: Playwright, shell: Shell) -> Page:
    """The page in the window, ready."""
    shown = connect(driver, f"http://127.0.0.1:{shell.port}").contexts[0].pages[0]
    expect(shown.locator("#state")).to_have_text("ready", timeout=30_000)
    return shown


def test_the_page_is_ours_and_its_address_holds_no_secret(page: Page) -> None:
    assert page.evaluate("location.pathname + location.search + location.hash") == "/?window=1"
    assert page.evaluate("window.pywebview.platform") == "qtwebengine"
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("document.referrer") == ""


def test_a_command_over_the_bridge(page: Page) -> None:
    assert page.evaluate("window.pywebview.api.invoke('homes.list', {})") == {"ok": {"homes": []}}
    assert page.evaluate("window.pywebview.api.invoke('homes.list')") == {"ok": {"homes": []}}
    answer = page.evaluate("window.pywebview.api.invoke('app.state', {})")
    assert answer["ok"]["mode"] == "window"


def test_an_error_over_the_bridge_is_an_answer_without_a_trace(page: Page) -> None:
    answer = page.evaluate("window.pywebview.api.invoke('diagnostics.get', {})")
    assert answer["error"]["code"] == "internal"
    assert "secret" not in json.dumps(answer)
    unknown = page.evaluate("window.pywebview.api.invoke('nothing', {})")
    assert unknown["error"]["code"] == "not_found"


def test_the_bridge_has_this_one_function(page: Page) -> None:
    assert page.evaluate("Object.keys(window.pywebview.api)") == ["invoke"]


def test_an_event_is_pushed_into_the_page_as_data(page: Page) -> None:
    page.evaluate("window.pushed.length = 0")
    page.evaluate("window.pywebview.api.invoke('ingest.refresh', {})")
    page.wait_for_function("window.pushed.length === 1", timeout=10_000)
    told = {"title": "Tïtle", "message": "'); alert(1); ('\u2028", "plain_title": "", "plain_message": ""}
    assert page.evaluate("window.pushed") == [["alert", told]]


def test_ctrl_r_reaches_the_page_and_does_not_reload(page: Page) -> None:
    page.evaluate("window.marker = 1")
    page.keyboard.press("Control+r")
    page.wait_for_function("window.keys.length === 1")
    page.wait_for_timeout(500)
    assert page.evaluate("[window.marker, window.keys]") == [1, ["ctrl+r"]]


def test_the_policy_holds_in_the_window(page: Page) -> None:
    assert page.evaluate("window.violations") == []
    assert page.evaluate("fetch('http://127.0.0.1:1/').then(() => 'sent', () => 'blocked')") == "blocked"
    assert "connect-src" in page.evaluate("window.violations")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "script",
    [
        "location.href = 'http://example.invalid/'",
        "location.replace('http://127.0.0.1:1/')",
        "location.href = location.origin + '.example.invalid/'",
        "location.href = 'data:text/html,x'",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'javascript:void(window.marker = 2)'",
    ],
)
def test_the_window_stays_on_its_page(page: Page, script: str) -> None:
    page.evaluate("window.marker = 1")
    page.evaluate(f"setTimeout(() => {{ {script} }}, 0)")
    page.wait_for_timeout(400)
    assert page.evaluate("[location.pathname, window.marker]") == ["/", 1]
    assert page.evaluate("window.pywebview.api.invoke('homes.list', {})") == {"ok": {"homes": []}}


def test_a_reload_keeps_the_session_and_the_bridge(page: Page) -> None:
    page.reload()
    expect(page.locator("#state")).to_have_text("ready", timeout=30_000)
    assert page.evaluate("window.pywebview.api.invoke('homes.list', {})") == {"ok": {"homes": []}}


def test_a_second_start_shows_the_first_window_and_ends(page: Page, shell: Shell) -> None:
    second = shell.start()
    output, _ = second.communicate(timeout=30)
    assert second.returncode == 0
    assert output == "Tokendial is already running; its window was brought to the front.\n"
    assert page.evaluate("window.pywebview.api.invoke('homes.list', {})") == {"ok": {"homes": []}}


def test_it_closes_cleanly_on_sigterm(shell: Shell, page: Page) -> None:
    assert (shell.folder / "instance.json").is_file()
    output = shell.end()
    assert output.splitlines() == ["closed", "returned"]
    assert shell.process.returncode == 0
    assert not (shell.folder / "instance.json").exists()


@pytest.mark.parametrize(("seconds", "asks"), [("60", True), ("0.1", False)])
def test_what_is_beside_the_page_waits_for_its_figures(
    display: str, tmp_path: Path, driver: Playwright, seconds: str, asks: bool
) -> None:
    """The page that asks for none is not waited for long."""
    shell = Shell(tmp_path, environment(display), seconds)
    try:
        assert read_line(shell) == "opened"
        shell.wait_for_page()
        page = attach(driver, shell)
        if asks:
            page.evaluate("void window.pywebview.api.invoke('dashboard.get', {})")
        assert read_line(shell) == "settled"
        assert shell.end().splitlines() == ["closed", "returned"]
    finally:
        shell.process.kill()


def test_nothing_begins_beside_a_window_that_has_ended(display: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path, environment(display), "60")
    try:
        assert read_line(shell) == "opened"
        shell.wait_for_page()
        assert shell.end().splitlines() == ["closed", "returned"]
    finally:
        shell.process.kill()


def test_a_call_that_never_returns_does_not_keep_the_process(display: str, tmp_path: Path, driver: Playwright) -> None:
    shell = Shell(tmp_path, environment(display))
    try:
        shell.wait_for_page()
        attach(driver, shell).evaluate("void window.pywebview.api.invoke('logs.open', {})")
        assert read_line(shell) == "stuck"
        assert shell.end().splitlines() == ["closed", "returned"]
        assert shell.process.returncode == 0
    finally:
        shell.process.kill()


def read_line(shell: Shell) -> str:
    assert shell.process.stdout
    return shell.process.stdout.readline().strip()
