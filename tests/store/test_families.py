"""Who owns a response that several files hold (R1, R6b, R7, R12): once, whatever the order the files came in."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from tests.support.ledgers import assert_sound, content, counted, ledger_of, rows, spent
from tests.support.parsing import Spent
from tests.support.rollout import START_MS, Rollout, Usage, session, usage, uuid7

MINUTE = 60_000


def total(*numbers: int) -> Spent:
    result = Spent()
    for number in numbers:
        result = result.plus(usage(number))
    return result


def fork(parent: Rollout, number: int, *responses: int, after: int = MINUTE) -> Rollout:
    """A fork that copies its parent's history and goes on."""
    child = Rollout(parent.now_ms + after, number).meta(forked_from_id=parent.thread).copy(parent).turn()
    for response in responses:
        child.count(usage(response))
    return child


def careless_fork(parent: Rollout, number: int, *responses: int) -> Rollout:
    """A fork whose copy nothing marks: its own meta, then the parent's counters as if they were its own."""
    child = Rollout(parent.now_ms + MINUTE, number).meta(forked_from_id=parent.thread).turn()
    child.copy(parent, [line for line in parent.lines if b"token_count" in line])
    for response in responses:
        child.count(usage(response))
    return child


def in_every_order(tmp_path: Path, *rollouts: Rollout) -> dict[str, Spent]:
    """What each session used; the same for every order in which the files appear, one scan for each."""
    results = []
    for place, order in enumerate(permutations(rollouts)):
        home = tmp_path / f"home-{place}"
        (home / "sessions").mkdir(parents=True)
        with ledger_of(tmp_path / f"data-{place}", home) as ledger:
            for rollout in order:
                rollout.write(home)
                ledger.scan()
            assert_sound(ledger)
            results.append((content(ledger), spent(ledger)))
    at_once = tmp_path / "all"
    for rollout in rollouts:
        rollout.write(at_once)
    with ledger_of(tmp_path / "data-all", at_once) as ledger:
        ledger.scan()
        assert_sound(ledger)
        results.append((content(ledger), spent(ledger)))
    assert all(result == results[0] for result in results)
    return results[0][1]


def test_r6_legacy_fork_with_its_parent(tmp_path: Path) -> None:
    parent = session(3)
    child = fork(parent, 1, 50, 51)
    found = in_every_order(tmp_path, parent, child)
    assert found == {parent.thread: total(0, 1, 2), child.thread: total(50, 51)}


def test_r6_legacy_fork_whose_parent_is_never_seen(tmp_path: Path) -> None:
    child = fork(session(3), 1, 50, 51)
    assert in_every_order(tmp_path, child) == {child.thread: total(50, 51)}


def test_r6b_a_copy_that_nothing_marks_is_recognised_by_its_pairs(tmp_path: Path) -> None:
    parent = session(3)
    child = careless_fork(parent, 1, 50)
    found = in_every_order(tmp_path, parent, child)
    assert found == {parent.thread: total(0, 1, 2), child.thread: total(50)}


def test_r6b_grandchildren_belong_to_the_same_family(tmp_path: Path) -> None:
    parent = session(2)
    child = careless_fork(parent, 1, 30, 31)
    grandchild = careless_fork(child, 2, 50)
    found = in_every_order(tmp_path, parent, child, grandchild)
    assert found == {parent.thread: total(0, 1), child.thread: total(30, 31), grandchild.thread: total(50)}


def test_r6b_siblings_of_a_missing_parent_count_what_they_share_once(tmp_path: Path) -> None:
    parent = session(3)
    one, two = careless_fork(parent, 1, 30), careless_fork(parent, 2, 50)
    found = in_every_order(tmp_path, one, two)
    assert found == {one.thread: total(0, 1, 2, 30), two.thread: total(50)}


def test_r6b_scripted_sessions_of_a_family_with_equal_first_responses_both_count(tmp_path: Path) -> None:
    root = session(1, first=90)
    agents = []
    for number in (1, 2):
        agent = Rollout(root.now_ms + number * MINUTE, number).meta(parent_thread_id=root.thread).turn()
        agents.append(agent.count(usage(7)).count(usage(10 + number)))
    found = in_every_order(tmp_path, root, *agents)
    assert found == {root.thread: total(90), agents[0].thread: total(7, 11), agents[1].thread: total(7, 12)}


