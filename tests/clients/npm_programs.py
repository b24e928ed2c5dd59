"""Installs a command-line program from npm into .tools/, once, for the tests that run real clients."""

from __future__ import annotations

import os
import runpy
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def npm_program(folder: str, package: str, program: str) -> tuple[list[str], dict[str, str]]:
    """The command and its environment. Skips the test, and says so, without npm or without the registry."""
    build = runpy.run_path(str(ROOT / "build" / "frontend_build.py"))
    try:
        npm, environment = build["npm_command"]()
    except build["FrontendError"] as error:
        pytest.skip(f"no npm: {error}")
    place = ROOT / ".tools" / folder
    command = place / "node_modules" / ".bin" / (f"{program}.cmd" if os.name == "nt" else program)
    if not command.exists():
        place.mkdir(parents=True, exist_ok=True)
        install = [*npm, "install", "--prefix", str(place), "--no-audit", "--no-fund", "--loglevel=error", package]
        done = subprocess.run(
            install, env=environment, cwd=place, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode or not command.exists():
            pytest.skip(f"{package} cannot be installed: {done.stderr.strip()[-200:]}")
    return [str(command)], environment
