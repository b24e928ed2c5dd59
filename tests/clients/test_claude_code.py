"""The real Claude Code against a fake API: tokens equal what the API handed out, cost what the program itself says."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.clients.fake_messages import DELEGATE, RUN, SEARCH, FakeMessages, Handed, fake_messages
from tests.clients.npm_programs import npm_program
from tests.clients.reports import FIELDS, tokendial

pytestmark = pytest.mark.client

# Up to 2.1.197 the program said the cost of one run; later it says that of the session from its first run on.
PACKAGE = "@anthropic-ai/claude-code@^2.1.332"
SONNET, OPUS, HAIKU = "claude-sonnet-4-5", "claude-opus-4-5", "claude-haiku-4-5"
QUIET = ("DISABLE_TELEMETRY", "DISABLE_AUTOUPDATER", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "IS_SANDBOX")
ALWAYS = ("--allowedTools", "Bash,Agent,Task", "--output-format", "json")
OTHERS = ("CLAUDE", "ANTHROPIC")  # settings of the machine that the program would follow


@dataclass
class Claude:
    """A home, the program, the API that it talks to, and what the program said at the end of each run."""

    command: list[str]
    environment: dict[str, str]
    folder: Path
    api: FakeMessages
    said: list[dict[str, Any]] = field(default_factory=list)

    def run(self, prompt: str, model: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self.command, "-p", prompt, "--model", model, *arguments, *ALWAYS],
            cwd=self.folder / "project",
            env={**self.environment, "HOME": str(self.folder), "USERPROFILE": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        self.said.append(json.loads(done.stdout))

    @property
    def home(self) -> Path:
        return self.folder / ".claude"

    def files(self) -> list[Path]:
        return sorted((self.home / "projects").rglob("*.jsonl"))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for path in self.files() for line in path.read_bytes().split(b"\n") if line]


@pytest.fixture(scope="module")
def claude(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Claude]:
    """A plain prompt; a tool call, continued with another model, and forked; a sub-agent; a web search."""
    with world(tmp_path_factory.mktemp("claude")) as program:
        program.run("say hi", SONNET)
        program.run(f"{RUN} it", OPUS)
        program.run(f"{RUN} once more", HAIKU, "--continue")
        program.run(f"{RUN} elsewhere", OPUS, "--continue", "--fork-session")
        program.run(f"{DELEGATE} this", SONNET)
        program.run(f"{SEARCH} this", SONNET)
        yield program


@contextmanager
def world(folder: Path) -> Iterator[Claude]:
    """A home and a project below a folder, with the API running."""
    command, environment = npm_program("claude", PACKAGE, "claude")
    (folder / "project").mkdir()
    keep = {
        name: value
        for name, value in environment.items()
        if not name.upper().endswith("_PROXY") and not name.startswith(OTHERS)
    }
    with fake_messages() as api:
        api_of = {"ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_API_KEY": "x"}
        yield Claude(command, {**keep, **dict.fromkeys(QUIET, "1"), **api_of}, folder, api)


def expected(handed: list[Handed]) -> dict[str, dict[str, int]]:
    """What the API handed out, by model."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIELDS, 0))
    for usage in handed:
        for name, value in parts(usage).items():
            sums[usage.model][name] += value
    return dict(sums)


def parts(usage: Handed) -> dict[str, int]:
    spent = (usage.input, usage.cache_read, usage.cache_write, usage.cache_write_1h, usage.output)
    return dict(zip(FIELDS, (*spent, usage.thinking, sum(spent), 1), strict=True))


def report(claude: Claude, data: Path, *arguments: str) -> dict[str, Any]:
    return tokendial("--claude-home", claude.home, data, "report", *arguments)


def dollars(said: dict[str, Any]) -> str:
    """The program's own cost of a session so far, in the digits of a report: a float has no more that mean anything."""
    return f"{said['total_cost_usd']:.12f}"


def usage_of(claude: Claude) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The usage objects of the files, by message and session."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in claude.lines():
        if line["type"] == "assistant":
            found[line["message"]["id"], line["sessionId"]].append(line["message"]["usage"])
    return found


