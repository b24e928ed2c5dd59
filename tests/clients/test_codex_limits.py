"""The real `codex app-server`, signed in to nothing: what it answers is a failure in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.clients.npm_programs import npm_program

from tokendial.live.line import HttpLine
from tokendial.providers.codex.live import CodexLive
from tokendial.providers.live import LiveFailure

pytestmark = pytest.mark.client


def test_without_a_sign_in_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program,), environment = npm_program("codex", "@openai/codex", "codex")
    monkeypatch.setenv("PATH", environment.get("PATH", os.environ["PATH"]))
    with pytest.raises(LiveFailure) as caught:
        CodexLive(find_program=lambda: program).read(tmp_path, HttpLine(), 0)
    assert caught.value.kind == "not_signed_in"
    assert "authentication required" in caught.value.message
