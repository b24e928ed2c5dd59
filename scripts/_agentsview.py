"""agentsview from PyPI, to measure beside Tokendial: it reads the same files into SQLite and reports from there.

It archives messages and tool results as well, not only usage, so it does more with each file than Tokendial does.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from _bench import Home
from _measure import Run, run

AGENTSVIEW = "0.46.1"
NAME = "agentsview"
FOLDERS = {"codex": ("CODEX_SESSIONS_DIR", "sessions"), "claude": ("CLAUDE_PROJECTS_DIR", "projects")}


@dataclass
class Agentsview:
    """The native program that its command starts; no server of it stays behind, and it reports to nobody."""

    program: Path
    environment: dict[str, str]
    name: str = NAME

    def cold(self, home: Home, work: Path, *, memory: bool = False) -> Run:
        """An archive of its own below `work`: reads the files into it, then reports from it."""
        homes = {
            variable: str((home.folder if provider == home.provider else work / "none") / below)
            for provider, (variable, below) in FOLDERS.items()
        }
        private = {"AGENTSVIEW_NO_DAEMON": "1", "AGENTSVIEW_TELEMETRY_ENABLED": "0", "DO_NOT_TRACK": "1"}
        environment = {**self.environment, **homes, **private, "AGENTSVIEW_DATA_DIR": str(work / "agentsview")}
        read = run([str(self.program), "sync"], environment, memory=memory)
        asked = [str(self.program), "usage", "daily", "--all", "--json", "--offline", "--no-sync"]
        told = run(asked, environment, memory=memory)
        return Run(read.seconds + told.seconds, told.output, max(read.peak_bytes or 0, told.peak_bytes or 0) or None)


def install(tools: Path, environment: dict[str, str]) -> Agentsview | None:
    """The version above in a virtual environment of its own; nothing without the index."""
    place = tools / f"{NAME}-{AGENTSVIEW}"
    if not (found := native_program(place)):
        venv.create(place, with_pip=True)
        python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        words = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{NAME}=={AGENTSVIEW}"]
        subprocess.run([str(word) for word in words], capture_output=True, check=False)
        found = native_program(place)
    return Agentsview(found, environment) if found else None


def native_program(place: Path) -> Path | None:
    """The executable inside the package."""
    return next((path for path in place.rglob("agentsview/bin/agentsview*") if path.is_file()), None)
