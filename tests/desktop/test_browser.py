"""The browser shell as a process: what it prints, what it serves, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest
from tests.api.support import path_of, send
from tests.desktop.test_instance import read_until, start

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/_open\?k=\S+")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_why_and_ends_cleanly(tmp_path: Path, child_env: dict[str, str], number: int) -> None:
    process = start("browser", tmp_path, child_env)
    assert read_until(process, "runs in the browser") == "Tokendial runs in the browser: because of a test."
    match = LINK.search(read_until(process, "_open?k="))
    assert match
    port = int(match[1])
    host = ("Host", f"127.0.0.1:{port}")
    entry = send(port, "GET", path_of(match[0]), [host])
    page = send(port, "GET", "/", [host, ("Cookie", entry.headers["set-cookie"].split(";")[0])])
    assert b"Page of the window tests" in page.body
    assert "unsafe" not in page.headers["content-security-policy"]
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output.splitlines()[-3:] == ["Tokendial stopped.", "closed", "returned"]
    assert errors == ""
    assert not (tmp_path / "instance.json").exists()


def test_a_port_in_use_closes_the_application_and_says_so(tmp_path: Path, child_env: dict[str, str]) -> None:
    first = start("browser", tmp_path / "one", child_env)
    try:
        match = LINK.search(read_until(first, "_open?k="))
        assert match
        script = (
            "import sys; from tests.desktop.shell import Application, browser, PAGE\n"
            "browser.run(Application(), int(sys.argv[1]), False, static=PAGE)"
        )
        command = [*first.args[:1], "-c", script, match[1]]  # type: ignore[index]
        second = subprocess.run(command, env=child_env, capture_output=True, text=True, check=False)
        assert second.stdout == "closed\n"
        assert f"Port {match[1]} on 127.0.0.1 cannot be used" in second.stderr
    finally:
        first.kill()
        first.communicate()
