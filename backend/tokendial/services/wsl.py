"""The users' folders of Linux systems that run inside Windows (WSL)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SHARE = "\\\\wsl$\\"
_TIMEOUT_SECONDS = 5


def running_systems(system: str = sys.platform) -> list[str]:
    """The names of the systems that run now; none where there is no WSL. Asking does not start any."""
    if system != "win32":
        return []
    command = ["wsl.exe", "--list", "--running", "--quiet"]  # the system's own program, found in its own folder
    environment = {**os.environ, "WSL_UTF8": "1"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=True,
            creationflags=0x08000000,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return system_names(done.stdout)


def system_names(output: bytes) -> list[str]:
    """The names in the answer of `wsl --list --quiet`, which is UTF-16 unless WSL_UTF8 is understood."""
    text = output.decode("utf-16-le" if b"\0" in output else "utf-8", "replace")
    return [name for line in text.splitlines() if (name := line.strip("\ufeff\0 \t"))]


def user_folders(share: str, systems: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """The name of each system with each of its users' folders, root's last. `share` ends with its separator."""
    for system in systems:
        root = Path(share + system)  # joined as text: a share without a system is no path that could be joined
        try:
            users = sorted(folder for folder in (root / "home").iterdir() if folder.is_dir())
        except OSError:
            users = []
        for folder in (*users, root / "root"):
            yield system, folder
