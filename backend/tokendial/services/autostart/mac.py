"""Launch at login on macOS: a launch agent of the user."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

LABEL = "io.github.tokendial.Tokendial"


class LaunchAgent:
    """`~/Library/LaunchAgents/io.github.tokendial.Tokendial.plist`; launchd reads it at the next login."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` stands for the user's folder of launch agents."""
        self._file = (folder or Path.home() / "Library" / "LaunchAgents") / f"{LABEL}.plist"

    @property
    def place(self) -> str:
        """The file."""
        return str(self._file)

    def read(self) -> list[str] | None:
        """The arguments of the program, unless the agent is disabled."""
        try:
            agent: object = plistlib.loads(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, ExpatError):
            return []
        if not isinstance(agent, dict) or agent.get("RunAtLoad") is not True:
            return []
        arguments = agent.get("ProgramArguments")
        return None if agent.get("Disabled") is True else [str(each) for each in arguments or ()]

    def write(self, command: Sequence[str]) -> None:
        """Replace the file at once."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
        staged = self._file.with_suffix(".new")
        staged.write_bytes(plistlib.dumps(agent))
        staged.replace(self._file)

    def remove(self) -> None:
        """Delete the file."""
        self._file.unlink(missing_ok=True)
