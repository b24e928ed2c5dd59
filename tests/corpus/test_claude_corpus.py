"""Real transcripts, masked: every set gives exactly its numbers, however its bytes, lines and files arrive."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import CORPUS
from tests.support.transcript import Merged, Total, counted, expected, parse, per_model, respelled

from tokendial.providers.claude import CLAUDE

pytestmark = pytest.mark.corpus
SETS = [f"set-{number:02}" for number in range(1, 8)]
FIELDS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")


@cache
def totals() -> dict[str, dict[str, Total]]:
    return expected(CORPUS / "expected-claude.json")


@cache
def stated() -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = json.loads((CORPUS / "expected-claude.json").read_text())
    return found


@cache
def logs(name: str) -> dict[str, bytes]:
    """The files of a set by their path."""
    return {found.path: Path(found.path).read_bytes() for found in CLAUDE.logs.find_files(CORPUS / "claude" / name)}


def test_every_set_is_expected() -> None:
    assert list(totals()) == SETS


def test_every_transcript_is_found() -> None:
    there = sorted(str(path) for path in (CORPUS / "claude").rglob("*.jsonl") if path.name != "journal.jsonl")
    assert sorted(path for name in SETS for path in logs(name)) == there
    assert len(there) == 138


@pytest.mark.parametrize("name", SETS)
def test_a_set_gives_exactly_its_numbers(name: str) -> None:
    files = [parse(data, path) for path, data in logs(name).items()]
    rows = counted(files).values()
    assert per_model(rows) == totals()[name]
    given = [
        (event.input, event.cache_read, event.cache_write + event.cache_write_1h, event.output) for event, _ in rows
    ]
    assert dict(zip(FIELDS, map(sum, zip(*given, strict=True)), strict=True)) == stated()[name]["dedup_max"]
    assert not any(file.refused for file in files)


@pytest.mark.parametrize("name", SETS)
def test_every_usage_row_is_in_a_class(name: str) -> None:
    classes = [parse(data, path).audit for path, data in logs(name).items()]
    rows = {kind: sum(one.get(kind, (0, 0))[0] for one in classes) for kind in ("counted", "duplicate", "synthetic")}
    assert rows["counted"] + rows["duplicate"] == stated()[name]["usage_rows"]
    assert rows["synthetic"] == stated()[name]["synthetic_rows"]
    assert not any("empty" in one for one in classes)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SETS)
def test_the_order_of_files_does_not_matter(name: str, seed: int) -> None:
    paths = list(logs(name))
    rows = counted(parse(logs(name)[path], path) for path in paths)
    random.Random(seed).shuffle(paths)
    assert counted(parse(logs(name)[path], path) for path in paths) == rows


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", SETS)
def test_chunks_do_not_matter(name: str, seed: int) -> None:
    chance = random.Random(seed)
    for path, data in logs(name).items():
        cuts = [chance.randrange(1 << 30) for _ in range(chance.randint(1, 40))]
        assert parse(data, path, cuts).facts() == parse(data, path).facts()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", SETS)
def test_files_that_grow_give_the_same(name: str, seed: int) -> None:
    """Appended at random places, resumed from the state each time, and read once more when nothing is new."""
    chance = random.Random(seed)
    for path, data in logs(name).items():
        growing = Merged(path)
        for end in sorted(chance.randint(0, len(data)) for _ in range(8)):
            growing.read(data[:end])
        growing.read(data)
        assert growing.facts() == parse(data, path).facts()
        before = growing.facts()
        assert not growing.read(data).parsed.events
        assert growing.facts() == before


@pytest.mark.parametrize("name", SETS)
def test_spelling_does_not_matter(name: str) -> None:
    """Other key order and spaces: read through the slow way, with the same result."""
    for path, data in logs(name).items():
        assert parse(respelled(data, 7), path).facts(places=False) == parse(data, path).facts(places=False)


def test_twice_the_same_files_add_nothing() -> None:
    """A synced copy, a second root, a home reached by two paths (A-15)."""
    files = [parse(data, path) for path, data in logs("set-06").items()]
    assert counted(files + files) == counted(files)


def test_the_wrong_answers_are_not_given() -> None:
    """Else the sets would not tell right from wrong."""
    for name in SETS:
        assert any(stated()[name]["dedup_max"] != stated()[name][wrong] for wrong in ("naive_sum", "first_wins")) or (
            name == "set-04"
        )