def test_the_client_wrote_what_we_think_it_writes(claude: Claude) -> None:
    """When this fails the format has moved on, and the other tests say little."""
    names = [path.parent.name for path in claude.files()]
    assert len(names) == 6
    assert names.count("subagents") == 1
    assert {usage.model for usage in claude.api.handed} == {SONNET, OPUS, HAIKU}
    usages = usage_of(claude)
    assert any(len(each) > 1 for each in usages.values()), "a line for each block of a response"
    assert len({message for message, _ in usages}) == len(claude.api.handed)
    assert len(usages) > len(claude.api.handed), "the fork repeats its parent's lines"


def test_report_equals_what_the_api_handed_out(claude: Claude, tmp_path: Path) -> None:
    answer = report(claude, tmp_path, "--by", "model")
    wanted = expected(claude.api.handed)
    assert {row["key"]: {name: row[name] for name in FIELDS} for row in answer["rows"]} == wanted
    assert {name: answer["totals"][name] for name in FIELDS} == {
        name: sum(row[name] for row in wanted.values()) for name in FIELDS
    }
    assert answer["scan"]["files"] == 6
    assert answer["scan"]["events_added"] == len(claude.api.handed)
    assert answer["scan"]["refused"] == 0


def test_second_report_reads_nothing_and_says_the_same(claude: Claude, tmp_path: Path) -> None:
    first, second = (report(claude, tmp_path, "--by", "model") for _ in range(2))
    assert second["rows"] == first["rows"]
    assert (second["scan"]["files_read"], second["scan"]["events_added"]) == (0, 0)


def test_cost_is_what_the_program_says(claude: Claude, tmp_path: Path) -> None:
    """The program adds up a session from its first run on, of a fork also what it repeats, and its sub-agents."""
    answer = report(claude, tmp_path, "--by", "session")
    costs = {row["key"]: Decimal(row["cost_usd"]) for row in answer["rows"]}
    plain, first, parent, fork, delegating, _ = claude.said
    assert first["session_id"] == parent["session_id"] != fork["session_id"]
    agent = next(key for key in costs if key.startswith("agent-"))
    own = {name: costs[said["session_id"]] for name, said in (("plain", plain), ("parent", parent), ("fork", fork))}
    assert str(own["plain"]) == dollars(plain)
    assert str(own["parent"]) == dollars(parent)
    assert str(own["parent"] + own["fork"]) == dollars(fork)
    assert str(costs[delegating["session_id"]] + costs[agent]) == dollars(delegating)


def test_web_searches_are_counted_and_are_all_that_the_cost_lacks(claude: Claude, tmp_path: Path) -> None:
    """They are charged by the request, which no price rule knows yet: the program's cost is higher by just them."""
    searching = claude.said[-1]
    answer = report(claude, tmp_path, "--by", "session")
    costs = {row["key"]: Decimal(row["cost_usd"]) for row in answer["rows"]}
    searches = sum(usage.searches for usage in claude.api.handed)
    assert searches == 2
    assert costs[searching["session_id"]] + searches * Decimal("0.01") == Decimal(dollars(searching))
    audit = tokendial("--claude-home", claude.home, tmp_path, "audit", searching["session_id"])
    assert {line["kind"]: line["records"] for line in audit["audit"]}["web_search"] == searches
    whole = sum(Decimal(dollars(said)) for said in (claude.said[0], *claude.said[3:]))
    assert Decimal(answer["totals"]["cost_usd"]) + searches * Decimal("0.01") == whole


def test_the_program_keeps_the_books_that_the_api_keeps(claude: Claude) -> None:
    """Else its cost would be of other requests than those in its files."""
    found: dict[str, int] = defaultdict(int)
    for said in (claude.said[0], *claude.said[3:]):
        for model, usage in said["modelUsage"].items():
            names = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens")
            found[model] += sum(usage[name] for name in names)
    assert found == {model: sums["total_tokens"] for model, sums in expected(claude.api.handed).items()}


def test_sessions_share_no_response(claude: Claude, tmp_path: Path) -> None:
    """The fork repeats what it goes on from; what it shows is only what it asked for itself."""
    rows = {row["key"]: row["events"] for row in report(claude, tmp_path, "--by", "session")["rows"]}
    (agent,) = (key for key in rows if key.startswith("agent-"))
    assert rows.pop(agent) == 2
    named = [said["session_id"] for said in claude.said]
    assert rows == dict(zip([named[0], *named[2:]], (1, 4, 2, 3, 1), strict=True))
