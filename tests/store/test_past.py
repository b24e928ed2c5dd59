"""Details of old responses go: every sum stays, and nothing counts again in whatever file it turns up."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.store.test_families import review_pair, total
from tests.support.agents import AgentLog, every_agent, home_of, session_of
from tests.support.ledgers import assert_sound, counted, ledger_of, rows, spent
from tests.support.past import figures, labelled, remove
from tests.support.rollout import START_MS, Rollout, Usage, session, usage
from tests.support.transcript import OTHER, Transcript, message

from tokendial.domain.records import BUCKET_MS
from tokendial.services.ledger import Ledger
from tokendial.store import home_changes, homes, past, sessions

DAY = 86_400_000
LATE = START_MS // BUCKET_MS * BUCKET_MS + 400 * DAY
MINUTE = 60_000


def number_of(ledger: Ledger, home: Path) -> int:
    return next(one.id for one in ledger.homes() if Path(one.path) == home.resolve())


def fork(parent: Rollout, number: int, *responses: int) -> Rollout:
    """A fork that copies its parent's counters as if they were its own, with times of long after."""
    child = Rollout(parent.now_ms + 30 * DAY, number).meta(forked_from_id=parent.thread).turn()
    child.copy(parent, [line for line in parent.lines if b"token_count" in line])
    for response in responses:
        child.count(usage(response))
    return child


@every_agent
def test_every_sum_stays_wherever_the_cut_lies(agent: type[AgentLog], tmp_path: Path) -> None:
    home = home_of(agent, tmp_path)
    for number in range(30):
        session_of(agent, 5, number * 7, first=number * 10).write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        whole = figures(ledger)
        begin = rows(ledger, "SELECT min(bucket) FROM usage_rollup")[0][0] * BUCKET_MS
        gone = 0
        for hours in (1, 8, 9, 60, 1_000):
            gone += remove(ledger, begin + hours * 4 * BUCKET_MS)
            assert counted(ledger) == 150 - gone
            assert figures(ledger) == whole
        assert gone == 150


@every_agent
def test_a_file_read_again_from_its_start_adds_nothing(agent: type[AgentLog], tmp_path: Path) -> None:
    home = home_of(agent, tmp_path)
    log = session_of(agent, 20)
    path = log.write(home[1])
    with ledger_of(tmp_path / "data", home) as ledger:
        ledger.scan()
        whole = figures(ledger)
        assert remove(ledger, LATE) == 20
        ledger.reread_home(number_of(ledger, home[1]))
        assert ledger.scan().events_added == 0
        assert figures(ledger) == whole
        remove(ledger, LATE)
        assert rows(ledger, "SELECT count(*) FROM usage_event") == [(0,)]
        path.unlink()
        ledger.scan()
        log.write(home[1], elsewhere=True)
        ledger.scan()
        log.write(home[1])
        ledger.scan()
        assert figures(ledger) == whole
        for number in (90, 91):
            log.respond(number)
        log.write(home[1])
        assert ledger.scan().events_added == 2
        assert_sound(ledger)


def test_a_fork_that_repeats_removed_responses_adds_only_its_own(home: Path, data: Path) -> None:
    parent = session(6)
    parent.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert remove(ledger, LATE) == 6
        child = fork(parent, 1, 50, 51)
        child.write(home)
        assert ledger.scan().events_added == 2
        fork(child, 2, 60).write(home)
        assert ledger.scan().events_added == 1
        assert_sound(ledger)
        stranger = Rollout(START_MS + 40 * DAY, 9).meta().turn()
        for response in range(6):
            stranger.count(usage(response))
        stranger.write(home)
        assert ledger.scan().events_added == 6, "a thread of another family has counters of its own"


