"""A screen for the window tests: the one of DISPLAY, or an Xvfb of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).resolve().parent / "page"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a screen that Qt can open."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    reader, writer = os.pipe()
    screen = ["-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    # Without it the server starts anew whenever its last client leaves, and refuses those that come meanwhile.
    command = ["Xvfb", "-displayfd", str(writer), *screen, "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def child_env() -> dict[str, str]:
    """The environment of a child that can import the program and these tests."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)]), "PYTHONUNBUFFERED": "1"}
