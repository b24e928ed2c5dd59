"""Scans of whole homes: what is found, what moved, what is gone, what a scan reports."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
import zstandard
from tests.support.ledgers import assert_sound, content, counted, ledger_of, rows, scan_once, spent
from tests.support.rollout import START_MS, Rollout, session, usage

from tokendial.errors import Unavailable
from tokendial.ingest import work
from tokendial.providers.codex import CODEX
from tokendial.services.ledger import Ledger

DAY = 86_400_000


def several(home: Path, count: int = 4) -> list[Rollout]:
    rollouts = [session(2, START_MS + number * DAY, number, first=number * 10) for number in range(count)]
    for rollout in rollouts:
        rollout.write(home)
    return rollouts


def statuses(ledger: object) -> list[str]:
    return [row[0] for row in rows(ledger, "SELECT status FROM source_file ORDER BY path")]  # type: ignore[arg-type]


def test_only_rollouts_are_logs(home: Path) -> None:
    wanted = [session(1).write(home), session(1, START_MS + DAY).write(home, archived=True)]
    flat = home / "sessions" / "rollout-old.jsonl"
    flat.write_bytes(b"")
    for name in ("history.jsonl", "session_index.jsonl", "sessions/notes.jsonl", "sessions/rollout-x.jsonl.tmp"):
        (home / name).write_bytes(b"{}\n")
    (home / "log").mkdir()
    (home / "log" / "rollout-elsewhere.jsonl").write_bytes(b"{}\n")
    assert {found.path for found in CODEX.logs.find_files(home)} == {str(path) for path in (*wanted, flat)}


def test_links_folders_and_pipes_are_not_read(home: Path, data: Path, tmp_path: Path) -> None:
    rollout = session(2)
    elsewhere = tmp_path / "elsewhere"
    target = rollout.write(elsewhere)
    sessions = home / "sessions"
    (sessions / rollout.name).symlink_to(target)
    (sessions / "linked").symlink_to(elsewhere, target_is_directory=True)
    (sessions / "loop").symlink_to(sessions, target_is_directory=True)
    (sessions / "rollout-folder.jsonl").mkdir()
    os.mkfifo(sessions / "rollout-pipe.jsonl")
    with ledger_of(data, home) as ledger:
        report = ledger.scan()
        assert (report.files, report.events_added, report.problems) == (0, 0, [])


def test_very_deep_folders_end_somewhere(home: Path) -> None:
    folder = home / "sessions"
    for depth in range(40):
        folder = folder / f"d{depth}"
    folder.mkdir(parents=True)
    (folder / "rollout-deep.jsonl").write_bytes(b"")
    assert list(CODEX.logs.find_files(home)) == []


def test_a_home_without_log_folders_has_no_files(tmp_path: Path) -> None:
    assert list(CODEX.logs.find_files(tmp_path)) == []


def test_a_file_that_vanishes_while_the_folder_is_read_is_passed_over(home: Path) -> None:
    several(home, 1)
    for name in ("rollout-a.jsonl", "rollout-b.jsonl", "rollout-c.jsonl"):
        (home / "sessions" / name).write_bytes(b"")
    found = CODEX.logs.find_files(home)
    first = next(found)
    for path in (home / "sessions").glob("rollout-*.jsonl"):
        if str(path) != first.path:
            path.unlink()
    assert len(list(found)) == 1


def test_r11_ten_reconciles_add_nothing(home: Path, data: Path) -> None:
    several(home)
    with ledger_of(data, home) as ledger:
        assert ledger.scan().events_added == 8
        before = content(ledger)
        for _ in range(10):
            report = ledger.scan()
            assert (report.events_added, report.files_to_read, report.changed) == (0, 0, False)
        assert content(ledger) == before


def test_r10_deleted_logs_stay_counted_and_are_marked(home: Path, data: Path) -> None:
    rollouts = several(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        rollouts[0].path(home).unlink()
        ledger.scan()
        assert sorted(statuses(ledger)) == ["gone", "present", "present", "present"]
        shutil.rmtree(home / "sessions")
        (home / "sessions").mkdir()
        ledger.scan()
        assert statuses(ledger) == ["gone"] * 4
        assert content(ledger) == before
        assert_sound(ledger)


def test_r10_a_home_whose_folder_vanished_is_a_problem_and_loses_nothing(home: Path, data: Path) -> None:
    several(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        home.rename(home.with_name("unmounted"))
        report = ledger.scan()
        assert len(report.problems) == 1
        assert str(home) in report.problems[0]
        assert content(ledger) == before
        assert statuses(ledger) == ["present"] * 4
        home.with_name("unmounted").rename(home)
        assert (ledger.scan().problems, content(ledger)) == ([], before)


def test_a_log_that_comes_back_is_present_again(home: Path, data: Path) -> None:
    rollout = session(3)
    path = rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.unlink()
        ledger.scan()
        rollout.count(usage(40)).write(home)
        assert ledger.scan().events_added == 1
        assert statuses(ledger) == ["present"]
        assert counted(ledger) == 4


@pytest.mark.parametrize("grown", [False, True])
def test_archiving_moves_a_file_and_counts_nothing_twice(home: Path, data: Path, grown: bool) -> None:
    rollout = session(3)
    path = rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.unlink()
        if grown:
            rollout.count(usage(40))
        rollout.write(home, archived=True)
        assert ledger.scan().events_added == int(grown)
        assert counted(ledger) == 3 + int(grown)
        assert statuses(ledger) == ["present"]
        rollout.path(home, archived=True).rename(path)  # un-archived
        assert ledger.scan().events_added == 0
        assert statuses(ledger) == ["present"]
        assert_sound(ledger)


def test_c25_a_thread_resumed_on_another_day_is_read(home: Path, data: Path) -> None:
    rollout = session(1)
    path = rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        rollout.now_ms += 90 * DAY
        path.write_bytes(rollout.count(usage(9)).bytes())
        assert ledger.scan().events_added == 1


def test_a_scan_of_some_files_reads_only_those(home: Path, data: Path) -> None:
    one, two = several(home, 2)
    with ledger_of(data, home) as ledger:
        ledger.scan(only={str(one.path(home)), "/no/such/file", str(home)})
        assert set(spent(ledger)) == {one.thread}
        assert statuses(ledger) == ["present"]
        ledger.scan(only={str(two.path(home))})
        assert set(spent(ledger)) == {one.thread, two.thread}


def test_scans_by_hints_equal_a_full_scan(home: Path, data: Path, tmp_path: Path) -> None:
    rollouts = several(home)
    with ledger_of(data, home) as ledger:
        for rollout in rollouts:
            ledger.scan(only={str(rollout.path(home))})
        moved = rollouts[0].path(home, archived=True)
        moved.parent.mkdir()
        rollouts[0].path(home).rename(moved)
        ledger.scan(only={str(rollouts[0].path(home)), str(moved)})
        rollouts[1].count(usage(77)).write(home)
        ledger.scan(only={str(rollouts[1].path(home))})
        assert content(ledger) == scan_once(tmp_path / "full", home)
        assert_sound(ledger)
        ledger.scan()
        assert content(ledger) == scan_once(tmp_path / "again", home)


def test_titles_come_from_the_index_the_last_one_wins(home: Path, data: Path) -> None:
    rollout = session(1)
    rollout.write(home)
    index = home / "session_index.jsonl"
    index.write_text(
        f'{{"id":"{rollout.thread}","thread_name":"First"}}\nnot json\n[]\n'
        f'{{"id":"{rollout.thread}","thread_name":"Second"}}\n{{"id":"x","thread_name":5}}\n{{"id":"{rollout.thread}"'
    )
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert rows(ledger, "SELECT title FROM session") == [("Second",)]
        index.unlink()
        ledger.scan()
        assert rows(ledger, "SELECT title FROM session") == [("Second",)]


@pytest.mark.parametrize("compressed", [False, True])
def test_a_title_that_repeats_a_prompt_is_not_kept(home: Path, data: Path, compressed: bool) -> None:
    asked = Rollout().meta().turn().prompt("Mend the shop\u2019s login, and soon").count(usage(1))
    named = Rollout(START_MS + DAY, 1).meta().turn().prompt("Mend the shop").count(usage(9))
    quiet = session(1, START_MS + 2 * DAY, 2, first=20)
    for rollout in (asked, named, quiet):
        path = rollout.write(home)
        if compressed:
            path.with_name(f"{path.name}.zst").write_bytes(zstandard.compress(path.read_bytes()))
            path.unlink()
    index, titles = (
        home / "session_index.jsonl",
        {asked: "mend the SHOP's login\u2026", named: "Login repaired", quiet: "A chat"},
    )
    index.write_text("".join(f'{{"id":"{one.thread}","thread_name":"{title}"}}\n' for one, title in titles.items()))
    with ledger_of(data, home) as ledger:
        for _ in range(2):
            ledger.scan()
            assert rows(ledger, "SELECT title FROM session ORDER BY started_ms") == [
                (None,), ("Login repaired",), ("A chat",),
            ]  # fmt: skip


def test_the_report_says_what_was_done(home: Path, data: Path) -> None:
    rollouts = several(home, 2)
    rollouts[0].raw(b"bad").raw(b"worse").write(home)
    with ledger_of(data, home) as ledger:
        seen: list[tuple[int, int]] = []
        report = ledger.scan(lambda progress: seen.append((progress.files_read, progress.files_to_read)))
    assert (report.files, report.files_to_read, report.files_read, report.events_added) == (2, 2, 2, 4)
    assert report.bytes_read == report.bytes_to_read == sum(len(rollout.bytes()) for rollout in rollouts)
    assert report.refused == 2
    assert seen[0] == (0, 2)
    assert seen[-1] == (2, 2)


def test_reading_in_processes_gives_the_same_ledger(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(home, 12)
    monkeypatch.setattr(work, "_GROUP_FILES", 3)
    ledger = Ledger(tmp_path / "many", [("codex", home)], workers=2)
    try:
        ledger.scan()
        found = content(ledger)
    finally:
        ledger.close()
    assert found == scan_once(tmp_path / "one", home)


def test_an_effort_that_is_left_out_and_an_empty_one_are_the_same(home: Path, data: Path) -> None:
    rollout = Rollout().meta().turn(effort=None).count(usage(1)).turn(effort="").count(usage(2))
    rollout.write(home)
    with ledger_of(data, home) as ledger:
        assert ledger.scan().events_added == 2
        assert rows(ledger, "SELECT effort FROM label_set") == [("",)]
        other = Rollout(number=1).meta().turn(effort="").count(usage(3)).turn(effort=None).count(usage(4))
        other.write(home)
        assert ledger.scan().events_added == 2
        assert rows(ledger, "SELECT effort FROM label_set") == [("",)]
        assert_sound(ledger)


@pytest.mark.skipif(sys.platform != "linux", reason="only where reading processes fork")
def test_a_reading_process_that_is_killed_costs_nothing_but_the_scan(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(home, 12)
    monkeypatch.setattr(work, "_GROUP_FILES", 2)
    monkeypatch.setattr(work, "_start_method", lambda: "fork")
    read_group, here = work.read_group, os.getpid()

    def dying(provider_id: str, tasks: list[work.Task], now_ms: int) -> list[work.Done]:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.1)
        return read_group(provider_id, tasks, now_ms)

    ledger = Ledger(tmp_path / "killed", [("codex", home)], workers=2)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(work, "read_group", dying)
            with pytest.raises(Unavailable, match="next scan"):
                ledger.scan()
        assert content(ledger).events == [], "a commit is whole or not there"
        ledger.scan()
        found = content(ledger)
    finally:
        ledger.close()
    assert found == scan_once(tmp_path / "one", home)


def test_a_sessions_folder_that_is_a_file_hurts_nobody(home: Path, data: Path) -> None:
    (home / "archived_sessions").write_bytes(b"a file")
    several(home, 1)
    with ledger_of(data, home) as ledger:
        assert ledger.scan().events_added == 2


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, [".codex"]), ({"CODEX_HOME": ""}, [".codex"]), ({"CODEX_HOME": "/a, /b ,"}, ["/a", "/b"])],
)
def test_the_default_homes(environment: dict[str, str], expected: list[str]) -> None:
    assert CODEX.logs.default_homes(environment, Path("/u")) == [Path("/u") / name for name in expected]


def test_a_hint_by_another_name_of_the_folder_is_the_same_file(home: Path, data: Path, tmp_path: Path) -> None:
    path = Rollout().meta().turn().count(usage(1)).write(home)
    link = tmp_path / "link"
    link.symlink_to(home, target_is_directory=True)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        with path.open("ab") as file:
            file.write(path.read_bytes().splitlines(keepends=True)[-1])
        report = ledger.scan(only={str(link / path.relative_to(home))})
        assert (report.files_read, report.events_added) == (1, 0)
        assert rows(ledger, "SELECT count(*) FROM source_file") == [(1,)]


def test_a_hint_in_two_spellings_is_one_file(home: Path, data: Path, tmp_path: Path) -> None:
    log = session(2)
    path = log.write(home)
    other = tmp_path / "other"
    other.symlink_to(path.parent)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.write_bytes(log.count(usage(7)).bytes())
        assert ledger.scan(only={str(path), str(other / path.name)}).events_added == 1
        assert counted(ledger) == 3
