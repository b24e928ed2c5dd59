"""The few real transcripts that are kept here: exact per home, with nothing but the repository at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.support.transcript import Merged, counted, expected, parse, per_model, respelled

from tokendial.domain.records import EventFlag
from tokendial.providers.claude import CLAUDE

FIXTURES = ROOT / "tests" / "fixtures" / "claude"
HOMES = ["mirrored", "proxy", "resumed", "streamed", "workflow"]


def files(name: str) -> list[Merged]:
    found = sorted(found.path for found in CLAUDE.logs.find_files(FIXTURES / name))
    return [parse(Path(path).read_bytes(), path) for path in found]


def test_every_kept_home_is_expected() -> None:
    assert sorted(expected(FIXTURES / "expected.json")) == HOMES


@pytest.mark.parametrize("name", HOMES)
def test_a_home_gives_exactly_its_numbers(name: str) -> None:
    assert per_model(counted(files(name)).values()) == expected(FIXTURES / "expected.json")[name]


@pytest.mark.parametrize("name", HOMES)
def test_cuts_and_spelling_do_not_matter(name: str) -> None:
    for file in files(name):
        data = Path(file.name).read_bytes()
        assert parse(data, file.name, range(0, len(data), 997)).facts() == file.facts()
        assert parse(respelled(data, 1), file.name).facts(places=False) == file.facts(places=False)
        half = data.find(b"\n", len(data) // 2) + 1
        assert Merged(file.name).read(data[: half + 40]).read(data).facts() == file.facts()


def test_files_that_share_history_count_it_once() -> None:
    both = files("resumed")
    assert sum(len(file.rows) for file in both) == 53
    assert len(counted(both)) == 44


def test_mirrored_rows_belong_to_the_sub_agent() -> None:
    session = next(file for file in files("mirrored") if "agent-" not in file.name)
    mirrored = [event for event in session.events if event.flags & EventFlag.FOREIGN_FILE]
    assert len(mirrored) == 9
    assert all(event.flags & EventFlag.SIDE_CHAIN for event in mirrored)


def test_a_file_without_a_last_newline_is_read_to_its_end() -> None:
    (file,) = files("streamed")
    assert not Path(file.name).read_bytes().endswith(b"\n")
    assert len(file.events) == 13


def test_a_workflow_s_list_of_agents_is_no_transcript() -> None:
    found = sorted(Path(found.path).name for found in CLAUDE.logs.find_files(FIXTURES / "workflow"))
    assert [name[:6] for name in found] == ["17b6b6", "agent-"]
