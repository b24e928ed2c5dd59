"""Every test of Codex runs over both readers: the compiled one, where it was built, and the one in Python."""

from __future__ import annotations

import pytest

from tokendial.providers.codex import compiled, parser

READERS = ("compiled", "python")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2].startswith("test_codex"):
        metafunc.fixturenames.append("reader")
        metafunc.parametrize("reader", READERS, indirect=True)


@pytest.fixture
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "compiled" and not compiled.available():
        pytest.skip("no C compiler built the compiled reader")
    monkeypatch.setattr(parser, "available", lambda: request.param == "compiled")
    return str(request.param)
