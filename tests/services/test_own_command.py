"""The command that an agent is told to call: this installation, with whole paths, quoted for the system's shell."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.run import environment
from tests.support.payloads import claude_home, encoded

from tokendial.services.ledger import Ledger
from tokendial.services.own_command import quoted, status_line_command
from tokendial.services.sources import listed


def test_the_setting_really_calls_this_program(tmp_path: Path, clean_environment: Path) -> None:
    home = claude_home(clean_environment / ".claude")
    ledger = Ledger(tmp_path / "a folder with 'quotes'", workers=0)
    try:
        (setup,) = [source.status_line for source in listed(ledger) if source.status_line is not None]
        assert (setup.settings_file, setup.last_ms) == ("~/.claude/settings.json", None)
        command = json.loads(setup.setting)["statusLine"]["command"]
        done = subprocess.run(
            command, shell=True, input=encoded(home), env=environment(), capture_output=True, check=True, cwd="/"
        )
        assert done.stdout.decode().startswith("Opus 4.8")
        assert ledger.take_over_readings() is True
        told = [source.status_line for source in listed(ledger)]
        assert [one is None or one.last_ms is not None for one in told] == [True] * 3
    finally:
        ledger.close()


def test_only_a_folder_of_one_s_own_is_named(tmp_path: Path) -> None:
    assert shlex.split(status_line_command(tmp_path, default=False))[-3:] == ["--data-dir", str(tmp_path), "statusline"]
    assert "--data-dir" not in status_line_command(tmp_path, default=True)


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        ("linux", "'/opt/my app/tokendial' statusline"),
        ("darwin", "'/opt/my app/tokendial' statusline"),
        ("win32", '"/opt/my app/tokendial" statusline'),
    ],
)
def test_it_is_quoted_for_the_system(platform: str, line: str) -> None:
    assert quoted(["/opt/my app/tokendial", "statusline"], platform) == line


def test_on_windows_paths_work_in_every_shell() -> None:
    program = r"C:\Program Files\Tokendial\tokendial-cli.exe"
    assert quoted([program, "statusline"], "win32") == '"C:/Program Files/Tokendial/tokendial-cli.exe" statusline'


def test_the_packaged_program_of_windows_is_the_one_with_a_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "Tokendial"))
    assert shlex.split(status_line_command(tmp_path, default=True)) == [str(tmp_path / "Tokendial"), "statusline"]
    (tmp_path / "tokendial-cli.exe").touch()
    found = shlex.split(status_line_command(tmp_path, default=True))
    assert found == [str(tmp_path / "tokendial-cli.exe"), "statusline"]