def test_r6b_a_copy_of_the_younger_of_two_equal_beginnings_is_still_a_copy(tmp_path: Path) -> None:
    root = session(1, first=90)
    one = Rollout(root.now_ms + MINUTE, 1).meta(parent_thread_id=root.thread).turn().count(usage(7)).count(usage(11))
    two = Rollout(one.now_ms + MINUTE, 2).meta(parent_thread_id=root.thread).turn().count(usage(7)).count(usage(12))
    copy = careless_fork(two, 3, 50)
    found = in_every_order(tmp_path, root, one, two, copy)
    assert found == {
        root.thread: total(90),
        one.thread: total(7, 11),
        two.thread: total(7, 12),
        copy.thread: total(50),
    }


def test_r6b_unrelated_sessions_with_equal_pairs_both_count(tmp_path: Path) -> None:
    one, two = session(3), session(3, start_ms=START_MS + MINUTE, number=1)
    assert in_every_order(tmp_path, one, two) == {one.thread: total(0, 1, 2), two.thread: total(0, 1, 2)}


def test_r6_sub_agents_with_copied_history(tmp_path: Path) -> None:
    parent, children = session(2), []
    for number in (1, 2, 3):
        spawn = {"subagent": {"thread_spawn": {"parent_thread_id": parent.thread, "agent_nickname": f"A{number}"}}}
        child = Rollout(parent.now_ms + number * MINUTE, number).meta(source=spawn, session_id=parent.thread)
        children.append(child.copy(parent).turn().count(usage(20 + number)))
    found = in_every_order(tmp_path, *children, parent)
    assert found == {parent.thread: total(0, 1), **{child.thread: total(21 + n) for n, child in enumerate(children)}}


def test_c20_a_fork_by_reference_and_its_parent(tmp_path: Path) -> None:
    parent = session(3)
    child = Rollout(parent.now_ms + MINUTE, 1).meta(history_base={"thread_id": parent.thread})
    child.total = parent.total
    child.turn().count(usage(50))
    assert in_every_order(tmp_path, child, parent) == {parent.thread: total(0, 1, 2), child.thread: total(50)}


def test_r8_records_and_their_copies_are_one_response(tmp_path: Path) -> None:
    parent = Rollout().meta().turn().record(usage(1), "resp_1").count(usage(1))
    child = Rollout(parent.now_ms + MINUTE, 1).meta(forked_from_id=parent.thread).copy(parent).turn()
    child.record(usage(2), "resp_2").count(usage(2))
    assert in_every_order(tmp_path, child, parent) == {parent.thread: total(1), child.thread: total(2)}


# -- R7 -----------------------------------------------------------------------------------------------------------


def review_pair() -> tuple[Rollout, Rollout]:
    """A parent that mirrors its review's counters, and the review."""
    parent = Rollout().meta(cli_version="0.77.0").turn().count(usage(1)).event("entered_review_mode")
    review = (
        Rollout(parent.now_ms, 1).meta(source={"subagent": "review"}, cli_version="0.77.0").turn("gpt-5.1-codex-max")
    )
    outer, parent.total = parent.total, Usage()
    review.now_ms = parent.now_ms
    for number in (20, 21, 22):
        parent.count(usage(number))
        review.count(usage(number))
        parent.now_ms = review.now_ms
    parent.total = outer
    return parent.event("exited_review_mode").count(usage(2)), review


def test_r7_c14_a_review_mirrored_into_its_parent_is_counted_in_the_review(tmp_path: Path) -> None:
    parent, review = review_pair()
    found = in_every_order(tmp_path, parent, review)
    assert found == {parent.thread: total(1, 2), review.thread: total(20, 21, 22)}


def test_r7_without_the_reviews_file_the_mirror_is_kept(tmp_path: Path) -> None:
    parent, _ = review_pair()
    assert in_every_order(tmp_path, parent) == {parent.thread: total(1, 2, 20, 21, 22)}


def test_r7_equal_pairs_long_after_the_review_are_not_its_mirror(tmp_path: Path) -> None:
    parent, review = review_pair()
    late = Rollout(review.start_ms, 1).meta(source={"subagent": "review"})
    late.now_ms = parent.now_ms + 10 * MINUTE
    for number in (20, 21, 22):
        late.count(usage(number))
    found = in_every_order(tmp_path, parent, late)
    assert found[parent.thread] == total(1, 2, 20, 21, 22)


