"""Which responses are looked for by their key: those that another file may hold too, from when that is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.store.test_families import careless_fork, review_pair, total
from tests.support.agents import ClaudeLog, GeminiLog, home_of, session_of
from tests.support.ledgers import assert_sound, counted, ledger_of, rows, spent
from tests.support.past import remove
from tests.support.plans import plan, traced
from tests.support.rollout import START_MS, Rollout, session, usage

from tokendial.services.ledger import Ledger
from tokendial.store import home_changes

DAY = 86_400_000


def indexed(ledger: Ledger) -> dict[str, list[int]]:
    """Of each session, what its responses that are in the index of keys sent."""
    found = rows(
        ledger,
        "SELECT s.id, e.input + e.cache_read FROM usage_event e INDEXED BY usage_event_key "
        "JOIN session s ON s.num = e.session_num WHERE e.flags & 256 = 0 ORDER BY e.id",
    )
    return {thread: [sent for one, sent in found if one == thread] for thread, _ in found}


def sent(*numbers: int) -> list[int]:
    return [usage(number).input for number in numbers]


def write(home: Path, *rollouts: Rollout) -> None:
    for rollout in rollouts:
        rollout.write(home)


def test_a_session_of_one_file_is_not_looked_for_also_when_it_grows(home: Path, data: Path) -> None:
    one, other = session(3), session(3, number=1, first=10)
    write(home, one, other)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        one.count(usage(3))
        write(home, one)
        ledger.scan()
        assert indexed(ledger) == {}
        assert counted(ledger) == 7
        assert_sound(ledger)


def test_it_is_from_when_another_file_has_its_session(home: Path, data: Path) -> None:
    stub, whole = session(2), session(4)
    write(home, stub)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert indexed(ledger) == {}
        whole.write(home, archived=True)
        ledger.scan()
        assert indexed(ledger) == {stub.thread: sent(0, 1, 0, 1, 2, 3)}
        assert spent(ledger) == {stub.thread: total(0, 1, 2, 3)}
        assert_sound(ledger)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_it_is_from_when_a_relative_is_known(home: Path, data: Path, order: Sequence[int]) -> None:
    parent = session(2)
    child = careless_fork(parent, 1, 30)
    grandchild = careless_fork(child, 2, 50)
    family, stranger = [parent, child, grandchild], session(2, number=9, first=90)
    write(home, stranger)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        for place in order:
            write(home, family[place])
            ledger.scan()
            assert_sound(ledger)
        assert indexed(ledger).keys() == {one.thread for one in family}
        assert spent(ledger) == {
            parent.thread: total(0, 1),
            child.thread: total(30),
            grandchild.thread: total(50),
            stranger.thread: total(90, 91),
        }


@pytest.mark.parametrize("review_first", [True, False])
def test_a_review_and_what_was_written_while_it_ran_are(home: Path, data: Path, review_first: bool) -> None:
    parent, review = review_pair()
    with ledger_of(data, home) as ledger:
        for rollout in (review, parent) if review_first else (parent, review):
            write(home, rollout)
            ledger.scan()
            assert_sound(ledger)
        assert set(indexed(ledger)[review.thread]) <= set(indexed(ledger)[parent.thread])
        assert len(indexed(ledger)[parent.thread]) < len(spent_rows(ledger, parent.thread)), "not the whole session"


def spent_rows(ledger: Ledger, thread: str) -> list[tuple[int]]:
    return rows(ledger, "SELECT e.id FROM usage_event e JOIN session s ON s.num = e.session_num WHERE s.id = ?", thread)


@pytest.mark.parametrize("agent", [ClaudeLog, GeminiLog])
def test_what_the_log_names_is(agent: type[ClaudeLog] | type[GeminiLog], tmp_path: Path) -> None:
    home, log = home_of(agent, tmp_path), session_of(agent, 3)
    log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        assert [len(found) for found in indexed(ledger).values()] == [3]


def test_what_comes_where_details_were_removed_is(home: Path, data: Path) -> None:
    write(home, session(3))
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert remove(ledger, START_MS + 400 * DAY) == 3
        later = session(2, number=400 * 24, first=50)
        write(home, later)
        ledger.scan()
        assert indexed(ledger) == {later.thread: sent(50, 51)}
        assert_sound(ledger)


def test_a_home_that_is_taken_out_leaves_what_the_other_holds(tmp_path: Path, data: Path) -> None:
    rollout, homes = session(3), [tmp_path / "one", tmp_path / "two"]
    write(homes[0], rollout, session(2, number=1, first=10))
    homes[1].mkdir()
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        write(homes[1], rollout)
        ledger.scan()
        first = next(home.id for home in ledger.homes() if home.path == str(homes[0].resolve()))
        home_changes.forget(ledger.database, first)
        assert spent(ledger) == {rollout.thread: total(0, 1, 2)}
        assert_sound(ledger)


def test_every_search_for_a_key_goes_by_the_index(home: Path, data: Path) -> None:
    parent = session(3)
    child = careless_fork(parent, 1, 50)
    write(home, parent, child, session(3, number=5, first=20))
    with ledger_of(data, home) as ledger:
        ledger.scan()
        asked: list[str] = []
        child.count(usage(51))
        write(home, child, careless_fork(parent, 2, 60))
        with traced(ledger.database, asked):
            ledger.scan()
            home_changes.clear(ledger.database, ledger.homes()[0].id, START_MS)
        searches = [one.strip() for one in asked if "flags & 256 = 0" in one]
        assert len(searches) > 5
        with ledger.database.reading() as connection:
            for statement in searches:
                assert "usage_event_key" in " ".join(plan(connection, statement)), statement
