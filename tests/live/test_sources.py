"""The sources of every provider against answers of the shapes that their services give."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.live.conftest import TOKEN
from tests.live.played import Played, Stage

from tokendial.domain.records import ReadingRecord
from tokendial.live.line import HttpLine
from tokendial.providers import PROVIDERS
from tokendial.providers.claude.live import ClaudeLive
from tokendial.providers.codex.live import CodexLive
from tokendial.providers.gemini.live import GeminiLive
from tokendial.providers.live import LiveFailure, LiveSource

NOW = 1_800_000_000_000
RESET = "2027-01-15T08:00:00.25+00:00"
RESET_MS = 1_800_000_000_250


def sources(url: str) -> dict[str, LiveSource]:
    """Every source, asking the stage."""
    return {
        "claude": ClaudeLive(url, keychain=False),
        "codex": CodexLive(url, find_program=lambda: None),
        "gemini": GeminiLive(url, environment={}),
    }


def read(source: LiveSource, home: Path) -> list[ReadingRecord]:
    """What a source answers at NOW."""
    return source.read(home, HttpLine(seconds=2), NOW)


def played(*contents: object) -> list[Played]:
    """Answers in JSON."""
    return [Played(body=json.dumps(content).encode()) for content in contents]


CLAUDE: dict[str, Any] = {
    "five_hour": {"utilization": 6.0, "resets_at": RESET},
    "seven_day": {"utilization": 35, "resets_at": RESET},
    "seven_day_opus": {"utilization": 0.0, "resets_at": None},
    "seven_day_sonnet": {"utilization": 140.5, "resets_at": RESET, "more": [1]},
    "seven_day_oauth_apps": None,
    "iguana_necktie": None,
    "extra_usage": {"is_enabled": True, "monthly_limit": 5000, "used_credits": 4887, "utilization": 97.74},
}


def test_claude_keeps_every_window(server: Stage, signed_in: Path) -> None:
    server.play(*played(CLAUDE))
    found = {(one.limit_id, one.window_minutes): one for one in read(sources(server.url)["claude"], signed_in)}
    assert {key: (one.used_percent, one.resets_at_ms, one.limit_name) for key, one in found.items()} == {
        ("claude", 300): (6.0, RESET_MS, None),
        ("claude", 10_080): (35.0, RESET_MS, None),
        ("seven_day_opus", 10_080): (0.0, None, "Opus"),
        ("seven_day_sonnet", 10_080): (100.0, RESET_MS, "Sonnet"),
        ("extra_usage", 43_200): (97.74, None, "Extra usage"),
    }
    assert {(one.plan, one.credits) for one in found.values()} == {("max", "48.87 of 50.00 USD")}
    (request,) = server.requests
    assert request.path == "/api/oauth/usage"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["anthropic-beta"] == "oauth-2025-04-20"


def test_claude_without_extra_usage_has_no_credits(server: Stage, signed_in: Path) -> None:
    server.play(*played({**CLAUDE, "extra_usage": {"is_enabled": False, "monthly_limit": None, "utilization": None}}))
    assert {one.credits for one in read(sources(server.url)["claude"], signed_in)} == {None}


def test_claude_asks_the_keychain_once_and_again_after_a_refusal(server: Stage, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    class Keychain(HttpLine):
        def run(self, command: Sequence[str], reason: str) -> bytes | None:
            asked.append(list(command))
            return json.dumps({"claudeAiOauth": {"accessToken": TOKEN}}).encode()

    source, line = ClaudeLive(server.url, keychain=True), Keychain(seconds=2)
    server.play(*played(CLAUDE))
    source.read(tmp_path, line, NOW)
    source.read(tmp_path, line, NOW)
    assert len(asked) == 1
    assert TOKEN not in str(asked)
    server.play(Played(401), *played(CLAUDE))
    with pytest.raises(LiveFailure):
        source.read(tmp_path, line, NOW)
    source.read(tmp_path, line, NOW)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "entry", [b'{"other": "sk-nothing-real"}', b'"sk-nothing-real"', b"sk-nothing-real", b"\xff", b""]
)
def test_a_keychain_entry_of_another_shape_is_never_sent(server: Stage, tmp_path: Path, entry: bytes) -> None:
    """W-40: the entry is no token by itself."""

    class Keychain(HttpLine):
        def run(self, command: Sequence[str], reason: str) -> bytes | None:
            return entry

    with pytest.raises(LiveFailure) as caught:
        ClaudeLive(server.url, keychain=True).read(tmp_path, Keychain(seconds=2), NOW)
    assert caught.value.kind == "not_signed_in"
    assert server.requests == []


WEB = {
    "user_id": "u",
    "plan_type": "pro",
    "rate_limit": {
        "allowed": True,
        "limit_reached": False,
        "primary_window": {"used_percent": 13, "limit_window_seconds": 18_000, "reset_at": 1_800_000_600},
        "secondary_window": {"used_percent": 87.5, "limit_window_seconds": 604_800, "reset_at": 1_800_400_000},
    },
    "code_review_rate_limit": {
        "primary_window": {"used_percent": 0, "limit_window_seconds": 604_800, "reset_at": 1_800_400_000},
        "secondary_window": None,
    },
    "additional_rate_limits": [
        {
            "limit_name": "A model",
            "metered_feature": "a_model",
            "rate_limit": {"primary_window": {"used_percent": 50, "limit_window_seconds": 18_000}},
        }
    ],
    "credits": {"has_credits": True, "unlimited": False, "balance": "5.39"},
}


def test_codex_asks_the_address_where_there_is_no_program(server: Stage, signed_in: Path) -> None:
    server.play(*played(WEB))
    found = read(sources(server.url)["codex"], signed_in)
    assert [(one.limit_id, one.window_minutes, one.used_percent, one.resets_at_ms) for one in found] == [
        ("codex", 300, 13.0, 1_800_000_600_000),
        ("codex", 10_080, 87.5, 1_800_400_000_000),
        ("code_review", 10_080, 0.0, 1_800_400_000_000),
        ("a_model", 300, 50.0, None),
    ]
    assert {(one.plan, one.credits) for one in found} == {("pro", "5.39")}
    (request,) = server.requests
    assert request.path == "/backend-api/wham/usage"
    assert request.headers["chatgpt-account-id"] == "account-7"


def test_codex_without_a_second_window_does_not_make_one_up(server: Stage, signed_in: Path) -> None:
    server.play(*played({**WEB, "rate_limit": {**WEB["rate_limit"], "secondary_window": None}, "credits": None}))  # type: ignore[dict-item]
    found = read(sources(server.url)["codex"], signed_in)
    assert [(one.limit_id, one.window_minutes) for one in found][:2] == [("codex", 300), ("code_review", 10_080)]
    assert {one.credits for one in found} == {None}


APP = """
import json, sys
RESULT = {"rateLimits": {"limitId": "codex", "primary": {"usedPercent": 9, "windowDurationMins": 300}},
    "rateLimitsByLimitId": {
        "codex": {"limitId": "codex", "limitName": None, "planType": "plus",
            "primary": {"usedPercent": 12, "windowDurationMins": 300, "resetsAt": 1800000600},
            "secondary": {"usedPercent": 40, "windowDurationMins": 10080, "resetsAt": 1800400000},
            "credits": {"hasCredits": False, "unlimited": True, "balance": None}},
        "other": {"limitName": "Other", "primary": {"usedPercent": 1, "windowDurationMins": 300}}}}
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "initialize":
        result = {"userAgent": message["params"]["clientInfo"]["name"]}
        print(json.dumps({"id": message["id"], "result": result}), flush=True)
    elif "id" in message:
        print(json.dumps({"id": message["id"], "result": RESULT}), flush=True)
