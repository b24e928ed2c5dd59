"""A start while another one has the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tokendial.cli import shells
from tokendial.cli.options import Options
from tokendial.desktop import instance
from tokendial.errors import Unavailable


@pytest.fixture
def options(tmp_path: Path) -> Iterator[Options]:
    """A data folder that another program has."""
    first = instance.claim(tmp_path)
    assert first is not None
    yield Options(named_dir=tmp_path, homes=[], scan=True)
    first.release()


def answers(monkeypatch: pytest.MonkeyPatch, sentence: str) -> None:
    monkeypatch.setattr(instance, "show_running", lambda _folder, page=None: sentence)


def test_a_silent_first_one_is_a_failure(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, instance.SILENT)
    with pytest.raises(Unavailable, match="did not answer"):
        shells.browser(options, port=0, open_browser=False, why=None)


def test_one_that_shows_its_window_is_not(
    options: Options, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, instance.SHOWN)
    shells.browser(options, port=0, open_browser=False, why=None)
    assert capsys.readouterr().out == f"{instance.SHOWN}\n"
