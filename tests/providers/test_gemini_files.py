"""Where the conversations of Gemini CLI are, and which project each belongs to (log-formats 3.1)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.support.gemini_logs import LOGS, SESSION, Holding, Talk, now_ms, used

from tokendial.providers.gemini import GEMINI
from tokendial.providers.gemini.files import GeminiLogs

NAME = "session-2026-07-11T02-00-7d2657ef"
SECRETS = (
    "oauth_creds.json",
    "google_accounts.json",
    "mcp-oauth-tokens.json",
    "settings.json",
    ".env",
    "installation_id",
)
OPENED: list[str] = []
WATCHED: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if WATCHED and event == "open" and isinstance(arguments[0], str | bytes | Path):
        OPENED.append(Path(os.fsdecode(arguments[0])).name)


sys.addaudithook(_note)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The names of the files that are opened meanwhile."""
    OPENED.clear()
    WATCHED.append(True)
    yield OPENED
    WATCHED.clear()


def put(home: Path, name: str, data: bytes | str = b"") -> Path:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def found(home: Path) -> set[str]:
    return {Path(file.path).relative_to(home).as_posix() for file in LOGS.find_files(home)}


def project(path: Path) -> tuple[str | None, str | None]:
    """The project of the one response of a file, and the folder of its session."""
    data = Talk().first().responds("a", used(1)).bytes()
    (row,) = Holding(str(path)).append(data).rows.values()
    parser = LOGS.parser(str(path), now_ms(), None)
    return row.labels.project, parser.finish().session.cwd


def test_homes(tmp_path: Path) -> None:
    assert LOGS.default_homes({}, tmp_path) == [tmp_path / ".gemini"]
    assert LOGS.default_homes({"GEMINI_CLI_HOME": str(tmp_path / "x")}, tmp_path) == [tmp_path / "x" / ".gemini"]
    assert LOGS.default_homes({"GEMINI_CLI_HOME": " "}, tmp_path) == [tmp_path / ".gemini"]


def test_conversations_are_found_and_nothing_else(tmp_path: Path) -> None:
    wanted = {
        f"tmp/app/chats/{NAME}.jsonl", f"tmp/app/chats/{NAME}.json", f"tmp/app/chats/{SESSION}/agent-1.jsonl",
        f"tmp/{'0' * 64}/chats/{NAME}.json",
    }  # fmt: skip
    others = {
        "tmp/app/logs.json", "tmp/app/chats/notes.txt", f"tmp/app/chats/{NAME}.jsonl.unreadable-1783735200000",
        f"tmp/app/chats/{NAME}.unreadable-1783735200000.json", f"tmp/app/chats/{NAME}.json.tmp-77",
        f"tmp/app/chats/{NAME}.tmp-77.jsonl", "tmp/app/checkpoints/a.json", "tmp/a.json", "history/app/chats/a.jsonl",
        *SECRETS,
    }  # fmt: skip
    for name in wanted | others:
        put(tmp_path, name)
    assert found(tmp_path) == wanted
    for name in wanted:
        file = LOGS.find_file(tmp_path.resolve(), str(tmp_path / name))
        assert file is not None
        assert file in list(LOGS.find_files(tmp_path.resolve()))
    assert all(LOGS.find_file(tmp_path.resolve(), str(tmp_path / name)) is None for name in others)
    assert LOGS.find_file(tmp_path.resolve(), str(tmp_path / "tmp/app/chats/gone.json")) is None
    assert LOGS.watch_roots(tmp_path) == [tmp_path / "tmp"]


def test_an_empty_home_has_none_and_links_are_not_followed(tmp_path: Path) -> None:
    assert found(tmp_path) == set()
    put(tmp_path, "elsewhere/chats/a.jsonl")
    (tmp_path / "tmp" / "app").mkdir(parents=True)
    (tmp_path / "tmp" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "tmp" / "app" / "chats").symlink_to(tmp_path / "elsewhere" / "chats", target_is_directory=True)
    assert found(tmp_path) == set()


def test_what_is_a_document_and_what_a_name_says() -> None:
    logs = GEMINI.logs
    assert isinstance(logs, GeminiLogs)
    assert logs.is_document(f"{NAME}.json")
    assert not logs.is_document(f"{NAME}.jsonl")
    assert logs.file_stem(f"/a/{NAME}.json") != logs.file_stem(f"/a/{NAME}.jsonl"), "a file and its migrated twin"
    assert logs.titles(Path("/nowhere")) == {}
    assert logs.resume_command(SESSION) == f"gemini --resume {SESSION}"
    assert logs.resume_command(SESSION[:8]) is None


