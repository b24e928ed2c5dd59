"""The packaged program's own beginning: failures are seen although there is no terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tokendial.cli import packaged
from tokendial.desktop import dialog


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was shown in dialogs."""
    messages: list[str] = []
    monkeypatch.setattr(dialog, "show", messages.append)
    return messages


def code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as end:
        packaged.main(list(arguments))
    return end.value.code


def test_a_terminal_gets_the_message_and_no_dialog(shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert code("report", "--by", "colour") == 2
    assert capsys.readouterr().err.startswith("tokendial: Invalid value for '--by'")
    assert shown == []


def test_without_a_terminal_there_is_a_dialog(
    shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(dialog.VARIABLE, "1")
    assert code("report", "--by", "colour") == 2
    (message,) = shown
    assert message.startswith("Invalid value for '--by'")
    assert message in capsys.readouterr().err


def test_success_shows_nothing(
    shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(dialog.VARIABLE, "1")
    assert code("--version") == 0
    assert capsys.readouterr().out.startswith("tokendial, version ")
    assert shown == []


def test_a_program_of_windows_without_a_console(
    shown: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert code("--data-dir", str(tmp_path / "data"), "report", "--since", "yesterday") == 2
    assert len(shown) == 1
    assert "--since" in shown[0]
    assert sys.stdout is not None
    sys.stdout.close()


def test_a_bug_is_shown_too(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("something unforeseen")

    monkeypatch.setattr(packaged.command, "main", broken)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setenv(dialog.VARIABLE, "1")
    assert code() == 1
    assert "RuntimeError: something unforeseen" in shown[0]


def test_the_mark_of_a_download_is_taken_off(tmp_path: Path) -> None:
    library = tmp_path / "pythonnet" / "runtime" / "Python.Runtime.dll"
    library.parent.mkdir(parents=True)
    mark = library.with_name(f"{library.name}:Zone.Identifier")
    for path in (library, mark):
        path.touch()
    packaged.unblock(tmp_path)
    packaged.unblock(tmp_path)
    assert library.exists()
    assert not mark.exists()
