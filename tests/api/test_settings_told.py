"""A changed setting reaches every open page; a refused one reaches none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.support import program_of

from tokendial.api.events import Event, Subscription
from tokendial.errors import BadRequest
from tokendial.services.contract.common import Empty
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.window_memory import WindowPlace


def told(subscription: Subscription) -> list[Event]:
    """The pending events about settings."""
    events = iter(lambda: subscription.get(0.2), None)
    return [event for event in events if event.name == "settings-changed"]


def test_a_change_is_told_with_every_setting(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with program_of(tmp_path / "data", tmp_path / "home") as program, program.hub.subscribe() as subscription:
        answer = program.change_settings(SettingsPatch(values={"theme": "dark", "breakdown_open": ["a"]}))
        assert answer == Settings(theme="dark", breakdown_open=["a"])
        assert told(subscription) == [Event("settings-changed", answer)]
        with pytest.raises(BadRequest):
            program.change_settings(SettingsPatch(values={"theme": "pink"}))
        assert told(subscription) == []


def test_the_window_is_put_back(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with program_of(tmp_path / "data", tmp_path / "home") as program:
        program.own.window.keep(WindowPlace(x=1, y=2, width=900, height=700))
        assert program.reset_window(Empty()) == Empty()
        assert program.own.window.read() is None
