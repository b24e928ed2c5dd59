"""Scans in a process of their own, of which the memory is measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.processes import finish, start

CEILING_MB = 200  # reliability 6.3
TIMEOUT = 300.0
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


class Weighed(NamedTuple):
    """What a scan gave: responses counted, refused lines by reason, problems of files, the most memory held (MB)."""

    counted: int
    refused: dict[str, int]
    problems: list[str]
    peak_mb: int


def weigh(data: Path, home: tuple[str, Path]) -> Weighed:
    """Scan a home; the memory stays below the ceiling."""
    process = start("scan_and_weigh", data, "=".join(map(str, home)))
    assert process.stdout is not None
    said = process.stdout.readline()
    assert finish(process, TIMEOUT) == (0, "")
    found = Weighed(*json.loads(said))
    assert found.peak_mb <= CEILING_MB
    return found