def test_what_turns_up_in_a_parent_after_its_removed_fork_stays_the_forks(home: Path, data: Path) -> None:
    parent = session(3)
    parent.write(home)
    early = parent.path(home).read_bytes()
    parent.count(usage(3)).count(usage(4))
    child = fork(parent, 1, 30)
    child.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        whole = spent(ledger)
        assert whole[child.thread] == total(3, 4, 30)
        assert remove(ledger, LATE) == 6
        before = figures(ledger)
        assert parent.path(home).read_bytes() == early, "the fork knows more of it"
        parent.write(home)
        assert ledger.scan().events_added == 0
        assert figures(ledger) == before
        assert_sound(ledger)


def test_a_first_response_that_only_looks_the_same_counts(home: Path, data: Path) -> None:
    """R6b: of a counter's first response the next one must match as well, also where both are gone."""
    parent = Rollout(START_MS).meta().turn().count(usage(1)).count(usage(2))
    parent.write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        assert remove(ledger, LATE) == 2
        child = Rollout(START_MS + 40 * DAY, 4).meta(forked_from_id=parent.thread).turn()
        child.count(usage(1)).count(usage(7)).write(home)
        assert ledger.scan().events_added == 2
        assert_sound(ledger)


def test_a_mirror_of_a_removed_review_does_not_count_nor_the_other_way_round(home: Path, data: Path) -> None:
    """R7: whichever of the two was there first."""
    for first in ("review", "parent"):
        folder = home / first / "codex"
        (folder / "sessions").mkdir(parents=True)
        parent, review = review_pair()
        logs = {"review": review, "parent": parent}
        with ledger_of(data / first, folder) as ledger:
            logs[first].write(folder)
            ledger.scan()
            remove(ledger, LATE)
            logs["parent" if first == "review" else "review"].write(folder)
            ledger.scan()
            assert_sound(ledger)
            assert rows(ledger, "SELECT sum(events) FROM usage_rollup") == [(5,)]
            late = Rollout(START_MS + DAY, 5).meta(source={"subagent": "review"}).turn()
            for number in (20, 21, 22):
                late.count(usage(number))
            late.write(folder)
            assert ledger.scan().events_added == 3, "equal counters a day later are not its mirror"


def test_a_replayed_message_of_claude_does_not_count_beside_a_removed_one(tmp_path: Path) -> None:
    """A3: under another request id, in a side chain."""
    home = tmp_path / ".claude"
    (home / "projects" / "p").mkdir(parents=True)
    transcript = Transcript().response(1).response(2)
    (home / "projects" / "p" / transcript.name).write_bytes(transcript.bytes())
    with ledger_of(tmp_path / "data", ("claude", home)) as ledger:
        ledger.scan()
        whole = labelled(ledger)
        assert remove(ledger, LATE) == 2
        replay = Transcript(OTHER)
        replay.line("assistant", message=message(1), requestId="req_other", isSidechain=True)
        replay.response(2, isSidechain=True)
        (home / "projects" / "p" / replay.name).write_bytes(replay.bytes())
        assert ledger.scan().events_added == 0
        assert labelled(ledger) == whole
        assert_sound(ledger)


def test_the_audit_stays_what_it_was(home: Path, data: Path) -> None:
    parent = session(4)
    child = fork(parent, 1, 50)
    for rollout in (parent, child):
        rollout.write(home)
    parent.write(home, archived=True)
    with ledger_of(data, home) as ledger:
        ledger.scan()

        def audits() -> list[object]:
            with ledger.database.reading() as connection:
                return [sorted(sessions.audit_of(connection, number, {number_of(ledger, home)})) for number in (1, 2)]

        before = audits()
        assert any("other_file" in str(one) for one in before)
        assert any("copied_from_parent" in str(one) for one in before)
        remove(ledger, LATE + 400 * DAY)
        assert rows(ledger, "SELECT count(*) FROM usage_event") == [(0,)]
        assert audits() == before
        ledger.reread_home(number_of(ledger, home))
        ledger.scan()
        assert audits() == before


