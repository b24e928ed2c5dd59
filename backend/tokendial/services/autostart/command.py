"""Which command starts this very program again at login: packaged, installed, or from a checkout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tokendial.paths import PROGRAM_DIR, default_data_dir

HIDDEN = "--hidden"
_PYTHONPATH = "PYTHONPATH="


def login_command(data_dir: Path, homes: Sequence[tuple[str, Path]]) -> list[str]:
    """The program, `--hidden`, and the options that make it the same ledger; `homes` are those named on start."""
    options = [] if data_dir == default_data_dir() else ["--data-dir", str(data_dir.absolute())]
    options += [part for provider, home in homes for part in (f"--{provider}-home", str(home))]
    return [*program(), HIDDEN, *options]


def program() -> list[str]:
    """What starts this program without any option."""
    executable = Path(sys.executable)
    if getattr(sys, "frozen", False):
        # On Windows the command line has a program of its own, with a console.
        window = executable.with_name("Tokendial.exe")
        return [str(window if sys.platform == "win32" and window.is_file() else executable)]
    if sys.platform == "win32" and executable.with_name("pythonw.exe").is_file():
        executable = executable.with_name("pythonw.exe")
    return [*_search_path(), str(executable), "-m", "tokendial"]


def is_gone(command: Sequence[str]) -> bool:
    """Whether the program that an entry names is not there any more, as after a move."""
    named = [part.removeprefix(_PYTHONPATH) for part in split(command)[0]]
    return any(Path(part).is_absolute() and not Path(part).exists() for part in named)


def split(command: Sequence[str]) -> tuple[list[str], list[str]]:
    """The program of a command, and its options from `--hidden` on."""
    at = command.index(HIDDEN) if HIDDEN in command else len(command)
    return list(command[:at]), list(command[at:])


def _search_path() -> list[str]:
    """Python finds a checkout that is not installed by a variable, which a login does not set."""
    folder = str(PROGRAM_DIR.parent)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return ["/usr/bin/env", _PYTHONPATH + folder] if os.name == "posix" and folder in named else []
