"""Folders are shown, never started (W61), and other programs get none of the packaged one's environment."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tokendial.services import opener


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs of the three systems write how they were called."""
    notes = tmp_path / "called.txt"
    for name in ("open", "xdg-open", "explorer.exe"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nprintf "%s|" "{name}" "$@" > "{notes}.new" && mv "{notes}.new" "{notes}"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "bin"))
    return notes


def called(notes: Path) -> str:
    deadline = time.monotonic() + 10
    while not notes.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return notes.read_text()


@pytest.mark.parametrize(
    ("system", "name", "call"),
    [
        ("linux", ".codex", "xdg-open|{}|"),
        ("darwin", ".codex", "open|{}|"),
        ("darwin", "Tool.app", "open|-R|{}|"),
        ("win32", ".codex", "explorer.exe|{}|"),
    ],
)
def test_a_folder_is_shown(
    noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, name: str, call: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    (tmp_path / name).mkdir()
    assert opener.open_folder(tmp_path / name)
    assert called(noted) == call.format(tmp_path / name)


def test_a_folder_that_is_a_program_inside_is_only_shown_where_it_lies(
    noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (tmp_path / "plain" / "Contents").mkdir(parents=True)
    (tmp_path / "plain" / "Contents" / "Info.plist").touch()
    assert opener.open_folder(tmp_path / "plain")
    assert called(noted) == f"open|-R|{tmp_path / 'plain'}|"


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_what_is_no_folder_is_never_opened(
    noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    script = tmp_path / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    for path in (script, tmp_path / "absent"):
        assert not opener.open_folder(path)
    time.sleep(0.2)
    assert not noted.exists()


def test_without_a_file_manager_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not opener.open_folder(tmp_path)


@pytest.mark.parametrize(
    ("frozen", "before", "after"),
    [
        (True, {"LD_LIBRARY_PATH": "/opt/tokendial/_internal"}, {}),
        (
            True,
            {"LD_LIBRARY_PATH": "/opt/tokendial/_internal", "LD_LIBRARY_PATH_ORIG": "/mine"},
            {"LD_LIBRARY_PATH": "/mine"},
        ),
        (True, {}, {}),
        (False, {"LD_LIBRARY_PATH": "/mine"}, {"LD_LIBRARY_PATH": "/mine"}),
    ],
)
def test_the_library_path_is_the_users(
    frozen: bool, before: dict[str, str], after: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    environment = {"HOME": "/home/u", **before}
    opener.restore_library_path(environment)
    assert environment == {"HOME": "/home/u", **after}
