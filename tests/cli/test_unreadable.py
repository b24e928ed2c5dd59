"""Logs and folders that may not be read: said by name and reason, nothing is lost, read when they may be again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.run import Done, Log, run_ordinary, two_days
from tests.support.ordinary import needs_modes

pytestmark = needs_modes
ALL, ONE = 3131, 11  # tokens of both logs of `two_days`, and of its second


@contextmanager
def closed(path: Path) -> Iterator[None]:
    """Nobody may read this meanwhile."""
    mode = path.stat().st_mode & 0o777
    path.chmod(0o000)
    try:
        yield
    finally:
        path.chmod(mode)


@pytest.fixture
def arguments(home: Path, data: Path) -> list[str | Path]:
    return ["--data-dir", data, "--codex-home", home, "--json"]


def total(done: Done) -> int:
    assert done.code == 0, done.err
    return int(done.json["totals"]["total_tokens"])


def refused(arguments: list[str | Path]) -> list[tuple[str, str]]:
    return [(one["path"], one["label"]) for one in run_ordinary("doctor", *arguments).json["refused"]]


def test_a_file_is_named_with_the_reason_and_read_later(home: Path, arguments: list[str | Path]) -> None:
    log = two_days(home)
    with closed(log.path):
        done = run_ordinary("report", *arguments)
        assert (total(done), done.json["scan"]["refused"]) == (ONE, 1), "the others are read"
        assert refused(arguments) == [(str(log.path), "unreadable: Permission denied")]
    assert total(run_ordinary("report", *arguments)) == ALL
    assert refused(arguments) == []


def test_what_was_counted_of_a_file_stays_and_it_goes_on_where_it_was(home: Path, arguments: list[str | Path]) -> None:
    log = two_days(home)
    assert total(run_ordinary("report", *arguments)) == ALL
    log.respond("2025-03-02T09:00:00Z", 900).save()
    with closed(log.path):
        assert total(run_ordinary("report", *arguments)) == ALL
        assert [path for path, _ in refused(arguments)] == [str(log.path)]
    done = run_ordinary("report", *arguments)
    assert (total(done), done.json["scan"]["events_added"]) == (ALL + 1000, 1)
    assert refused(arguments) == []


@pytest.mark.parametrize("which", [".", "sessions", "sessions/2025/03/01"])
def test_a_folder_is_a_problem_that_loses_nothing(home: Path, arguments: list[str | Path], which: str) -> None:
    two_days(home)
    assert total(run_ordinary("report", *arguments)) == ALL
    Log(home, "2025-03-01T10:00:00Z", 9).turn("2025-03-01T10:00:00Z").respond("2025-03-01T11:00:00Z", 900).save()
    with closed(home / which):
        done = run_ordinary("report", *arguments)
        assert total(done) == ALL
        assert str(home) in done.err
        assert "Permission denied" in done.err
        doctor = run_ordinary("doctor", *arguments).json
        assert (doctor["events"], doctor["files"], doctor["files_gone"]) == (3, 2, 0), "not taken for deleted"
    done = run_ordinary("report", *arguments)
    assert (total(done), done.err) == (ALL + 1000, "")
