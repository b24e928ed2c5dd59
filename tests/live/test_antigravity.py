"""Antigravity's language server, played on this machine: the port from its logs, and a server that is gone."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from tests.live.played import Played, Stage

from tokendial.live.line import HttpLine
from tokendial.providers.gemini.antigravity import AntigravityLive
from tokendial.providers.live import LiveFailure

NOW = 1_800_000_000_000
EDITOR_LOG = ".config/Antigravity/logs/s1/window1/exthost/google.antigravity/Antigravity.log"
STATUS = {
    "userStatus": {
        "name": "Ada",
        "planStatus": {"planInfo": {"planName": "Pro", "monthlyPromptCredits": 50_000}, "availablePromptCredits": 500},
    }
}
MODELS = {
    "response": {
        "models": {
            "a": {
                "displayName": "Pro (High)",
                "modelProvider": "MODEL_PROVIDER_GOOGLE",
                "quotaInfo": {"remainingFraction": 0.4, "resetTime": "2027-01-15T08:00:00Z"},
            },
            "b": {"displayName": "Pro (High)", "quotaInfo": {"remainingFraction": 0.4}},
            "c": {"displayName": "Other", "quotaInfo": {"remainingFraction": 1}},
            "d": {"displayName": "Nothing said", "quotaInfo": {}},
        }
    }
}


def log(home: Path, *ports: int, name: str = "antigravity-cli/cli.log") -> Path:
    """A log that names ports as they changed."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"I0101 listening on random port at {port + 1} for HTTPS\n" for port in ports]
    lines += [f"I0101 language server listening on random port at {port} for HTTP\n" for port in ports]
    path.write_text("".join(lines))
    return path


def port_of(server: Stage) -> int:
    return int(server.url.rpartition(":")[2])


def played(*contents: object) -> list[Played]:
    return [Played(body=json.dumps(content).encode()) for content in contents]


def test_a_window_per_model(server: Stage, tmp_path: Path) -> None:
    log(tmp_path, 9, port_of(server))
    server.play(*played(STATUS, MODELS))
    found = AntigravityLive().read(tmp_path, HttpLine(seconds=2), NOW)
    assert [(one.limit_id, one.window_minutes, one.used_percent, one.resets_at_ms) for one in found] == [
        ("antigravity Pro (High)", 300, 60.0, 1_800_000_000_000),
        ("antigravity Other", 300, 0.0, None),
    ]
    assert {(one.plan, one.credits) for one in found} == {("Pro", "500 prompt credits left")}
    assert [one.path.rpartition("/")[2] for one in server.requests] == ["GetUserStatus", "GetAvailableModels"]
    assert [one.body for one in server.requests] == [b"{}", b"{}"]
    assert all("authorization" not in one.headers for one in server.requests)


def test_the_newest_log_names_the_port(server: Stage, tmp_path: Path) -> None:
    home, user = tmp_path / ".gemini", tmp_path
    os.utime(log(home, 9), (1, 1))
    newer = log(user, port_of(server), name=EDITOR_LOG)
    server.play(*played(STATUS, MODELS))
    source = AntigravityLive()
    assert source.reads(home) == str(newer)
    assert len(source.read(home, HttpLine(seconds=2), NOW)) == 2


def test_without_a_log_or_a_server_it_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(LiveFailure) as caught:
        AntigravityLive().read(tmp_path, HttpLine(seconds=2), NOW)
    assert caught.value.kind == "missing"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log(tmp_path, port)
    with pytest.raises(LiveFailure) as caught:
        AntigravityLive().read(tmp_path, HttpLine(seconds=2), NOW)
    assert caught.value.kind == "missing"


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"userStatus": 1}', b'{"response": {"models": []}}'])
def test_somebody_else_at_that_port_is_a_failure(server: Stage, tmp_path: Path, body: bytes) -> None:
    log(tmp_path, port_of(server))
    server.play(Played(body=body))
    with pytest.raises(LiveFailure) as caught:
        AntigravityLive().read(tmp_path, HttpLine(seconds=2), NOW)
    assert caught.value.kind == "unexpected"
