"""Folders and their repositories, with real git: nested, linked, missing, of another machine, and a slow disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tokendial.domain.folders import folder_key
from tokendial.services.project_groups import grouped
from tokendial.services.repositories import Repositories, Repository, repository_of

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular."""
    identity = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run([GIT or "git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a commit, a sub-folder, a linked worktree beside it and a repository inside."""
    root = tmp_path / "code" / "shop"
    (root / "api" / "deep").mkdir(parents=True)
    git(root, "init", "-q")
    git(root, "commit", "-q", "--allow-empty", "-m", "begin")
    git(root, "worktree", "add", "-q", str(root.parent / "shop-fix"))
    (root / "vendor" / "lib").mkdir(parents=True)
    git(root / "vendor" / "lib", "init", "-q")
    return root


@needs_git
def test_a_folder_belongs_to_the_nearest_repository(shop: Path, tmp_path: Path) -> None:
    home = tmp_path / "user"
    assert repository_of(str(shop), home) == Repository(str(shop))
    assert repository_of(str(shop / "api" / "deep"), home) == Repository(str(shop))
    assert repository_of(str(shop / "vendor" / "lib"), home) == Repository(str(shop / "vendor" / "lib"))
    assert repository_of(str(shop.parent), home) is None


@needs_git
def test_a_linked_worktree_belongs_to_its_repository(shop: Path, tmp_path: Path) -> None:
    linked = shop.parent / "shop-fix"
    (linked / "api").mkdir()
    assert repository_of(str(linked / "api"), tmp_path / "user") == Repository(str(shop), worktree=str(linked))


def test_a_pointer_that_leads_nowhere_is_a_repository_of_its_own(tmp_path: Path) -> None:
    for number, text in enumerate([b"gitdir: ../.git/modules/x", b"", b"\xff\xfe", b"gitdir: /" + b"a" * 10_000]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / ".git").write_bytes(text)
        assert repository_of(str(folder), tmp_path / "user") == Repository(str(folder))


@needs_git
def test_a_file_that_only_claims_to_be_a_worktree_is_not_followed(shop: Path, tmp_path: Path) -> None:
    home, tree, liar = tmp_path / "user", shop.parent / "shop-fix", tmp_path / "liar"
    liar.mkdir()
    (liar / ".git").write_bytes((tree / ".git").read_bytes())
    assert repository_of(str(liar), home) == Repository(str(liar))
    (liar / ".git").write_bytes(b"x" * 10_000_000)
    assert repository_of(str(liar), home) == Repository(str(liar))
    (liar / ".git").unlink()
    (liar / ".git").symlink_to(tree / ".git")
    assert repository_of(str(liar), home) is None
    if hasattr(os, "mkfifo"):
        (liar / ".git").unlink()
        os.mkfifo(liar / ".git")
        assert repository_of(str(liar), home) is None


def test_the_users_folder_and_the_root_of_the_disk_are_never_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes").mkdir()
    assert repository_of(str(tmp_path / "notes"), tmp_path) is None
    assert repository_of(str(tmp_path), tmp_path) is None


FOREIGN = ["C:\\code\\shop", "\\\\server\\share\\x", "//server/share", "relative/path", "", "/no/where", "/a\0b", "/"]


@pytest.mark.parametrize("folder", FOREIGN)
def test_folders_of_another_machine_are_not_looked_for(folder: str, tmp_path: Path) -> None:
    assert repository_of(folder, tmp_path) is None


def test_a_folder_that_is_gone_lies_in_the_repository_that_others_tell_of() -> None:
    found = {"/code/shop/api": Repository("/code/shop"), "/code/fix": Repository("/code/shop", worktree="/code/fix")}
    folders = ["/code/shop/api", "/code/shop/gone", "/code/fix", "/code/other/", "/code", ""]
    groups = grouped(folders, found, {folder_key("/code/shop"): "The shop"})
    assert {folder: groups[folder].key for folder in folders} == {
        "/code/shop/api": "/code/shop",
        "/code/shop/gone": "/code/shop",
        "/code/fix": "/code/shop",
        "/code/other/": "/code/other",
        "/code": "/code",
        "": "",
    }
    shop = groups["/code/shop/gone"]
    assert (shop.name, shop.is_named, shop.is_repository, shop.worktrees) == ("The shop", True, True, {"/code/fix"})
    assert (groups["/code"].name, groups["/code"].is_repository) == ("code", False)
    assert groups[""].name == "No folder"


def test_a_disk_that_does_not_answer_costs_no_time_and_is_known_later() -> None:
    answers = threading.Event()

    def slow(folder: str, _home: Path) -> Repository | None:
        if folder == "/slow/a":
            answers.wait(10)
        return Repository(folder)

    repositories = Repositories(find=slow)
    try:
        began = time.monotonic()
        found = repositories.of(["/slow/a", "/fast"], seconds=0.2)
        assert time.monotonic() - began < 5
        assert set(found) == {"/fast"}
        answers.set()
        assert set(repositories.of(["/slow/a", "/fast"], seconds=5)) == {"/slow/a", "/fast"}
    finally:
        answers.set()
        repositories.close()


def test_a_folder_is_looked_up_once() -> None:
    asked = []

    def find(folder: str, _home: Path) -> Repository | None:
        asked.append(folder)
        return None

    repositories = Repositories(find=find)
    for _ in range(3):
        assert repositories.of(["/a", "/b"]) == {}
    repositories.close()
    assert sorted(asked) == ["/a", "/b"]
