"""The pages of a running window, by the inspector that Qt's browser offers for tests and measurements."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request

PATIENCE_SECONDS = 60.0
_EVERY_SECONDS = 0.01


def free_port() -> int:
    """A port for the inspector of a window."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NoPage(Exception):
    """The window showed none, or its process ended."""


def wait_for_page(port: int, process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Until the window of a process has a page of ours. Raises NoPage."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NoPage("the window's process ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=1) as answer:
                if any(target["url"].startswith("http://127.0.0.1") for target in json.load(answer)):
                    return
        except OSError:
            pass
        time.sleep(_EVERY_SECONDS)
    raise NoPage("the window showed no page")
