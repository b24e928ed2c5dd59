"""Real Gemini files, masked: every one gives exactly its numbers, however its bytes and its neighbours arrive."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CORPUS
from tests.support.gemini_logs import (
    LOGS,
    Holding,
    Row,
    Used,
    expected_per_model,
    is_document,
    merged,
    now_ms,
    per_model,
    read,
)

from tokendial.ingest.reader import Known, read_file
from tokendial.providers.gemini import GEMINI

pytestmark = pytest.mark.corpus
SETS = ("set-01", "set-02", "set-03")
HOME = CORPUS / "gemini"
Json = dict[str, Any]


@cache
def expected() -> dict[str, Json]:
    return dict(json.loads((CORPUS / "expected-gemini.json").read_text(encoding="utf-8")))


@cache
def logs() -> dict[str, Path]:
    found = (Path(file.path) for name in SETS for file in LOGS.find_files(HOME / name))
    return {path.relative_to(HOME).as_posix(): path for path in found}


def names() -> Iterator[str]:
    yield from sorted(logs())


def total(entries: list[Json]) -> dict[str, Used]:
    """The sum of what some files must give."""
    sums: dict[str, Used] = {}
    for entry in entries:
        for model, used in expected_per_model(entry).items():
            sums[model] = sums.get(model, Used()).plus(used)
    return sums


def test_there_are_as_many_files_as_expectations() -> None:
    assert sorted(logs()) == sorted(expected())


def test_every_file_gives_exactly_its_numbers() -> None:
    for name in names():
        found, entry = read(str(logs()[name]), logs()[name].read_bytes()), expected()[name]
        assert per_model(found.rows.values()) == expected_per_model(entry), name
        usage = entry["usage"]
        assert sum(row.event.input for row in found.rows.values()) == usage["input"] - usage["cached"] + usage["tool"]
        assert sum(row.event.output for row in found.rows.values()) == usage["output"] + usage["thoughts"]
        assert len(found.rows) + found.audit.get("empty", 0) == entry["messages_with_tokens"], name
        assert found.audit.get("duplicate", 0) == (entry["rewrites"] or 0), name
        assert found.refused == {}
        assert found.found.session.id == (entry["sessionId"] or "f3462d37"), "without a first line only the name knows"


@pytest.mark.parametrize("seed", range(4))
def test_files_in_any_order_add_up(seed: int) -> None:
    """Two files of one session hold different messages (G2): nothing is lost, nothing counted twice."""
    order = list(names())
    random.Random(seed).shuffle(order)
    holdings = [(place, read(str(logs()[name]), logs()[name].read_bytes())) for place, name in enumerate(order)]
    rows = merged(holdings)
    assert per_model(rows.values()) == total(list(expected().values()))
    assert len(rows) == sum(len(holding.rows) for _, holding in holdings)
    shared = [holding.found.session.id for _, holding in holdings]
    assert len(set(shared)) == len(shared) - 1, "one session has two files"


@pytest.mark.parametrize("seed", range(3))
def test_any_chunking(seed: int) -> None:
    chance = random.Random(seed)
    for name in names():
        data = logs()[name].read_bytes()
        cuts = sorted(chance.randrange(len(data)) for _ in range(20))
        pieces = (data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True))
        assert read(str(logs()[name]), data, pieces).content() == read(str(logs()[name]), data).content(), name


def test_byte_by_byte() -> None:
    name = min(names(), key=lambda name: logs()[name].stat().st_size)
    data = logs()[name].read_bytes()
    found = read(str(logs()[name]), data, (bytes([byte]) for byte in data))
    assert found.content() == read(str(logs()[name]), data).content()
    lines = next(logs()[name] for name in names() if not is_document(name))
    data = lines.read_bytes()[:30_000]
    found = read(str(lines), data, (bytes([byte]) for byte in data))
    assert found.content() == read(str(lines), data).content()


@pytest.mark.parametrize("seed", range(5))
def test_lines_appended_at_random_cuts_equal_one_parse(seed: int, tmp_path: Path) -> None:
    """Through the reader of files, with a resume in between, and once more at the end."""
    chance = random.Random(seed)
    for name in names():
        if is_document(name):
            continue
        data, path = logs()[name].read_bytes(), tmp_path / logs()[name].name
        holding, known = Holding(str(path)), None
        for cut in [*sorted(chance.randrange(len(data)) for _ in range(6)), len(data), len(data)]:
            path.write_bytes(data[:cut])
            known = take(holding, path, known)
        assert not holding.found.events, "the second time nothing is new"
        assert holding.content() == read(str(path), data).content()
        assert per_model(holding.rows.values()) == expected_per_model(expected()[name])


def take(holding: Holding, path: Path, known: Known | None) -> Known:
    result = read_file(GEMINI, str(path), known, now_ms())
    holding.take(result.parsed, replaces=result.replaces)
    return result.known


@pytest.mark.parametrize("seed", range(3))
def test_documents_that_grow_and_are_read_torn_equal_one_parse(seed: int) -> None:
    chance = random.Random(seed)
    for name in filter(is_document, names()):
        data = logs()[name].read_bytes()
        whole = json.loads(data)
        holding = Holding(str(logs()[name]))
        for size in sorted(chance.randrange(len(whole["messages"]) + 1) for _ in range(5)):
            smaller = json.dumps({**whole, "messages": whole["messages"][:size]}, indent=2, ensure_ascii=False).encode()
            holding.document(smaller)
            before = dict(holding.rows)
            holding.document(smaller[: chance.randrange(len(smaller))])
            assert holding.rows == before, "torn"
        for _ in range(2):
            assert holding.document(data).content() == read(str(logs()[name]), data).content(), name
        assert per_model(holding.rows.values()) == expected_per_model(expected()[name])


@pytest.mark.parametrize("seed", range(3))
def test_keys_in_any_order_and_blanks_change_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for name in names():
        path, data = str(logs()[name]), logs()[name].read_bytes()
        spelled = respelled(path, data, chance)
        assert spelled != data
        assert read(path, spelled).meaning() == read(path, data).meaning(), name


def respelled(path: str, data: bytes, chance: random.Random) -> bytes:
    """The same values with shuffled keys, other blanks and other escapes."""
    if not is_document(path):
        return b"".join(spell(json.loads(line), chance) + b"\n" for line in data.split(b"\n") if line)
    return spell(json.loads(data), chance, indent=chance.choice([None, 1, 4]))


def spell(value: object, chance: random.Random, indent: int | None = None) -> bytes:
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " :  ")])
    odd = chance.random() < 0.5
    text = json.dumps(shuffled(value, chance), separators=separators, indent=indent, ensure_ascii=odd)
    return text.encode("utf-8", "surrogatepass")


def shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


def test_a_document_beside_the_lines_it_was_migrated_to_counts_once() -> None:
    for name in filter(is_document, names()):
        path, data = str(logs()[name]), logs()[name].read_bytes()
        document, lines = read(path, data), read(f"{path}l", migrated(json.loads(data)))
        assert lines.meaning()[0] == document.meaning()[0]
        for order in ([(1, document), (2, lines)], [(2, document), (1, lines)]):
            assert per_model(merged(order).values()) == expected_per_model(expected()[name])


def migrated(document: Json) -> bytes:
    """What the program writes beside a document that it resumes: its first line, then a line for each message."""
    first = {key: value for key, value in document.items() if key != "messages"}
    last = {"$set": {"sessionId": document["sessionId"]}}
    return b"".join(json.dumps(line).encode() + b"\n" for line in (first, *document["messages"], last))


def test_a_home_copied_to_a_folder_named_by_a_slug_counts_once() -> None:
    """What the program does with folders that are named by a digest."""
    moved: list[tuple[int, Holding]] = []
    for place, name in enumerate(names()):
        data = logs()[name].read_bytes()
        copy = str(HOME / "set-01" / "tmp" / "slug" / "chats" / logs()[name].name)
        moved += [(place, read(str(logs()[name]), data)), (place + 100, read(copy, data))]
    rows: dict[int, Row] = merged(moved)
    assert per_model(rows.values()) == total(list(expected().values()))


def test_no_text_of_a_conversation_is_kept() -> None:
    """Runs of masked letters are nowhere in what a parser hands out."""
    for name in names():
        found = read(str(logs()[name]), logs()[name].read_bytes()).found
        for kept in (found.state, repr(found).encode()):
            assert b"xxxx" not in kept
            assert "字".encode() not in kept
        assert b"xxxx" in logs()[name].read_bytes() or "字".encode() in logs()[name].read_bytes()
