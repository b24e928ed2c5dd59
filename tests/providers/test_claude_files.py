"""Where the transcripts are (log-formats 2.1): over an environment and a tree of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.transcript import OTHER, SESSION

from tokendial.providers.claude import CLAUDE

LOGS = CLAUDE.logs
APP = "Library/Application Support/Claude"


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}\n")


def found(home: Path) -> list[str]:
    return sorted(str(Path(file.path).relative_to(home)) for file in LOGS.find_files(home))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [".claude", ".config/claude"]),
        ({"CLAUDE_CONFIG_DIR": ""}, [".claude", ".config/claude"]),
        ({"CLAUDE_CONFIG_DIR": "/u/one"}, ["one"]),
        ({"CLAUDE_CONFIG_DIR": "/u/one, /u/two,"}, ["one", "two"]),
    ],
)
def test_the_default_homes(environment: dict[str, str], expected: list[str]) -> None:
    assert LOGS.default_homes(environment, Path("/u")) == [Path("/u") / name for name in expected]


def test_the_desktop_app_s_homes_are_added_where_it_is(tmp_path: Path) -> None:
    (tmp_path / APP / "local-agent-mode-sessions").mkdir(parents=True)
    roaming = tmp_path / "AppData" / "Roaming"
    (roaming / "Claude" / "claude-code-sessions").mkdir(parents=True)
    environment = {"APPDATA": str(roaming), "CLAUDE_CONFIG_DIR": "/u/one"}
    assert LOGS.default_homes(environment, tmp_path) == [
        Path("/u/one"),
        tmp_path / APP / "local-agent-mode-sessions",
        roaming / "Claude" / "claude-code-sessions",
    ]


def test_every_transcript_of_a_home_is_found(tmp_path: Path) -> None:
    project = tmp_path / "projects" / "-home-u-project"
    session = project / SESSION
    put(
        project / f"{SESSION}.jsonl",
        project / "agent-a1b2.jsonl",
        session / "subagents" / "agent-a1.jsonl",
        session / "subagents" / "agent-acompact-a2.jsonl",
        session / "subagents" / "workflows" / "wf_1" / "agent-a3.jsonl",
        tmp_path / "transcripts" / f"{OTHER}.jsonl",
    )
    wanted = found(tmp_path)
    assert len(wanted) == 6
    put(
        session / "subagents" / "agent-a1.meta.json",
        session / "subagents" / "workflows" / "wf_1" / "journal.jsonl",
        session / "tool-results" / "toolu_01.jsonl",
        tmp_path / "history.jsonl",
        tmp_path / "todos" / "x.jsonl",
    )
    assert found(tmp_path) == wanted
    assert all(LOGS.find_file(tmp_path, str(tmp_path / name)) for name in wanted)


def test_a_home_without_logs_has_none(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    assert found(tmp_path / "missing") == []


def test_the_projects_folder_itself_may_be_the_home(tmp_path: Path) -> None:
    put(tmp_path / "projects" / "p" / f"{SESSION}.jsonl")
    assert found(tmp_path / "projects") == [f"p/{SESSION}.jsonl"]


def test_the_desktop_app_s_agents_are_found_in_their_dot_folders(tmp_path: Path) -> None:
    home = tmp_path / "local-agent-mode-sessions"
    inside = home / "account" / "organisation" / "local_1" / ".claude" / "projects" / "-sessions-x" / f"{SESSION}.jsonl"
    outside = home / "account" / "organisation" / "local_1" / "audit.jsonl"
    put(inside, outside, home / "projects" / "x.jsonl")
    assert found(home) == [str(inside.relative_to(home))]
    assert LOGS.watch_roots(home) == [home]
    assert LOGS.find_file(home, str(inside)) is not None
    assert LOGS.find_file(home, str(outside)) is None


def test_a_file_is_found_by_its_path_only_below_the_log_folders(tmp_path: Path) -> None:
    home = tmp_path / "home"
    log = home / "projects" / "p" / f"{SESSION}.jsonl"
    put(log, home / "projects" / "p" / "notes.txt", home / "history.jsonl", tmp_path / "projects" / "x.jsonl")
    file = LOGS.find_file(home, str(log))
    assert file is not None
    assert file == next(LOGS.find_files(home))
    for other in ("projects/p/notes.txt", "history.jsonl", "projects/p/missing.jsonl", "../projects/x.jsonl"):
        assert LOGS.find_file(home, str(home / other)) is None


def test_links_are_not_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    put(tmp_path / "other" / f"{OTHER}.jsonl", home / "projects" / "p" / f"{SESSION}.jsonl")
    (home / "projects" / "linked").symlink_to(tmp_path / "other")
    (home / "projects" / "p" / f"{OTHER}.jsonl").symlink_to(tmp_path / "other" / f"{OTHER}.jsonl")
    assert found(home) == [f"projects/p/{SESSION}.jsonl"]
    assert LOGS.find_file(home, str(home / "projects" / "p" / f"{OTHER}.jsonl")) is None


def test_how_a_session_goes_on() -> None:
    assert LOGS.resume_command(SESSION) == f"claude --resume {SESSION}"
    assert LOGS.resume_command("agent-a1") is None
    assert LOGS.file_stem(f"/u/.claude/projects/p/{SESSION}.jsonl") == f"{SESSION}.jsonl"
    assert LOGS.titles(Path("/u/.claude")) == {}


@pytest.mark.parametrize("typed", [".", "projects", ".claude/projects", ".claude/projects/-home-u-x"])
def test_the_home_is_recognised_from_around_it_and_from_inside(tmp_path: Path, typed: str) -> None:
    """Also beside a user's own folder `projects`, from which nothing is meant."""
    (tmp_path / "projects" / "code").mkdir(parents=True)
    home = tmp_path / ".claude"
    (home / "projects" / "-home-u-x").mkdir(parents=True)
    assert CLAUDE.logs.home_for(tmp_path / typed) == (None if typed == "projects" else home)
    assert CLAUDE.logs.home_for(home) is None


def test_a_home_of_any_name_is_recognised_by_its_projects(tmp_path: Path) -> None:
    (tmp_path / "work" / "projects" / "C--Users-u").mkdir(parents=True)
    assert CLAUDE.logs.home_for(tmp_path / "work" / "projects" / "C--Users-u") == tmp_path / "work"
    assert CLAUDE.logs.home_for(tmp_path / "work") is None
    assert CLAUDE.logs.home_for(tmp_path / "absent") is None
    assert CLAUDE.logs.session_day("/h/projects/p/5907a1b2-0000-4000-8000-00000000000a.jsonl") is None
