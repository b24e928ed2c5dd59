"""Asking X programs: a search that a vanished window broke is asked again, any other failure is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.support.screen import ask

VANISHED = "X Error of failed request:  BadWindow (invalid Window parameter)"


def failing(folder: Path, message: str) -> str:
    """A program that fails with a message when it is first asked, and answers afterwards."""
    program = folder / "program"
    asked = folder / "asked"
    program.write_text(
        f'#!/bin/sh\n[ -f "{asked}" ] && echo "$2" && exit 0\n: >"{asked}"\necho "{message}" >&2\nexit 1\n'
    )
    program.chmod(0o755)
    return str(program)


def test_a_search_that_a_vanished_window_broke_is_asked_again(tmp_path: Path) -> None:
    assert ask(":0", failing(tmp_path, VANISHED), "search", "77") == "77\n"


@pytest.mark.parametrize(("message", "verb"), [("", "search"), (VANISHED, "windowactivate")])
def test_any_other_failure_is_told(tmp_path: Path, message: str, verb: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        ask(":0", failing(tmp_path, message), verb, "77")
    assert ask(":0", failing(tmp_path, message), verb, "77", check=False) == "77\n"