def test_the_owner_of_a_slug_is_what_its_folder_says(tmp_path: Path) -> None:
    put(tmp_path, "tmp/app/.project_root", "/home/u/app\n")
    put(tmp_path, "projects.json", json.dumps({"projects": {"/home/u/old": "app", "/home/u/web": "web"}}))
    assert project(tmp_path / f"tmp/app/chats/{NAME}.jsonl") == ("/home/u/app", "/home/u/app")
    assert project(tmp_path / f"tmp/web/chats/{NAME}.jsonl") == ("/home/u/web", "/home/u/web")
    assert project(tmp_path / f"tmp/web/chats/{SESSION}/agent.jsonl")[0] == "/home/u/web"
    put(tmp_path, f"tmp/{'c' * 64}/.project_root", "/home/u/moved")
    assert project(tmp_path / f"tmp/{'c' * 64}/chats/{NAME}.jsonl")[0] == "/home/u/moved"
    assert project(tmp_path / f"tmp/lost/chats/{NAME}.jsonl") == ("lost", None)


@pytest.mark.parametrize("place", ["projects.json", "trustedFolders.json", "tmp/app/.project_root", "home"])
def test_a_digest_is_matched_by_the_paths_that_are_known(tmp_path: Path, place: str) -> None:
    home = tmp_path / ".gemini"
    path = str(tmp_path) if place == "home" else "/home/u/app"
    digest = sha256(path.encode()).hexdigest()
    log = home / "tmp" / digest / "chats" / f"{NAME}.jsonl"
    assert place == "home" or project(log) == (digest, None)
    if place == "projects.json":
        put(home, place, json.dumps({"projects": {"/home/u/web": "web", path: "app"}}))
    elif place == "trustedFolders.json":
        put(home, place, json.dumps({"/home/u/web": "DO_NOT_TRUST", path: "TRUST_FOLDER"}))
    elif place != "home":
        put(home, place, path)
    assert project(log) == (path, path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"projects":[]}', "\0", '{"projects":{"a":5}}', "[" * 100_000])
def test_damaged_registries_are_as_good_as_none(tmp_path: Path, text: str) -> None:
    put(tmp_path, "projects.json", text)
    put(tmp_path, "trustedFolders.json", text)
    digest = "a" * 64
    assert project(tmp_path / f"tmp/{digest}/chats/{NAME}.jsonl") == (digest, None)
    assert project(tmp_path / f"tmp/app/chats/{NAME}.jsonl") == ("app", None)


def test_a_project_that_becomes_known_names_the_earlier_rows_too(tmp_path: Path) -> None:
    path, talk = tmp_path / f"tmp/app/chats/{NAME}.jsonl", Talk().first().responds("a", used(1))
    holding = Holding(str(path)).append(talk.bytes())
    put(tmp_path, "tmp/app/.project_root", "/home/u/app")
    holding.append(talk.responds("b", used(2)).bytes())
    assert {row.labels.project for row in holding.rows.values()} == {"/home/u/app"}
    assert holding.full_parses == 1
    assert holding.append(talk.responds("c", used(3)).bytes()).full_parses == 1, "only once"


def test_secrets_and_accounts_are_never_opened(tmp_path: Path, opened: list[str]) -> None:
    for name in (*SECRETS, "tmp/app/logs.json", "tmp/app/oauth_creds.json", "tmp/app/chats/x.txt"):
        put(tmp_path, name, "{}")
    put(tmp_path, "projects.json", "{}")
    data = Talk().first().responds("a", used(1)).bytes()
    for folder in ("app", "b" * 64):
        put(tmp_path, f"tmp/{folder}/chats/{NAME}.jsonl", data)
    opened.clear()
    for file in LOGS.find_files(tmp_path):
        LOGS.parser(file.path, now_ms(), None).finish()
    LOGS.titles(tmp_path)
    assert set(opened) <= {"projects.json", "trustedFolders.json", ".project_root"}
    assert "projects.json" in opened, "else nothing was watched"


@pytest.mark.parametrize("typed", [".", ".gemini/tmp", ".gemini/tmp/x", ".gemini/tmp/x/chats"])
def test_the_home_is_recognised_from_around_it_and_from_inside(tmp_path: Path, typed: str) -> None:
    home = tmp_path / ".gemini"
    (home / "tmp" / "x" / "chats").mkdir(parents=True)
    assert LOGS.home_for(tmp_path / typed) == home
    assert LOGS.home_for(home) is None


def test_any_folder_named_tmp_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "tmp" / "x").mkdir(parents=True)
    assert LOGS.home_for(tmp_path / "tmp" / "x") is None
    (tmp_path / "tmp" / "x" / "chats").mkdir()
    assert LOGS.home_for(tmp_path / "tmp" / "x") == tmp_path


@pytest.mark.zone("Asia/Tokyo")
def test_the_day_of_a_name_is_local() -> None:
    assert LOGS.session_day("/h/session-2026-07-11T15-30-7d2657ef.jsonl") == "2026-07-12"
    assert LOGS.session_day("/h/session-2026-13-11T15-30-7d2657ef.json") is None
    assert LOGS.session_day("/h/7d2657ef-983e-48bf-a82b-7c7f71d7d210.jsonl") is None