"""


def test_codex_asks_its_program_where_there_is_one(server: Stage, tmp_path: Path) -> None:
    program = tmp_path / "codex"
    program.write_text(f"#!/usr/bin/env python3\n{APP}")
    program.chmod(0o755)
    source = CodexLive(server.url, find_program=lambda: str(program))
    assert source.asks == f"{program} app-server"
    found = read(source, tmp_path)
    assert [(one.limit_id, one.limit_name, one.window_minutes, one.used_percent) for one in found] == [
        ("codex", None, 300, 12.0),
        ("codex", None, 10_080, 40.0),
        ("other", "Other", 300, 1.0),
    ]
    assert (found[0].plan, found[0].credits, found[0].resets_at_ms) == ("plus", "unlimited", 1_800_000_600_000)
    assert server.requests == []


GEMINI = {
    "buckets": [
        {"modelId": "a-pro", "tokenType": "REQUESTS", "remainingFraction": 0.25, "resetTime": RESET},
        {"modelId": "a-flash", "remainingFraction": 1, "resetTime": RESET},
        {"modelId": "a-flash", "tokenType": "INPUT", "remainingFraction": 0.5},
        {"modelId": "unknown"},
    ]
}
ACCOUNT = {"cloudaicompanionProject": "project-1", "currentTier": {"id": "free-tier", "name": "Free"}}


def test_gemini_asks_for_the_account_once_and_then_for_the_quota(server: Stage, signed_in: Path) -> None:
    server.play(*played(ACCOUNT, GEMINI))
    source = sources(server.url)["gemini"]
    found = read(source, signed_in)
    assert [(one.limit_id, one.window_minutes, one.used_percent, one.resets_at_ms) for one in found] == [
        ("a-pro", 1_440, 75.0, RESET_MS),
        ("a-flash", 1_440, 0.0, RESET_MS),
        ("a-flash input", 1_440, 50.0, None),
    ]
    assert {one.plan for one in found} == {"Free"}
    read(source, signed_in)
    assert [one.path.rpartition(":")[2] for one in server.requests] == [
        "loadCodeAssist",
        "retrieveUserQuota",
        "retrieveUserQuota",
    ]
    assert json.loads(server.requests[1].body) == {"project": "project-1"}


EACH = {"claude": [CLAUDE], "codex": [WEB], "gemini": [ACCOUNT, GEMINI]}


@pytest.mark.parametrize("name", EACH)
def test_credential_files_stay_as_they_are(server: Stage, signed_in: Path, name: str) -> None:
    def state() -> list[tuple[str, bytes, int, int]]:
        files = sorted(signed_in.iterdir())
        return [(one.name, one.read_bytes(), one.stat().st_mode, one.stat().st_mtime_ns) for one in files]

    before = state()
    server.play(*played(*EACH[name]))
    assert read(sources(server.url)[name], signed_in)
    server.play(Played(401))
    with pytest.raises(LiveFailure):
        read(sources(server.url)[name], signed_in)
    assert state() == before
    assert all(f"{TOKEN}-refresh".encode() not in one.body + str(one.headers).encode() for one in server.requests)


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"tokens": 3}', b'{"access_token": null}', b"\xff\xfe"])
def test_without_a_sign_in_nobody_is_asked(server: Stage, tmp_path: Path, name: str, content: bytes) -> None:
    for file in sources(server.url)[name].credential_files(tmp_path):
        file.write_bytes(content)
    with pytest.raises(LiveFailure) as caught:
        read(sources(server.url)[name], tmp_path)
    assert caught.value.kind == "not_signed_in"
    assert server.requests == []


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><html>sign in</html>",
        b"",
        b"null",
        b"[1, 2]",
        b'{"five_hour": {"utilization": "6"}, "rate_limit": {"primary_window": 3}, "buckets": {}}',
        b'{"five_hour": 5, "rate_limit": [], "buckets": [1]}',
        b'{"five_hour": {"utilization": 1e999}, "rate_limit": {"primary_window": {"used_percent": 1e999,'
        b' "limit_window_seconds": 1}}, "buckets": [{"modelId": "a", "remainingFraction": -1e999}]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_an_answer_of_another_shape_is_a_failure_and_never_a_share(
    server: Stage, signed_in: Path, name: str, body: bytes
) -> None:
    server.play(Played(body=body))
    with pytest.raises(LiveFailure) as caught:
        assert read(sources(server.url)[name], signed_in) == "a failure"
    assert caught.value.kind == "unexpected"


def test_every_source_says_what_is_read_sent_and_asked(tmp_path: Path) -> None:
    found = [source for one in PROVIDERS for source in one.live_sources()]
    assert {source.id for source in found} == {*EACH, "antigravity"}
    for source in found:
        assert source.asks.startswith(("https://", "http://127.0.0.1")) or source.asks.endswith("app-server")
        assert source.reads(tmp_path).startswith(str(tmp_path)) or os.uname().sysname == "Darwin"
        assert source.sends.endswith(".")
        assert source.name
