"""The commands of the two windows: what a shell is asked, and what a browser is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.support import program_of

from tokendial.api.commands import registry
from tokendial.api.program import Program
from tokendial.errors import BadRequest, Unavailable
from tokendial.services.contract.windows import Grip
from tokendial.services.window_memory import WindowPlace


class Shell:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def open(self) -> None:
        self.asked.append("open")

    def close(self, page: str | None = None) -> None:
        self.asked.append(("close", page))

    def grip(self, grip: Grip) -> bool:
        self.asked.append(grip)
        return grip == "move"

    def resize(self, width: int, height: int) -> None:
        self.asked.append((width, height))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with program_of(tmp_path / "data") as made:
        yield made


def test_a_browser_is_told_that_the_widget_is_a_page_there(program: Program) -> None:
    with pytest.raises(Unavailable, match="here it is a page"):
        registry.invoke(program, "window.widget", {})
    assert registry.invoke(program, "window.full", {}) == {}
    assert registry.invoke(program, "window.grip", {"grip": "move"}) == {"taken": False}
    assert registry.invoke(program, "window.size", {"width": 1, "height": 1}) == {}


def test_the_shell_of_the_window_is_asked(program: Program) -> None:
    program.widget = shell = Shell()
    registry.invoke(program, "window.widget", {})
    assert registry.invoke(program, "window.grip", {"grip": "move"}) == {"taken": True}
    assert registry.invoke(program, "window.grip", {"grip": "topleft"}) == {"taken": False}
    registry.invoke(program, "window.size", {"width": 400, "height": 300})
    registry.invoke(program, "window.full", {"page": "provider/codex"})
    assert shell.asked == ["open", "move", "topleft", (400, 300), ("close", "provider/codex")]
    with pytest.raises(BadRequest):
        registry.invoke(program, "window.grip", {"grip": "middle"})


def test_the_places_of_both_windows_are_apart_and_forgotten_together(program: Program) -> None:
    big, small = WindowPlace(x=1, y=2, width=900, height=700), WindowPlace(x=3, y=4, width=360, height=270)
    program.own.window.keep(big)
    program.own.widget_window.keep(small)
    assert (program.own.window.read(), program.own.widget_window.read()) == (big, small)
    registry.invoke(program, "window.reset", {})
    assert (program.own.window.read(), program.own.widget_window.read()) == (None, None)
