"""With every live source off nothing leaves the machine; the trap is shown to work by switching one on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.security.support import python_env

SCRIPT = Path(__file__).with_name("hour.py")


def went_out(folder: Path, live: str) -> list[str]:
    """What an hour of use tried to reach."""
    home = folder / "home"
    home.mkdir()
    (home / "auth.json").write_text(json.dumps({"tokens": {"access_token": "nothing-real"}}))
    command = [sys.executable, str(SCRIPT), str(folder / "data"), str(home), live]
    done = subprocess.run(command, env=python_env(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "nothing-real" not in done.stdout + done.stderr
    return done.stdout.splitlines()


def test_an_hour_of_use_reaches_nobody(tmp_path: Path) -> None:
    assert went_out(tmp_path, "off") == []


def test_the_trap_sees_a_live_source_that_is_on(tmp_path: Path) -> None:
    tried = went_out(tmp_path, "on")
    assert tried
    assert all("chatgpt.com" in one for one in tried)
    assert len(tried) <= 31
