"""The few real files that are kept here: exact per file, with nothing but the repository at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.support.gemini_logs import LOGS, Holding, expected_per_model, is_document, per_model, read

FIXTURES = ROOT / "tests" / "fixtures" / "gemini"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))


def test_every_kept_file_is_found_and_expected() -> None:
    homes = [path for path in FIXTURES.iterdir() if path.is_dir()]
    files = [Path(file.path) for home in homes for file in LOGS.find_files(home)]
    assert sorted(path.relative_to(FIXTURES).as_posix() for path in files) == sorted(EXPECTED)
    assert sum(path.stat().st_size for path in files) < 200_000


@pytest.mark.parametrize("name", sorted(EXPECTED), ids=lambda name: name[-16:])
def test_every_file_gives_exactly_its_numbers(name: str) -> None:
    path = FIXTURES / name
    found = read(str(path), path.read_bytes())
    assert per_model(found.rows.values()) == expected_per_model(EXPECTED[name])
    assert found.refused == {}
    assert len(found.rows) + found.audit.get("empty", 0) == EXPECTED[name]["messages_with_tokens"]
    assert found.found.audit.get("counted", None) is None or found.found.audit["counted"].tokens == sum(
        used["total"] for used in EXPECTED[name]["per_model"].values()
    )


@pytest.mark.parametrize("name", sorted(EXPECTED), ids=lambda name: name[-16:])
def test_every_prompt_is_found_at_its_offset(name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    found = read(str(FIXTURES / name), data)
    prompts = [json.loads(data[at : at + length]) for _, at, length in found.prompts]
    wanted = [message["id"] for message in messages(data, name) if is_words(message)]
    assert [prompt["id"] for prompt in prompts] == wanted
    assert wanted


def messages(data: bytes, name: str) -> list[dict[str, Any]]:
    if is_document(name):
        return list(json.loads(data)["messages"])
    return [line for line in map(json.loads, data.splitlines()) if "id" in line]


def is_words(message: dict[str, Any]) -> bool:
    content = message["content"]
    return message["type"] == "user" and (isinstance(content, str) or any("text" in part for part in content))


def test_lines_that_grow_one_by_one() -> None:
    (name,) = (name for name in EXPECTED if not is_document(name))
    data, holding = (FIXTURES / name).read_bytes(), Holding(str(FIXTURES / name))
    for at, byte in enumerate(data):
        if byte == ord("\n"):
            holding.append(data[: at + 1])
    assert holding.content() == read(str(FIXTURES / name), data).content()
    assert holding.full_parses == 0
