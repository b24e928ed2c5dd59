"""The command that starts this very installation, as another program can be told to call it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import join

_CONSOLE = "tokendial-cli.exe"


def status_line_command(data_dir: Path, *, default: bool) -> str:
    """`tokendial statusline` with whole paths, quoted for the system's shell.

    The data folder is named unless it is the `default` one, so that another program's environment does not matter.
    """
    folder = [] if default else ["--data-dir", str(data_dir)]
    return quoted([*_program(), *folder, "statusline"], sys.platform)


def quoted(arguments: Sequence[str], platform: str) -> str:
    """The arguments as a command line. On Windows with slashes, because an agent may call it through Git's bash."""
    if platform != "win32":
        return join(arguments)
    return subprocess.list2cmdline([argument.replace("\\", "/") for argument in arguments])


def _program() -> list[str]:
    """The packaged program, the installed script beside this Python, or this Python itself."""
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        console = program.with_name(_CONSOLE)  # of two programs on Windows only this one can be heard
        return [str(console if console.exists() else program)]
    folder = str(Path(sys.executable).parent)
    script = shutil.which("tokendial", path=folder)
    return [script] if script else [sys.executable, "-m", "tokendial"]
