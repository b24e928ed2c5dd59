"""Launch at login on Windows: a value of the user's Run key."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

NAME = "Tokendial"
_CURRENT_VERSION = r"Software\Microsoft\Windows\CurrentVersion"
RUN = rf"{_CURRENT_VERSION}\Run"
# The task manager notes here what was switched off there; an even first byte is on.
APPROVED = rf"{_CURRENT_VERSION}\Explorer\StartupApproved\Run"


class RunKey:
    r"""`HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run`, value `Tokendial`."""

    @property
    def place(self) -> str:
        """The value."""
        return rf"HKEY_CURRENT_USER\{RUN}\{NAME}"

    def read(self) -> list[str] | None:
        """The arguments of the command line, unless the task manager switched the value off."""
        line = _value(RUN)
        if not isinstance(line, str):
            return None
        approved = _value(APPROVED)
        if isinstance(approved, bytes) and approved and approved[0] % 2:
            return None
        return split_line(line)

    def write(self, command: Sequence[str]) -> None:
        """Set the value, and take back what the task manager noted about it."""
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 - only there

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN) as key:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))
            _delete(APPROVED)

    def remove(self) -> None:
        """Delete the value."""
        _delete(RUN)


def split_line(line: str) -> list[str]:
    """The arguments of a command line that `list2cmdline` made (the rules of Microsoft's C library)."""
    arguments: list[str] = []
    current, quoted, begun, slashes = "", False, False, 0
    for character in line:
        if character == "\\":
            slashes += 1
            continue
        if character == '"':
            current += "\\" * (slashes // 2)
            if slashes % 2:
                current += '"'
            else:
                quoted, begun = not quoted, True
            slashes = 0
            continue
        current, slashes = current + "\\" * slashes, 0
        if character in " \t" and not quoted:
            if current or begun:
                arguments.append(current)
            current, begun = "", False
        else:
            current += character
    current += "\\" * slashes
    return [*arguments, current] if current or begun else arguments


def _value(path: str) -> object:
    """A value of the user's registry, None where it is missing."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only there

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                found: object = winreg.QueryValueEx(key, NAME)[0]
                return found
        except FileNotFoundError:
            return None
    return None


def _delete(path: str) -> None:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only there

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, NAME)
        except FileNotFoundError:
            return
