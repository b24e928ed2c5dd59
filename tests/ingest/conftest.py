"""A Codex home and a place for a ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.processes import children


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "codex"
    (folder / "sessions").mkdir(parents=True)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def others() -> set[int]:
    """What else runs below this process."""
    return children()
