"""A data folder that cannot be written: every command says so in the same sentence, and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.run import Log, run, run_ordinary, sentence, two_days
from tests.support.ordinary import needs_modes

pytestmark = needs_modes
COMMANDS = [[], ["serve", "--no-open"], ["report"], ["limits"], ["audit", "0195"], ["doctor"]]


@pytest.fixture
def closed(data: Path) -> Iterator[Path]:
    """An empty data folder without the right to write into it."""
    data.mkdir()
    data.chmod(0o555)
    yield data
    data.chmod(0o755)


def assert_says_so(data: Path, *arguments: str | Path) -> None:
    said = sentence(run_ordinary(*arguments, "--data-dir", data), 1)
    assert said == (
        f"tokendial: The data folder {data} cannot be written (Permission denied). "
        "Check its permissions, or use --data-dir.\n"
    )


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments[:1]) or "window")
def test_every_command_says_the_same_and_writes_nothing(closed: Path, home: Path, arguments: list[str]) -> None:
    two_days(home)
    assert_says_so(closed, *arguments, "--codex-home", home)
    assert_says_so(closed, *arguments)
    assert list(closed.iterdir()) == []


def test_a_folder_that_cannot_be_made(closed: Path, home: Path) -> None:
    for arguments in COMMANDS:
        assert_says_so(closed / "deeper", *arguments, "--codex-home", home)


@pytest.mark.parametrize("files", [0o444, 0o644])
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments[:1]) or "window")
def test_a_ledger_in_a_folder_that_was_closed_later(data: Path, home: Path, arguments: list[str], files: int) -> None:
    two_days(home)
    run("report", "--data-dir", data, "--codex-home", home)
    Log(home, "2025-03-05", 9).turn("2025-03-05").respond("2025-03-05T01:00:00Z", 900).save()
    before = {path: path.read_bytes() for path in data.iterdir()}
    for path in before:
        path.chmod(files)
    data.chmod(0o555)
    try:
        done = sentence(run_ordinary(*arguments, "--data-dir", data, "--codex-home", home), 1)
        assert re.match(f"tokendial: The data(base| folder) {re.escape(str(data))}.* cannot be written", done)
        assert {path: path.read_bytes() for path in data.iterdir()} == before
    finally:
        data.chmod(0o755)
