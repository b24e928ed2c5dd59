"""What is found in a folder, which home is meant by it, and one place under two names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.parity.logs import Log

from tokendial.services.home_check import check, twin_of
from tokendial.store.homes import HomeRow


def row(path: Path, number: int = 1) -> HomeRow:
    return HomeRow(number, "codex", str(path), "", True, None, None, 0)


@pytest.mark.parametrize("typed", ["", "user", "user/.codex/sessions", "user/.codex/sessions/2025/03/01"])
def test_the_home_is_recognised_from_around_it_and_from_inside(tmp_path: Path, typed: str) -> None:
    home = tmp_path / "user" / ".codex"
    Log(home, "2025-03-01").save()
    found = check("codex", str(tmp_path / typed), [])
    expected = None if typed == "" else str(home)
    assert (found.meant, found.files, found.problem) == (expected, 0, None)


def test_a_home_is_meant_as_itself(tmp_path: Path) -> None:
    """Also one inside another: what is there is what counts."""
    Log(tmp_path, "2025-03-01").save()
    Log(tmp_path / ".codex", "2025-03-02", 2).save()
    found = check("codex", str(tmp_path), [])
    assert (found.meant, found.files) == (None, 1)
    assert (found.first_day, found.last_day) == ("2025-03-01", "2025-03-01")


def test_days_are_those_of_the_names_plain_compressed_and_archived(home: Path) -> None:
    Log(home, "2025-03-09").save()
    Log(home, "2025-03-11", 2, archived=True).save()
    late = Log(home, "2025-12-31", 3).save().path
    late.rename(late.with_name(late.name + ".zst"))
    (home / "sessions" / "rollout-yesterday.jsonl").write_text("")
    found = check("codex", str(home), [])
    assert (found.files, found.first_day, found.last_day) == (4, "2025-03-09", "2025-12-31")


def test_one_place_under_two_names_is_one_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where case does not count, and under a mount, `realpath` keeps both names; the file system knows better."""
    one, two, other = (tmp_path / name for name in ("Codex", "CODEX", "other"))
    for folder in (one, two, other):
        folder.mkdir()
    real = os.stat

    def stat(path: int | str | os.PathLike[str], *args: object, **named: object) -> os.stat_result:
        return real(str(path).replace("CODEX", "Codex") if not isinstance(path, int) else path, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", stat)
    assert twin_of(two, [row(other, 1), row(one, 2)]) == 2
    assert twin_of(other, [row(one)]) is None
    assert check("codex", str(two), [row(one)]).problem == "This folder is a home already."


def test_a_home_that_is_not_there_has_no_twin(tmp_path: Path) -> None:
    assert twin_of(tmp_path / "a", [row(tmp_path / "gone"), row(Path("bad\0name"))]) is None


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("closed", ["", "sessions"])
def test_a_folder_that_may_not_be_read_is_told(home: Path, closed: str) -> None:
    (home / closed).chmod(0)
    try:
        assert "cannot be read" in (check("codex", str(home), []).problem or "")
    finally:
        (home / closed).chmod(0o755)


def test_a_folder_that_cannot_be_listed_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same as above where the tests run as root: only the system's answer is replaced."""

    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    assert check("codex", str(home), []).problem == "This folder cannot be read: Permission denied."
