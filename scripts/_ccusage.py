"""ccusage from npm, to measure beside Tokendial."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from _measure import Run, run
from _setup import frontend

# The newest has no native program in some mirrors of the registry, and without it there is nothing to compare with.
CCUSAGE = ("20.0.26", "20.0.24")


@dataclass
class Ccusage:
    """What npm installed: the command as a user types it, and the native program that it starts."""

    command: Path
    native: Path
    path: str

    def run(self, program: Path, home: Path, environment: dict[str, str], *, memory: bool = False) -> Run:
        """The same question to it."""
        asked = [str(program), "codex", "monthly", "--offline", "--json"]
        return run(asked, {**environment, "CODEX_HOME": str(home), "PATH": self.path}, memory=memory)


def install(tools: Path) -> Ccusage | None:
    """The newest ccusage that has a native program here; nothing without npm or the registry."""
    for version in CCUSAGE:
        place = tools / f"ccusage-{version}"
        if not (found := native_program(place)):
            place.mkdir(parents=True, exist_ok=True)
            command, environment = frontend()["npm_command"]()
            install = [*command, "install", "--prefix", str(place), "--no-audit", "--no-fund", f"ccusage@{version}"]
            subprocess.run(install, env=environment, cwd=place, capture_output=True, check=False)
            found = native_program(place)
        if found:
            found.chmod(0o755)
            path = frontend()["npm_command"]()[1]["PATH"]
            return Ccusage(place / "node_modules/.bin/ccusage", found, path)
    return None


def native_program(place: Path) -> Path | None:
    """The executable of the optional package for this platform."""
    return next((path for path in place.glob("node_modules/@ccusage/*/bin/ccusage*") if path.is_file()), None)
