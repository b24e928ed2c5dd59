"""Homes come and go: what one leaves behind is exactly what the others hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, content, ledger_of, rows, scan_once, spent
from tests.support.rollout import Rollout, Usage, session, usage

from tokendial.services.ledger import Ledger


def forget(ledger: Ledger, home: Path) -> None:
    ledger.remove_home(next(row.id for row in ledger.homes() if row.path == str(home)))
    assert_sound(ledger)


@pytest.mark.parametrize("forgotten", [0, 1])
def test_forgetting_one_of_two_homes_with_copies_of_a_session(tmp_path: Path, data: Path, forgotten: int) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    shared, alone = session(4), [session(2, number=1, first=50), session(2, number=2, first=70)]
    for place, home in enumerate(homes):
        shared.write(home)
        alone[place].write(home)
    kept = 1 - forgotten
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert set(spent(ledger)) == {shared.thread, alone[0].thread, alone[1].thread}
        forget(ledger, homes[forgotten])
        assert content(ledger) == scan_once(tmp_path / "clean", homes[kept])
        assert set(spent(ledger)) == {shared.thread, alone[kept].thread}
        assert {row[0] for row in rows(ledger, "SELECT id FROM session")} == {shared.thread, alone[kept].thread}
        assert rows(ledger, "SELECT DISTINCT s.home_id = h.id FROM session s, home h") == [(1,)]


def test_forgetting_a_home_with_an_unreadable_file(tmp_path: Path, data: Path) -> None:
    """A file that was never read belongs to no session; that must not keep the sessions of another home."""
    homes = [tmp_path / "one", tmp_path / "two"]
    session(2).write(homes[0])
    torn = session(2, number=1, first=50).write(homes[1])
    torn.rename(torn.with_name(torn.name + ".zst"))
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        forget(ledger, homes[0])
        assert rows(ledger, "SELECT count(*) FROM session") == [(0,)]
        assert spent(ledger) == {}


def test_forgetting_the_owner_of_a_copy_gives_it_to_the_next(tmp_path: Path, data: Path) -> None:
    parent = session(3)
    child = Rollout(parent.now_ms + 60_000, 1).meta(forked_from_id=parent.thread).turn()
    child.copy(parent, [line for line in parent.lines if b"token_count" in line]).count(usage(50))
    homes = [tmp_path / "one", tmp_path / "two"]
    parent.write(homes[0])
    child.write(homes[1])
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert spent(ledger)[child.thread].input == usage(50).input
        forget(ledger, homes[0])
        assert content(ledger) == scan_once(tmp_path / "clean", homes[1])


def test_forgetting_a_reviews_home_keeps_the_mirror(tmp_path: Path, data: Path) -> None:
    parent = Rollout().meta().turn().event("entered_review_mode")
    review = Rollout(parent.now_ms, 1).meta(source={"subagent": "review"})
    review.now_ms = parent.now_ms
    parent.count(Usage(100, 0, 0, 5, 0)).event("exited_review_mode")
    review.count(Usage(100, 0, 0, 5, 0))
    homes = [tmp_path / "one", tmp_path / "two"]
    parent.write(homes[0])
    review.write(homes[1])
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert set(spent(ledger)) == {review.thread}
        forget(ledger, homes[1])
        assert set(spent(ledger)) == {parent.thread}


def test_a_home_that_is_forgotten_and_added_again_is_read_again(tmp_path: Path, data: Path) -> None:
    home = tmp_path / "one"
    session(3).write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        before = content(ledger)
        forget(ledger, home.resolve())
        assert content(ledger).events == []
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert content(ledger) == before


def test_nothing_of_a_forgotten_home_stays(tmp_path: Path, data: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    limits = {"primary": {"used_percent": 5.0, "window_minutes": 300, "resets_at": 1_783_800_000}}
    session(2).raw(b"bad").count(usage(9), limits).write(homes[0])
    homes[1].mkdir()
    tables = (
        "usage_event",
        "usage_rollup",
        "prompt",
        "limit_reading",
        "audit",
        "refused_line",
        "file_state",
        "session",
    )
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert all(rows(ledger, f"SELECT count(*) FROM {table}")[0][0] for table in tables)
        forget(ledger, homes[0])
        assert {table: rows(ledger, f"SELECT count(*) FROM {table}")[0][0] for table in tables} == dict.fromkeys(
            tables, 0
        )
