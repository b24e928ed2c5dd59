"""The scripts that prepare a checkout: when they work again, and what they ask the system for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import _packages
import _setup

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the scripts look at, with a made-up `.venv`."""
    for name in _setup.HASHED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for part in ("src", "node_modules"):
        (tmp_path / "frontend" / part).mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "index.html", "src/main.tsx", "node_modules/.package-lock.json"):
        (tmp_path / "frontend" / name).write_text("{}")
    python = tmp_path / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    monkeypatch.setattr(_setup, "ROOT", tmp_path)
    monkeypatch.setattr(_setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(_setup, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.delenv("TOKENDIAL_SKIP_FRONTEND", raising=False)
    return tmp_path


def stamp(extras: list[str]) -> None:
    _setup.STAMP.write_text(json.dumps({"fingerprint": _setup.fingerprint(), "extras": extras}))


def test_stamp_decides(checkout: Path) -> None:
    assert not _setup.is_ready("")
    stamp([])
    assert _setup.is_ready("")
    assert not _setup.is_ready("dev")
    stamp(["dev"])
    assert _setup.is_ready("")
    assert _setup.is_ready("dev")
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert not _setup.is_ready("")


def test_stamp_that_is_no_json_is_no_stamp(checkout: Path) -> None:
    _setup.STAMP.write_text("{")
    assert not _setup.is_ready("")


def test_another_python_needs_another_installation(checkout: Path) -> None:
    stamp([])
    (checkout / ".venv" / "pyvenv.cfg").write_text("version = 3.13.0\n")
    assert not _setup.is_ready("")


def test_what_comes_as_source_finds_its_build_tool(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without build isolation pip builds a source package with what `.venv` has; a new one has no setuptools."""
    commands: list[list[str]] = []
    monkeypatch.setattr(_setup, "run", lambda command, **_: commands.append([str(part) for part in command]) or 0)
    _setup.install("dev")
    tools, project = commands
    assert any(part.startswith("setuptools>=") for part in tools)
    assert "--no-build-isolation" in project


def test_everything_is_installed_in_the_exact_versions_of_the_constraints(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(_setup, "run", lambda command, **_: commands.append([str(part) for part in command]) or 0)
    _setup.install("dev")
    wanted = str(checkout / "build" / "constraints.txt")
    assert [command[command.index("-c") + 1] for command in commands] == [wanted, wanted]
    stamp(["dev"])
    with (checkout / "build" / "constraints.txt").open("a") as file:
        file.write("another==1.0\n")
    assert not _setup.is_ready("dev"), "another version is another environment"


def functions() -> dict[str, Any]:
    return _setup.frontend()


def test_front_end_is_stale_when_a_source_is_newer(checkout: Path) -> None:
    is_stale = functions()["is_stale"]
    assert is_stale(checkout)
    index = checkout / "backend" / "tokendial" / "static" / "index.html"
    index.parent.mkdir(parents=True)
    index.touch()
    for path in (checkout / "frontend").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    os.utime(index, (1_000_000_000, 1_000_000_000))
    assert not is_stale(checkout), "equal times, as in an sdist"
    for name in ("src/main.tsx", "index.html", "package-lock.json"):
        os.utime(checkout / "frontend" / name, (1_000_000_001, 1_000_000_001))
        assert is_stale(checkout), name
        os.utime(checkout / "frontend" / name, (1_000_000_000, 1_000_000_000))
    os.utime(checkout / "frontend" / "node_modules" / ".package-lock.json")
    assert not is_stale(checkout), "what npm writes is no source"


def test_front_end_can_be_left_out(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENDIAL_SKIP_FRONTEND", "1")
    assert not functions()["is_stale"](checkout)


def test_failed_npm_is_one_error(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = functions()
    command = [sys.executable, "-c", "import sys; sys.exit(3)"]
    monkeypatch.setitem(loaded["npm"].__globals__, "npm_command", lambda _: (command, dict(os.environ)))
    with pytest.raises(loaded["FrontendError"], match="npm run build ended with exit code 3"):
        loaded["build"](checkout)
    assert not (checkout / "backend" / "tokendial" / "static").exists()


def fake_program(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, output, "")

    monkeypatch.setattr(_packages.subprocess, "run", run)


def test_missing_packages_know_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_program(monkeypatch, "libglib2.0-0t64 ii \nchromium rc \nxvfb ii \n")
    assert _packages.missing(["chromium", "libglib2.0-0|libglib2.0-0t64", "xvfb", "xauth"]) == ["chromium", "xauth"]


def test_available_takes_the_name_of_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = (
        "libasound2:\n  Installed: (none)\n  Candidate: (none)\nlibasound2t64:\n  Installed: (none)\n  Candidate: 1.2\n"
    )
    fake_program(monkeypatch, policy)
    assert _packages.available("libasound2|libasound2t64") == "libasound2t64"
    fake_program(monkeypatch, "")
    assert _packages.available("libasound2|libasound2t64") == "libasound2"
    assert _packages.available("xvfb") == "xvfb"


def test_a_chrome_that_is_there_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_packages, "find_browser", lambda: "/opt/google/chrome")
    assert "chromium" not in _packages.wanted()
    monkeypatch.setattr(_packages, "find_browser", lambda: None)
    assert "chromium" in _packages.wanted()
    assert "binutils" in _packages.wanted(), "PyInstaller needs objdump"


def test_one_extra_after_another_keeps_both(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(_setup, "make_venv", lambda: None)
    monkeypatch.setattr(_setup, "install", done.append)
    for extra in ("dev", "package", "dev", "package", ""):
        _setup.ensure_environment(extra)
    assert done == ["dev", "package"]


def test_what_cannot_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKENDIAL_CHROMIUM", raising=False)
    monkeypatch.setattr(_packages, "find_browser", lambda: None)
    monkeypatch.setattr(_packages.shutil, "which", lambda _: None)
    monkeypatch.setattr(_packages.sys, "platform", "linux")
    assert _packages.skips() == {
        "TOKENDIAL_SKIP_BROWSER": "no Chromium on this machine",
        "TOKENDIAL_SKIP_WINDOW": "not installed: Xvfb, openbox, xdotool, wmctrl, xprop",
    }
    monkeypatch.setattr(_packages.sys, "platform", "darwin")
    monkeypatch.setenv("TOKENDIAL_CHROMIUM", "/opt/chromium")
    assert _packages.skips() == {
        "TOKENDIAL_CHROMIUM": "/opt/chromium",
        "TOKENDIAL_SKIP_WINDOW": "the window is tested on a virtual X screen, on Linux",
    }


@pytest.mark.parametrize("script", ["run.py", "test.py", "package.py"])
def test_start_scripts_say_what_an_old_python_lacks(script: str) -> None:
    source = (ROOT / "scripts" / script).read_text(encoding="utf-8")
    before, _, _ = source.partition("from _setup" if script == "run.py" else "import argparse")
    old = f"import sys\nsys.version_info = (3, 8, 1)\n{before}"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs Python 3.11 or newer; this is Python 3.8" in done.stderr
