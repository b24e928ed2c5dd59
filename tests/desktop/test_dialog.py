"""The dialog of a failure, at the edge of each system; the one of Linux is seen in tests/packaged."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tokendial.desktop import dialog, preflight

MESSAGE = 'The folder "x" cannot be written" & (do shell script "rm")'


@pytest.mark.parametrize(("environ", "wanted"), [({}, False), ({"TOKENDIAL_DIALOGS": "0"}, False)])
def test_a_terminal_is_enough(environ: dict[str, str], wanted: bool) -> None:
    assert dialog.wanted(environ) is wanted
    assert dialog.wanted({**environ, dialog.VARIABLE: "1"})


def test_windows_shows_a_message_box(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[object, ...]] = []
    library = SimpleNamespace(user32=SimpleNamespace(MessageBoxW=lambda *given: shown.append(given)))
    monkeypatch.setattr(ctypes, "windll", library, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    dialog.show(MESSAGE)
    ((owner, text, title, kind),) = shown
    assert (owner, text, title) == (None, MESSAGE, "Tokendial")
    assert kind == 0x10010, "an error, in front of other windows"


def test_macos_gets_the_message_as_an_argument_and_not_as_script(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: commands.append(command))
    monkeypatch.setattr(sys, "platform", "darwin")
    dialog.show(MESSAGE)
    (command,) = commands
    assert command[0] == "/usr/bin/osascript"
    assert command[-2:] == ["Tokendial", MESSAGE]
    assert not any(MESSAGE in part for part in command[:-1])


def test_without_a_screen_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "choose", lambda: preflight.Choice(None, "no display"))
    dialog.show(MESSAGE)
