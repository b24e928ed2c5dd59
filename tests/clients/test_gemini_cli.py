"""The real Gemini CLI against a fake API: what is counted equals what the API handed out, to the token."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.clients.fake_generate import DELEGATE, FakeGenerate, Handed, fake_generate
from tests.clients.npm_programs import npm_program
from tests.clients.reports import tokendial
from tests.support.gemini_logs import LOGS, Holding, Row, Used, is_document, merged, per_model, read

from tokendial.domain.records import EventFlag

pytestmark = pytest.mark.client

# Retention is off. A session that is resumed in another minute than it was begun in gets a second file with its first
# words only (named by the minute, and the first eight digits of the id). The next start takes that one for abandoned
# and deletes every file with these digits, the real one too (0.61.0): on a busy machine that happens between two runs.
SETTINGS = {
    "security": {"auth": {"selectedType": "gemini-api-key"}},
    "privacy": {"usageStatisticsEnabled": False},
    "general": {"enableAutoUpdate": False, "sessionRetention": {"enabled": False}},
}
PRO, FLASH = "gemini-2.5-pro", "gemini-2.5-flash"
DOCUMENTS = "@google/gemini-cli@0.30.0"  # of the last versions that wrote whole documents


@dataclass
class Gemini:
    """A home, the API that the program talks to, and what was held of each file after each run."""

    user_home: Path
    work: Path
    api: FakeGenerate
    holdings: dict[str, Holding] = field(default_factory=dict)

    def run(self, program: tuple[list[str], dict[str, str]], prompt: str, model: str, *arguments: str) -> None:
        command, environment = program
        keep = {name: value for name, value in environment.items() if not name.upper().endswith("_PROXY")}
        done = subprocess.run(
            [*command, "-p", prompt, "-m", model, "--yolo", *arguments],
            cwd=self.work,
            env={
                **keep,
                "HOME": str(self.user_home),
                "USERPROFILE": str(self.user_home),
                "GEMINI_CLI_HOME": str(self.user_home),
                "GOOGLE_GEMINI_BASE_URL": self.api.url,
                "GEMINI_API_KEY": "x",
                "GEMINI_CLI_TRUST_WORKSPACE": "true",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.scan()

    @property
    def home(self) -> Path:
        (home,) = LOGS.default_homes({"GEMINI_CLI_HOME": str(self.user_home)}, Path("/nowhere"))
        return home

    def files(self) -> list[Path]:
        """The conversations, in the order in which they were last written."""
        found = sorted(LOGS.find_files(self.home), key=lambda file: (file.mtime_ns, file.path))
        return [Path(file.path) for file in found]

    def scan(self) -> None:
        """Read what is new, as the program does between two runs."""
        assert self.holdings.keys() <= {str(path) for path in self.files()}, "the client has deleted a session"
        for path in self.files():
            holding, data = self.holdings.setdefault(str(path), Holding(str(path))), path.read_bytes()
            holding.document(data) if is_document(path.name) else holding.append(data)
        assert sums(self.rows()) == expected(self.api.handed)

    def rows(self) -> dict[int, Row]:
        return merged((place, self.holdings[str(path)]) for place, path in enumerate(self.files()))

    def session(self) -> str:
        return max(self.holdings.values(), key=lambda holding: len(holding.rows)).found.session.id


@pytest.fixture(scope="module")
def program() -> tuple[list[str], dict[str, str]]:
    return npm_program("gemini", "@google/gemini-cli", "gemini")


@pytest.fixture(scope="module")
def lines(program: tuple[list[str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gemini]:
    """A prompt with a tool call, the session resumed with another model and by its id, and a sub-agent."""
    with world(tmp_path_factory.mktemp("lines")) as gemini:
        gemini.run(program, "say hi", PRO)
        gemini.run(program, "once more", FLASH, "--resume", "latest")
        gemini.run(program, "and by its id", PRO, "--resume", gemini.session())
        gemini.run(program, f"{DELEGATE} this", PRO)
        yield gemini


@pytest.fixture(scope="module")
def documents(program: tuple[list[str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gemini]:
    """A session of an older version, resumed by it, and then resumed by the present one, which migrates it."""
    older = npm_program("gemini-documents", DOCUMENTS, "gemini")
    with world(tmp_path_factory.mktemp("documents")) as gemini:
        gemini.run(older, "say hi", PRO)
        gemini.run(older, "once more", FLASH, "--resume", "latest")
        gemini.run(program, "and anew", PRO, "--resume", "latest")
        yield gemini


@contextmanager
def world(folder: Path) -> Iterator[Gemini]:
    """A home and a project below a folder, with the API running."""
    user_home, work = folder / "home", folder / "project"
    (user_home / ".gemini").mkdir(parents=True)
    work.mkdir()
    (user_home / ".gemini" / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    with fake_generate() as api:
        yield Gemini(user_home, work, api)


def expected(handed: list[Handed]) -> dict[str, Used]:
    """What the API handed out, by model, tool tokens as input."""
    found: dict[str, Used] = {}
    for one in handed:
        used = Used(one.prompt + one.tool, one.cached, 0, one.candidates, one.thoughts)
        found[one.model] = found.get(one.model, Used()).plus(used)
    return found


def sums(rows: dict[int, Row]) -> dict[str, Used]:
    return per_model(rows.values())


def said(gemini: Gemini) -> set[str]:
    """The prompts, read from the files at the offsets that were found."""
    words: set[str] = set()
    for path, holding in gemini.holdings.items():
        data = Path(path).read_bytes()
        for _, at, length in holding.prompts:
            content = json.loads(data[at : at + length])["content"]
            words.add(content if isinstance(content, str) else "".join(part["text"] for part in content))
    return words


def test_the_client_wrote_what_we_think_it_writes(lines: Gemini) -> None:
    """When this fails the format has moved on, and the other tests say little."""
    assert len(lines.api.handed) == 9, "three prompts with a tool call each, and three responses around a sub-agent"
    records = [json.loads(line) for path in lines.files() for line in path.read_bytes().splitlines()]
    assert {path.suffix for path in lines.files()} == {".jsonl"}
    listed = [message for record in records for message in record.get("$set", {}).get("messages", [])]
    assert any(message["type"] == "gemini" for message in listed), "a resumed session lists what there was"
    assert any(record.get("kind") == "subagent" for record in records)


def test_lines_equal_what_the_api_handed_out(lines: Gemini) -> None:
    """The fixture looked after each run as well."""
    assert sums(lines.rows()) == expected(lines.api.handed)
    assert len(lines.rows()) == len(lines.api.handed)
    for path in lines.files():
        assert lines.holdings[str(path)].content() == read(str(path), path.read_bytes()).content(), "grown or at once"
    assert all(holding.refused == {} for holding in lines.holdings.values())


def test_the_sub_agent_is_its_parents(lines: Gemini) -> None:
    agents = [one for one in lines.holdings.values() if one.found.session.kind == "subagent"]
    (agent,) = agents
    parents = {one.found.session.id for one in lines.holdings.values() if one not in agents}
    assert agent.found.session.parent in parents
    assert [bool(row.event.flags & EventFlag.SIDE_CHAIN) for row in agent.rows.values()] == [True]
    assert agent.found.session.title is None


def test_prompts_and_the_project(lines: Gemini, documents: Gemini) -> None:
    assert said(lines) == {"say hi", "once more", "and by its id", f"{DELEGATE} this"}
    assert said(documents) == {"say hi", "once more", "and anew"}
    for gemini in (lines, documents):
        assert {row.labels.project for row in gemini.rows().values()} == {str(gemini.work)}
        assert {holding.found.session.cwd for holding in gemini.holdings.values()} == {str(gemini.work)}


def test_documents_and_what_they_were_migrated_to_equal_what_the_api_handed_out(documents: Gemini) -> None:
    stems = sorted(path.name.partition(".")[0] for path in documents.files())
    assert {path.suffix for path in documents.files()} == {".json", ".jsonl"}
    assert len(set(stems)) < len(stems), "a document beside its lines"
    assert len(documents.api.handed) == 6
    assert sums(documents.rows()) == expected(documents.api.handed)
    assert sum(len(holding.rows) for holding in documents.holdings.values()) > len(documents.rows())
    assert {holding.found.session.id for holding in documents.holdings.values()} == {documents.session()}


def test_report_equals_what_the_api_handed_out(lines: Gemini, tmp_path: Path) -> None:
    report = tokendial("--gemini-home", lines.home, tmp_path, "report", "--by", "model")
    found = {
        row["key"]: Used(
            row["input_tokens"] + row["cache_read_tokens"],
            row["cache_read_tokens"],
            0,
            row["output_tokens"] - row["reasoning_tokens"],
            row["reasoning_tokens"],
        )
        for row in report["rows"]
    }
    assert found == expected(lines.api.handed)
    assert report["totals"]["total_tokens"] == sum(one.total for one in lines.api.handed)
    assert report["totals"]["events"] == len(lines.api.handed)
    assert report["scan"]["refused"] == 0
