"""The real Codex CLI against a fake API: what Tokendial reports equals what the API handed out, to the token."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.clients.fake_responses import WINDOWS, FakeResponses, Handed, fake_responses
from tests.clients.npm_programs import npm_program
from tests.clients.reports import FIELDS, tokendial

pytestmark = pytest.mark.client

CONFIG = """
model = "gpt-5.5"
model_provider = "mock"

[model_providers.mock]
name = "mock"
base_url = "{url}"
wire_api = "responses"
env_key = "MOCK_KEY"
request_max_retries = 0
stream_max_retries = 0
"""
FREE = ("--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")


@dataclass
class Codex:
    """A Codex home, the program, and the API that it talks to."""

    command: list[str]
    environment: dict[str, str]
    home: Path
    work: Path
    api: FakeResponses

    def run(self, *arguments: str) -> None:
        done = subprocess.run(
            [*self.command, "exec", *arguments],
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def rollouts(self) -> list[Path]:
        """The session files, the oldest first."""
        return sorted((self.home / "sessions").rglob("rollout-*.jsonl"))

    def lines(self) -> Iterator[dict[str, Any]]:
        for path in self.rollouts():
            yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def codex(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codex]:
    """A home with a prompt, a resumed one, a model switch, a fork, and the parent resumed after the fork."""
    command, environment = npm_program("codex", "@openai/codex", "codex")
    folder = tmp_path_factory.mktemp("codex")
    home, work = folder / "home", folder / "project"
    home.mkdir()
    work.mkdir()
    with fake_responses() as api:
        (home / "config.toml").write_text(CONFIG.format(url=api.url), encoding="utf-8")
        keep = {name: value for name, value in environment.items() if not name.upper().endswith("_PROXY")}
        program = Codex(command, {**keep, "CODEX_HOME": str(home), "MOCK_KEY": "x"}, home, work, api)
        program.run(*FREE, "say hi")
        thread = program.rollouts()[0].stem[-36:]
        program.run("resume", "--last", *FREE, "once more")
        program.run("resume", "--last", *FREE, "-m", "gpt-5.4", "with another model")
        program.run("fork", *FREE, thread, "and elsewhere")
        program.run("resume", thread, *FREE, "back again")
        yield program


@pytest.fixture(scope="module")
def expected(codex: Codex) -> dict[str, dict[str, int]]:
    """What the API handed out, by model, in the parts that do not overlap."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIELDS, 0))
    for usage in codex.api.handed:
        for name, value in parts(usage).items():
            sums[usage.model][name] += value
    return dict(sums)


def parts(usage: Handed) -> dict[str, int]:
    return {
        "input_tokens": usage.input - usage.cached - usage.cache_write,
        "cache_read_tokens": usage.cached,
        "cache_write_tokens": usage.cache_write,
        "cache_write_1h_tokens": 0,
        "output_tokens": usage.output,
        "reasoning_tokens": usage.reasoning,
        "total_tokens": usage.input + usage.output,
        "events": 1,
    }


def report(codex: Codex, data: Path, *arguments: str) -> dict[str, Any]:
    return tokendial("--codex-home", codex.home, data, *arguments)


def test_the_client_wrote_what_we_think_it_writes(codex: Codex) -> None:
    """When this fails the format has moved on, and the other tests say little."""
    assert len(codex.rollouts()) == 2
    assert len(codex.api.handed) == 10, "five prompts with a tool call each"
    assert {usage.model for usage in codex.api.handed} == {"gpt-5.5", "gpt-5.4"}
    kinds = {(line["type"], line["payload"].get("type")) for line in codex.lines()}
    assert {("token_usage_record", None), ("event_msg", "token_count"), ("turn_context", None)} <= kinds
    metas = [line["payload"] for line in codex.lines() if line["type"] == "session_meta"]
    assert sum("history_base" in meta or "forked_from_id" in meta for meta in metas) == 1


def test_report_equals_what_the_api_handed_out(
    codex: Codex, expected: dict[str, dict[str, int]], tmp_path: Path
) -> None:
    answer = report(codex, tmp_path, "report", "--by", "model")
    assert {row["key"]: {name: row[name] for name in FIELDS} for row in answer["rows"]} == expected
    assert {name: answer["totals"][name] for name in FIELDS} == {
        name: sum(row[name] for row in expected.values()) for name in FIELDS
    }
    assert answer["scan"]["files"] == 2
    assert answer["scan"]["events_added"] == 10
    assert answer["scan"]["refused"] == 0


def test_second_report_reads_nothing_and_says_the_same(codex: Codex, tmp_path: Path) -> None:
    first, second = (report(codex, tmp_path, "report", "--by", "model") for _ in range(2))
    assert second["rows"] == first["rows"]
    assert (second["scan"]["files_read"], second["scan"]["events_added"]) == (0, 0)


def test_sessions_share_no_response(codex: Codex, expected: dict[str, dict[str, int]], tmp_path: Path) -> None:
    """The fork goes on from its parent's totals; what it shows is only its own two responses."""
    rows = report(codex, tmp_path, "report", "--by", "session")["rows"]
    assert sorted(row["events"] for row in rows) == [2, 8]
    assert sum(row["total_tokens"] for row in rows) == sum(row["total_tokens"] for row in expected.values())


def test_limits_are_the_headers(codex: Codex, tmp_path: Path) -> None:
    answer = report(codex, tmp_path, "limits")
    windows = {window["window_minutes"]: window for limit in answer["limits"] for window in limit["windows"]}
    assert {minutes: window["used_percent"] for minutes, window in windows.items()} == {300: 12.5, 10_080: 40.0}
    assert {minutes: window["resets_at_ms"] for minutes, window in windows.items()} == {
        minutes: (codex.api.began + left) * 1000 for minutes, _, left in WINDOWS.values()
    }
