"""Notifications reach a real D-Bus service; where there is none the reason is said in words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.parity.logs import HOUR, Log, window
from tests.services.support import now_ms

from tokendial.desktop import notices

pytest.importorskip("dbus_fast", reason="D-Bus is of Linux")
pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon")
ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    paths = [str(ROOT / "backend"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of our own, with nothing on it."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:path={tmp_path}/bus"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


class Service:
    """The notification service, and what it was told."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes.jsonl"
        command = [sys.executable, "-m", "tests.desktop.notice_service", str(self.notes)]
        self.process = subprocess.Popen(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            self.end()
            raise AssertionError("the service did not start")

    @property
    def told(self) -> list[dict[str, object]]:
        text = self.notes.read_text(encoding="utf-8") if self.notes.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def service(bus: str, tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path)
    yield started
    started.end()


class Client:
    """The window's notifications in a process of their own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.desktop.notice_client"]
        self.process = subprocess.Popen(
            command, env=environment(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, *line: str) -> object:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> int:
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def client() -> Iterator[Client]:
    """Made by the test once its bus is there."""
    made = Client()
    yield made
    assert made.end() == 0


def test_a_notification_arrives_as_it_was_given(service: Service, client: Client) -> None:
    assert client.ask("why_not") is None
    assert client.ask("show", "Codex: 5 hours at 92 %", "Resets 16:40. <b>&") is None
    (note,) = service.told
    assert (note["app"], note["title"]) == ("Tokendial", "Codex: 5 hours at 92 %")
    assert note["message"] == "Resets 16:40. ‹b›＆"
    assert str(note["icon"]).endswith("/desktop/icon.png")


def test_a_click_brings_the_window_forward(service: Service, client: Client) -> None:
    service.notes.with_suffix(".click").touch()
    assert client.ask("show", "a", "b") is None
    assert eventually(lambda: client.ask("clicked") == 1)


def test_without_a_service_the_reason_is_said_and_a_later_one_is_found(
    bus: str, client: Client, tmp_path: Path
) -> None:
    assert client.ask("why_not") == notices.NO_SERVICE
    assert client.ask("show", "a", "b") == notices.NO_SERVICE
    late = Service(tmp_path)
    try:
        assert client.ask("show", "a", "b") is None
        assert client.ask("why_not") is None
    finally:
        late.end()
    assert client.ask("show", "a", "b") == notices.NO_SERVICE
    assert client.ask("why_not") == notices.NO_SERVICE


def test_without_a_bus_the_reason_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    client = Client()
    assert client.ask("why_not") == notices.NO_SERVICE
    assert client.ask("show", "a", "b") == notices.NO_SERVICE
    assert client.end() == 0


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, tokendial.desktop.window, tokendial.cli.shells; assert 'desktop_notifier' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True)


def test_an_alert_of_a_log_line_reaches_the_system_and_follows_privacy(
    service: Service, client: Client, tmp_path: Path
) -> None:
    home, now = tmp_path / "codex", now_ms()
    log = Log(home, now - HOUR).limits(now - HOUR, window(10, 300, now + HOUR)).save()
    assert client.ask("run", str(tmp_path / "data"), str(home)) is True
    log.limits(now, window(92, 300, now + HOUR)).save()
    client.ask("scan")
    assert eventually(lambda: len(service.told) == 1)
    assert service.told[0]["title"] == "Codex: 5 hours at 92 %"
    assert client.ask("private") is True
    log.limits(now + 1, window(96, 300, now + HOUR), limit_id="codex_secret", limit_name="Secret plan").save()
    client.ask("scan")
    assert eventually(lambda: len(service.told) == 2)
    assert service.told[1]["title"] == "Codex: 5 hours at 96 %"
    assert client.ask("test") is None
    assert service.told[2]["message"] == "This is how an alert looks."
    client.ask("stop")
