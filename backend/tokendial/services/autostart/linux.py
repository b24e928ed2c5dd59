"""Launch at login on Linux: a desktop entry in the user's autostart folder (freedesktop.org, Autostart 0.5)."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

FILE_NAME = "tokendial.desktop"
_HEAD = "[Desktop Entry]"
# Quoted arguments escape these with a backslash (Desktop Entry Specification, the Exec key).
_ESCAPED = re.compile(r'(["`$\\])')
_PLAIN = re.compile(r"[A-Za-z0-9_@+:,./=-]+")


class DesktopEntry:
    """`$XDG_CONFIG_HOME/autostart/tokendial.desktop`."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` stands for the autostart folder of this user."""
        self._file = (folder or autostart_folder()) / FILE_NAME

    @property
    def place(self) -> str:
        """The file."""
        return str(self._file)

    def read(self) -> list[str] | None:
        """The Exec line's arguments, unless the desktop's own settings switched the entry off."""
        try:
            text = self._file.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        keys = _keys(text)
        off = keys.get("Hidden", "false").lower() == "true"
        off = off or keys.get("X-GNOME-Autostart-enabled", "true").lower() == "false"
        return None if off else exec_arguments(keys.get("Exec", ""))

    def write(self, command: Sequence[str]) -> None:
        """Replace the file at once, so that a login never reads half of it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        staged = self._file.with_name(f".{FILE_NAME}.new")
        staged.write_text(_text(command), encoding="utf-8")
        staged.replace(self._file)

    def remove(self) -> None:
        """Delete the file."""
        self._file.unlink(missing_ok=True)


def autostart_folder() -> Path:
    """The user's autostart folder; a relative XDG_CONFIG_HOME counts as unset (Base Directory Specification)."""
    base = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".config") / "autostart"


def exec_line(command: Sequence[str]) -> str:
    """A command as an Exec line: quoted for its own rules, then escaped as every string of the file."""
    return " ".join(_quoted(argument) for argument in command).replace("\\", "\\\\")


def exec_arguments(line: str) -> list[str]:
    """The arguments of an Exec line; empty for one that cannot be read."""
    plain = line.replace("\\\\", "\\")
    try:
        arguments = shlex.split(plain)
    except ValueError:
        return []
    # In double quotes shlex keeps the backslash before all but `"` and itself.
    return [argument.replace("\\$", "$").replace("\\`", "`").replace("%%", "%") for argument in arguments]


def _quoted(argument: str) -> str:
    safe = argument.replace("%", "%%")
    return safe if _PLAIN.fullmatch(argument) else '"' + _ESCAPED.sub(r"\\\1", safe) + '"'


def _text(command: Sequence[str]) -> str:
    lines = (
        _HEAD,
        "Type=Application",
        "Version=1.5",
        "Name=Tokendial",
        "Comment=Starts Tokendial in the tray",
        f"Exec={exec_line(command)}",
        "Icon=tokendial",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
    )
    return "\n".join(lines) + "\n"


def _keys(text: str) -> dict[str, str]:
    """The keys of the first group."""
    found: dict[str, str] = {}
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.strip() == _HEAD
        elif inside and not line.startswith("#"):
            name, equals, value = line.partition("=")
            if equals:
                found.setdefault(name.strip(), value.strip())
    return found
