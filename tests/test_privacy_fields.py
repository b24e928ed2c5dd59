"""Privacy mode knows every field of an answer whose name says that it tells who works on what, and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from tokendial.api.commands import registry
from tokendial.services.contract.settings import Settings

RULES = (Path(__file__).resolve().parent.parent / "frontend/src/lib/privacy.ts").read_text(encoding="utf-8")
TELLING = re.compile(r"path|title|project|cwd|dir|folder|branch|account|email|prompt|excerpt|message|problem|notice")


def structs(roots: list[object]) -> set[type[msgspec.Struct]]:
    """The Structs that types are made of."""
    found: set[type[msgspec.Struct]] = set()
    waiting = list(roots)
    while waiting:
        kind = waiting.pop()
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            waiting += get_args(kind)
        elif kind not in found:
            found.add(kind)
            waiting += get_type_hints(kind).values()
    return found


def texts() -> list[str]:
    """The names of the text fields of every answer, settings aside."""
    answers = structs([command.response for command in registry]) - {Settings}
    names = {
        name
        for struct in answers
        for name, hint in get_type_hints(struct).items()
        if hint is str or str in get_args(hint)
    }
    return sorted(name for name in names if TELLING.search(name))


def test_there_are_such_fields() -> None:
    assert {"path", "title", "project", "cwd", "message"} <= set(texts())


@pytest.mark.parametrize("name", texts())
def test_privacy_mode_has_a_rule_for(name: str) -> None:
    assert re.search(rf"\b{name}\b", RULES), f"privacy.ts has no rule for {name}"
