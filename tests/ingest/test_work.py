"""Reading many files: in groups small enough to hold, one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.rollout import START_MS, session

from tokendial.ingest import work
from tokendial.ingest.work import Task, read_all


def tasks(home: Path, count: int) -> list[Task]:
    paths = [session(1, START_MS + number * 1000, number).write(home) for number in range(count)]
    return [Task(place, str(path), path.stat().st_size, None) for place, path in enumerate(paths)]


def test_groups_are_bounded_and_read_one_after_the_other(home: Path) -> None:
    wanted = tasks(home, 450)
    groups = read_all("codex", wanted, START_MS + 10**9, workers=0)
    first = next(groups)
    for task in wanted[len(first) :]:
        Path(task.path).unlink()
    rest = list(groups)
    assert [len(group) for group in (first, *rest)] == [200, 200, 50]
    assert all(done.result is not None for done in first)
    assert all(done.result is None and done.problem for group in rest for done in group), "not opened before its turn"


def test_large_files_make_small_groups_and_the_first_are_the_smallest(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tasks(home, 8)
    monkeypatch.setattr(work, "_FIRST_BYTES", wanted[0].size)
    monkeypatch.setattr(work, "_GROUP_BYTES", wanted[0].size * 2)
    groups = list(read_all("codex", wanted, START_MS + 10**9, workers=0))
    assert [[done.place for done in group] for group in groups] == [[0], [1, 2], [3, 4], [5, 6], [7]]
