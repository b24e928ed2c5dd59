"""Every test of a parser runs over both readers: the compiled one, where it was built, and the one in Python."""

from __future__ import annotations

import pytest

from tokendial.providers.codex import parser, scan


@pytest.fixture(autouse=True, params=["compiled", "python"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "compiled" and not scan.available():
        pytest.skip("no C compiler built the compiled reader")
    monkeypatch.setattr(parser, "available", lambda: request.param == "compiled")
    return str(request.param)
