"""ccusage from npm, to measure beside Tokendial."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from _bench import Home
from _measure import Run, run
from _setup import frontend

# The newest has no native program in some mirrors of the registry, and without it there is nothing to compare with.
CCUSAGE = ("20.0.26", "20.0.24")
COMMAND, NATIVE = "ccusage", "ccusage, native program alone"
HOMES = {"codex": "CODEX_HOME", "claude": "CLAUDE_CONFIG_DIR"}


@dataclass
class Ccusage:
    """One of its two programs: the command as a user types it, or the native program that it starts."""

    name: str
    program: Path
    environment: dict[str, str]

    def cold(self, home: Home, work: Path, *, memory: bool = False) -> Run:
        """It keeps nothing, so each run reads everything."""
        asked = [str(self.program), home.provider, "monthly", "--offline", "--json"]
        return run(asked, {**self.environment, HOMES[home.provider]: str(home.folder)}, memory=memory)


def install(tools: Path, environment: dict[str, str]) -> tuple[list[Ccusage], str]:
    """The newest ccusage that has a native program here, with its version; nothing without npm or the registry."""
    functions = frontend()
    try:
        command, npm = functions["npm_command"]()
    except functions["FrontendError"]:
        return [], ""
    for version in CCUSAGE:
        place = tools / f"ccusage-{version}"
        if not (found := native_program(place)):
            place.mkdir(parents=True, exist_ok=True)
            words = [*command, "install", "--prefix", str(place), "--no-audit", "--no-fund", f"ccusage@{version}"]
            subprocess.run(words, env=npm, cwd=place, capture_output=True, check=False)
            found = native_program(place)
        if found:
            found.chmod(0o755)
            here = {**environment, "PATH": npm["PATH"]}
            script = place / "node_modules/.bin/ccusage"
            return [Ccusage(COMMAND, script, here), Ccusage(NATIVE, found, here)], version
    return [], ""


def native_program(place: Path) -> Path | None:
    """The executable of the optional package for this platform."""
    return next((path for path in place.glob("node_modules/@ccusage/*/bin/ccusage*") if path.is_file()), None)
