"""What Tokendial itself says of the files that a real client wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.clients.npm_programs import ROOT

FIELDS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "total_tokens",
    "events",
)


def tokendial(option: str, home: Path, data: Path, *arguments: str) -> dict[str, Any]:
    """Tokendial's answer about a home, from a process of its own as a user starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "tokendial", *arguments, "--json", option, str(home), "--data-dir", str(data)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "backend")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
