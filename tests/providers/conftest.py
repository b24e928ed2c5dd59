"""Every test of Codex and Claude runs over both readers: the compiled one where it was built, and the one in Python."""

from __future__ import annotations

import pytest

from tokendial.providers.claude import parser as claude_parser
from tokendial.providers.claude import scan
from tokendial.providers.codex import library, parser

READERS = ("compiled", "python")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2].startswith(("test_codex", "test_claude")):
        metafunc.fixturenames.append("reader")
        metafunc.parametrize("reader", READERS, indirect=True)


@pytest.fixture
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "compiled" and not (library.available() and scan.available()):
        pytest.skip("no C compiler built the compiled readers")
    for one in (parser, claude_parser):
        monkeypatch.setattr(one, "available", lambda: request.param == "compiled")
    return str(request.param)