@every_agent
def test_what_two_homes_hold_keeps_its_details_until_one_of_them_is_gone(agent: type[AgentLog], tmp_path: Path) -> None:
    one, two = home_of(agent, tmp_path / "one"), home_of(agent, tmp_path / "two")
    session_of(agent, 8).write(one[1])
    session_of(agent, 5, 3, first=100).write(one[1])
    shutil.copytree(one[1], two[1], dirs_exist_ok=True)
    session_of(agent, 4, 9, first=200).write(two[1])
    with ledger_of(tmp_path / "data", one, two) as ledger, ledger_of(tmp_path / "whole", one, two) as unchanged:
        for each in (ledger, unchanged):
            each.scan()
        assert remove(ledger, LATE) == 4
        for change in (
            lambda each: homes.update(each.database, number_of(each, one[1]), label=None, active=False),
            lambda each: homes.update(each.database, number_of(each, two[1]), label=None, active=False),
            lambda each: homes.update(each.database, number_of(each, one[1]), label=None, active=True),
            lambda each: homes.update(each.database, number_of(each, two[1]), label=None, active=True),
            lambda each: home_changes.forget(each.database, number_of(each, one[1])),
        ):
            for each in (ledger, unchanged):
                change(each)
            assert_sound(ledger)
            assert labelled(ledger) == labelled(unchanged)
        assert remove(ledger, LATE) == 13
        assert labelled(ledger) == labelled(unchanged)


@every_agent
def test_a_copy_that_comes_later_counts_once_its_home_is_the_only_one(agent: type[AgentLog], tmp_path: Path) -> None:
    one, two = home_of(agent, tmp_path / "one"), home_of(agent, tmp_path / "two")
    session_of(agent, 8).write(one[1])
    with ledger_of(tmp_path / "data", one, two) as ledger, ledger_of(tmp_path / "whole", one, two) as unchanged:
        for each in (ledger, unchanged):
            each.scan()
        assert remove(ledger, LATE) == 8
        session_of(agent, 5).write(two[1])
        for each in (ledger, unchanged):
            each.scan()
        assert remove(ledger, LATE) == 0, "the other home may be taken out"
        lost = []
        for each in (ledger, unchanged):
            with each.database.reading() as connection:
                lost.append([sum(row.events for row in homes.only_here(connection, number_of(each, one[1]), ()))])
        assert lost == [[3], [3]]
        for change in (
            lambda each: homes.update(each.database, number_of(each, one[1]), label=None, active=False),
            lambda each: homes.update(each.database, number_of(each, one[1]), label=None, active=True),
            lambda each: home_changes.clear(each.database, number_of(each, one[1]), 1),
        ):
            for each in (ledger, unchanged):
                change(each)
            assert_sound(ledger)
            assert labelled(ledger) == labelled(unchanged)
        with ledger.database.reading() as connection:
            assert past.removed_before(connection) is None
        ledger.reread_home(number_of(ledger, one[1]))
        unchanged.reread_home(number_of(unchanged, one[1]))
        ledger.scan()
        unchanged.scan()
        assert counted(ledger) == 8
        assert labelled(ledger) == labelled(unchanged)


def test_a_copy_keeps_its_details_as_long_as_what_it_is_a_copy_of(home: Path, data: Path) -> None:
    """Else it would be lost with the file that owns it."""
    parent = Rollout(START_MS + 2 * DAY, 0).meta().turn().count(usage(1)).count(Usage(5_000, 0, 0, 7, 0))
    parent.write(home)
    child = Rollout(START_MS + 3 * DAY, 1).meta(forked_from_id=parent.thread).turn()
    child.now_ms = START_MS
    child.copy(parent, [line for line in parent.lines if b"token_count" in line]).write(home)
    with ledger_of(data, home) as ledger:
        ledger.scan()
        whole = rows(ledger, "SELECT count(*) FROM usage_event")
        remove(ledger, LATE - 399 * DAY)
        assert rows(ledger, "SELECT count(*) FROM usage_event") == whole
