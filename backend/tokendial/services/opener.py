"""Opens a folder in the system's file manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import MutableMapping
from pathlib import Path


def open_folder(path: Path) -> bool:
    """Show a folder; False where this machine has no file manager. Only folders are opened, never files (W61)."""
    if not path.is_dir():
        return False
    command = _command(path)
    if command is None:
        return False
    environment = dict(os.environ)
    restore_library_path(environment)
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, name="opener", daemon=True).start()  # else a dead process stays listed
    return True


def _command(path: Path) -> list[str] | None:
    """What shows a folder and never starts it: macOS would start one that is a program or opens in one (W61)."""
    if sys.platform == "win32":
        # Not the shell's `open`: beside a folder `x` it may start a file `x.exe`.
        return [str(Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "explorer.exe"), str(path)]
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if program is None:
        return None
    if sys.platform == "darwin" and _is_package(path):
        return [program, "-R", str(path)]
    return [program, str(path)]


def _is_package(path: Path) -> bool:
    return path.suffix != "" or (path / "Contents" / "Info.plist").exists()


def restore_library_path(environment: MutableMapping[str, str]) -> None:
    """Take out what the packaged program needs to find its own libraries: others must not load them."""
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        environment["LD_LIBRARY_PATH"] = original
    elif getattr(sys, "frozen", False):
        environment.pop("LD_LIBRARY_PATH", None)
