"""Exporting and opening price files, with dialogs that answer at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.support import program_of, rule

from tokendial.api.dialogs import FileKind
from tokendial.api.program import Program
from tokendial.errors import CannotWrite, InvalidFile, Unavailable
from tokendial.services.contract.common import Empty
from tokendial.services.contract.prices import PriceFile, PriceImportRequest, PriceRules
from tokendial.services.contract.system import DemoRequest


class Answers:
    """Dialogs whose every answer is the same; notes what they were asked."""

    def __init__(self, path: Path | None) -> None:
        self.path = None if path is None else str(path)
        self.asked: list[tuple[str, FileKind]] = []

    def pick_folder(self, start: str | None = None) -> str | None:
        raise AssertionError("no folder is asked for")

    def pick_save(self, name: str, kind: FileKind) -> str | None:
        self.asked.append((name, kind))
        return self.path

    def pick_open(self, kind: FileKind) -> str | None:
        self.asked.append(("", kind))
        return self.path


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    (tmp_path / "home").mkdir()
    with program_of(tmp_path / "data", tmp_path / "home") as made:
        made.save_prices(PriceRules([rule("gpt-5*", "1.25")]))
        yield made


def test_the_browser_gets_the_text(program: Program) -> None:
    answer = program.export_prices(Empty())
    assert (answer.rules, answer.path) == (1, None)
    assert json.loads(answer.content or "")["rules"][0]["input"] == "1.25"
    with pytest.raises(Unavailable):
        program.open_prices(Empty())


def test_the_window_writes_the_file_and_reads_it(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    program.dialogs = dialogs = Answers(path)
    answer = program.export_prices(Empty())
    assert (answer.content, answer.path, answer.rules) == (None, str(path), 1)
    assert dialogs.asked == [(answer.name, FileKind("Price rules", ".json"))]
    program.save_prices(PriceRules([]))
    opened = program.open_prices(Empty())
    assert (opened.name, opened.content) == ("mine.json", path.read_text(encoding="utf-8"))
    assert program.preview_price_import(PriceImportRequest(opened.content or "")).added == 1
    assert [one.pattern for one in program.import_prices(PriceImportRequest(opened.content or "")).rules] == ["gpt-5*"]
    program.undo_prices(Empty())
    assert program.pricing(Empty()).rules == []


def test_cancelling_does_nothing(program: Program) -> None:
    program.dialogs = Answers(None)
    answer = program.export_prices(Empty())
    assert (answer.content, answer.path) == (None, None)
    assert program.open_prices(Empty()) == PriceFile(None, None)


def test_a_file_that_cannot_be_written_or_read_is_named(program: Program, tmp_path: Path) -> None:
    program.dialogs = Answers(tmp_path / "nowhere" / "x.json")
    with pytest.raises(CannotWrite, match=r"x\.json cannot be written: No such file"):
        program.export_prices(Empty())
    with pytest.raises(InvalidFile, match=r"x\.json cannot be read: No such file"):
        program.open_prices(Empty())


def test_each_change_tells_every_page(program: Program) -> None:
    with program.hub.subscribe() as events:
        for change in (
            lambda: program.save_prices(PriceRules([])),
            lambda: program.undo_prices(Empty()),
            lambda: program.import_prices(PriceImportRequest(program.export_prices(Empty()).content or "", "replace")),
        ):
            change()
            event = events.get(5)
            assert event is not None and event.name == "usage-updated"
        program.preview_prices(PriceRules([]))
        assert events.get(0.05) is None


def test_the_sample_data_have_prices_of_their_own(program: Program) -> None:
    program.demo(DemoRequest(True))
    program.save_prices(PriceRules([rule("*", "9")]))
    assert [one.pattern for one in program.pricing(Empty()).rules] == ["*"]
    program.demo(DemoRequest(False))
    mine = program.pricing(Empty())
    assert [one.pattern for one in mine.rules] == ["gpt-5*"]
    assert mine.undo is not None and mine.undo.what == "Added the rule for gpt-5*"