# -- R1 and C19: the same thread in several files ----------------------------------------------------------------


def test_r1_c19_active_and_archived_twins_are_one(tmp_path: Path, home: Path, data: Path) -> None:
    rollout = session(4)
    rollout.write(home)
    rollout.write(home, archived=True)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert spent(ledger) == {rollout.thread: total(0, 1, 2, 3)}
        assert_sound(ledger)


@pytest.mark.parametrize("stub_first", [True, False])
def test_r1_an_active_stub_and_an_archive_are_merged_event_by_event(home: Path, data: Path, stub_first: bool) -> None:
    whole = session(4)
    stub, archive = Rollout(), Rollout()
    stub.lines = [*whole.lines[:4], *whole.lines[6:]]  # lacks the second response
    archive.lines = whole.lines[:6]  # lacks the last two
    with ledger_of(data, home) as ledger:
        for rollout in (stub, archive) if stub_first else (archive, stub):
            rollout.write(home, archived=rollout is archive)
            ledger.scan()
        assert spent(ledger) == {whole.thread: total(0, 1, 2, 3)}
        assert_sound(ledger)


def test_r1_an_archived_stub_takes_nothing_from_a_file_that_is_gone(home: Path, data: Path) -> None:
    whole, stub = session(4), Rollout()
    stub.lines = whole.lines[:4]
    path = whole.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.unlink()
        stub.write(home, archived=True)
        for _ in range(3):
            ledger.scan()
            assert spent(ledger) == {whole.thread: total(0, 1, 2, 3)}
        assert_sound(ledger)
        assert rows(ledger, "SELECT status FROM source_file ORDER BY path") == [("present",), ("gone",)]


def test_r1_two_homes_with_copies_of_one_session(tmp_path: Path, data: Path) -> None:
    rollout, homes = session(3), [tmp_path / "one", tmp_path / "two"]
    for folder in homes:
        rollout.write(folder)
    with ledger_of(data, *homes) as ledger:
        ledger.scan()
        assert spent(ledger) == {rollout.thread: total(0, 1, 2)}
        assert_sound(ledger)


def test_a_rewritten_file_that_takes_over_anothers_responses_is_settled(home: Path, data: Path) -> None:
    """SQLite gives the numbers of deleted last rows out again: new rows are not those with a higher number."""
    other = session(3, first=100)
    archive = session(3)
    archive.write(home, archived=True)
    path = archive.path(home)
    path.parent.mkdir(parents=True)
    other.thread = archive.thread
    with ledger_of(data, home) as ledger:
        ledger.scan()
        path.write_bytes(other.bytes())
        ledger.scan()
        assert counted(ledger) == 6
        path.write_bytes(archive.bytes().replace(b"a prompt", b"a longer prompt"))
        ledger.scan()
        assert spent(ledger) == {archive.thread: total(0, 1, 2)}
        assert_sound(ledger)


def test_r12_the_ledger_knows_parent_and_root(home: Path, data: Path) -> None:
    parent = session(1)
    child = Rollout(parent.now_ms, 1).meta(parent_thread_id=parent.thread, session_id=parent.thread).turn()
    parent.write(home)
    child.count(usage(5)).write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert rows(ledger, "SELECT parent, root FROM session WHERE id = ?", child.thread) == [
            (parent.thread, parent.thread)
        ]


def test_the_audit_says_what_became_of_every_record(home: Path, data: Path) -> None:
    from tokendial.store import sessions

    parent = session(3)
    child = careless_fork(parent, 1, 50)
    for rollout in (parent, child):
        rollout.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        with ledger.database.reading() as connection:
            row = sessions.by_id(connection, child.thread)
            assert row is not None
            audit = {line.kind: line.records for line in sessions.audit_of(connection, row.num, [row.home_id])}
    assert audit == {"counted": 1, "copied_from_parent": 3}


def test_ids_are_compared_whatever_their_case(tmp_path: Path) -> None:
    parent = session(2)
    child = Rollout(parent.now_ms + MINUTE, 1).meta(forked_from_id=parent.thread.upper()).turn()
    child.copy(parent, [line for line in parent.lines if b"token_count" in line]).count(usage(50))
    assert in_every_order(tmp_path, parent, child)[child.thread] == total(50)
    assert uuid7(parent.start_ms) == parent.thread
