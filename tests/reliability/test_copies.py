"""One response in many places: forks, resumes, replays, side chains, archives, twins, two roots; exact (R6).

Each case writes files and states, counted by hand, which responses there are. The files are read at once, one by one
in either order with scans between, and again after a restart.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
import zstandard
from tests.support import gemini_logs
from tests.support.agents import AgentLog, ClaudeLog, CodexLog, GeminiLog, home_of
from tests.support.gemini_logs import Talk
from tests.support.ledgers import assert_sound, content, ledger_of, rows
from tests.support.proofs import Proved
from tests.support.rollout import START_MS, Rollout, Usage, usage, uuid7
from tests.support.transcript import OTHER, SESSION, Transcript, message

Home = tuple[str, Path]
MINUTE = 60_000


class Case(NamedTuple):
    """The files by their paths in a home, the responses there really are, and files of a second home."""

    files: dict[str, bytes]
    responses: list[int]
    second: Mapping[str, bytes] = MappingProxyType({})


Build = Callable[[], Case]
CASES: list[tuple[type[AgentLog], Build]] = []


def case(agent: type[AgentLog]) -> Callable[[Build], Build]:
    def add(build: Build) -> Build:
        CASES.append((agent, build))
        return build

    return add


@pytest.mark.parametrize(("agent", "build"), CASES, ids=[f"{a.provider}-{b.__name__}" for a, b in CASES])
def test_r6_each_response_counts_once(agent: type[AgentLog], build: Build, proved: Proved, tmp_path: Path) -> None:
    made = build()
    wanted = sorted(agent.parts(number) for number in made.responses)
    names = [*((0, name) for name in made.files), *((1, name) for name in made.second)]
    found = []
    for order, steps in enumerate(([names], [[name] for name in names], [[name] for name in reversed(names)])):
        homes = [home_of(agent, tmp_path / f"{order}{number}") for number in range(2 if made.second else 1)]
        data = tmp_path / f"data-{order}"
        for step in steps:
            for number, name in step:
                place = homes[number][1] / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes((made.second if number else made.files)[name])
            with ledger_of(data, *homes) as ledger:
                ledger.scan()
        with ledger_of(data, *homes) as ledger:
            assert ledger.scan().events_added == 0
            assert sorted(rows(ledger, _PARTS)) == wanted, f"order {order}"
            assert_sound(ledger)
            found.append([(row["events"], row["total_tokens"], row["cost_usd"]) for row in content(ledger).providers])
        for home in homes:
            shutil.rmtree(home[1])
    assert found[0] == found[1] == found[2]
    proved("R6", "arrangements", 1)
    proved("R6", "orders of reading", len(found))


_PARTS = "SELECT input, cache_read, cache_write, cache_write_1h, output, reasoning FROM usage_event WHERE status = 0"


# -- Codex: files ----------------------------------------------------------------------------------------------------

HOME = Path()


def place(rollout: Rollout, *, archived: bool = False) -> str:
    return str(rollout.path(HOME, archived=archived))


def thread(responses: int = 3, number: int = 0, first: int = 0, start_ms: int = START_MS) -> Rollout:
    rollout = Rollout(start_ms, number).meta().turn()
    for response in range(first, first + responses):
        rollout.count(usage(response))
    return rollout


def child_of(parent: Rollout, number: int = 7, **fields: object) -> Rollout:
    """A fork as it is written: a meta of its own, and all that the parent had in one burst."""
    return Rollout(parent.now_ms + number * MINUTE, number).meta(forked_from_id=parent.thread, **fields).copy(parent)


def codex(*rollouts: Rollout, responses: list[int]) -> Case:
    return Case({place(one): one.bytes() for one in rollouts}, responses)


@case(CodexLog)
def a_thread() -> Case:
    return codex(thread(3), responses=[0, 1, 2])


@case(CodexLog)
def counters_emitted_again() -> Case:
    rollout = Rollout().meta().turn()
    for number in range(3):
        rollout.count(usage(number)).again(usage(number)).again(usage(number))
    return codex(rollout, responses=[0, 1, 2])


@case(CodexLog)
def counters_emitted_again_hours_later_by_limits() -> Case:
    rollout = thread(2)
    for hour in range(1, 20):
        rollout.now_ms += hour * 60 * MINUTE
        rollout.again(usage(1))
    return codex(rollout.count(usage(5)), responses=[0, 1, 5])


@case(CodexLog)
def null_infos_between() -> Case:
    return codex(thread(1).limits_only().count(usage(4)).limits_only(), responses=[0, 4])


@case(CodexLog)
def an_estimate_after_a_compaction() -> Case:
    return codex(thread(2).estimate(90_000).count(usage(4)), responses=[0, 1, 4])


@case(CodexLog)
def a_fork() -> Case:
    parent = thread(3)
    return codex(parent, child_of(parent).turn().count(usage(50)), responses=[0, 1, 2, 50])


@case(CodexLog)
def a_fork_whose_parent_went_on() -> Case:
    parent = thread(3)
    child = child_of(parent).turn().count(usage(50))
    return codex(parent.count(usage(60)).count(usage(61)), child, responses=[0, 1, 2, 50, 60, 61])


@case(CodexLog)
def a_fork_of_a_fork() -> Case:
    parent = thread(2)
    child = child_of(parent).turn().count(usage(30))
    grandchild = child_of(child, 8).turn().count(usage(40)).count(usage(41))
    return codex(parent, child, grandchild, responses=[0, 1, 30, 40, 41])


@case(CodexLog)
def five_forks_of_one_parent() -> Case:
    parent = thread(4)
    children = [child_of(parent, n).turn().count(usage(100 + n)) for n in range(5, 10)]
    return codex(parent, *children, responses=[0, 1, 2, 3, 105, 106, 107, 108, 109])


@case(CodexLog)
def sub_agents_that_begin_with_copied_history() -> Case:
    parent = thread(3)
    spawned = {"subagent": {"thread_spawn": {"parent_thread_id": parent.thread, "depth": 1}}}
    children = [child_of(parent, n, source=spawned).turn().count(usage(200 + n)) for n in (5, 6)]
    return codex(parent, *children, responses=[0, 1, 2, 205, 206])


@case(CodexLog)
def a_fork_with_nothing_of_its_own() -> Case:
    parent = thread(3)
    return codex(parent, child_of(parent), responses=[0, 1, 2])


@case(CodexLog)
def a_fork_that_counts_from_zero() -> Case:
    """From 0.153 on."""
    parent = thread(2)
    child = Rollout(parent.now_ms + MINUTE, 7).meta(forked_from_id=parent.thread).copy(parent, parent.lines[:1])
    child.total = Usage()
    return codex(parent, child.turn().count(usage(50)).count(usage(51)), responses=[0, 1, 50, 51])


@case(CodexLog)
def a_counter_begun_anew_by_a_resume() -> Case:
    """Up to 0.77."""
    rollout = thread(2)
    rollout.total = Usage()
    return codex(rollout.meta(cli_version="0.77.0").turn().count(usage(9)), responses=[0, 1, 9])


@case(CodexLog)
def a_total_that_is_reset_because_the_window_is_full() -> Case:
    rollout = thread(1).counters({"total_tokens": 258_400}, {"total_tokens": 200})
    after = {**usage(8).json(), "total_tokens": 258_400 + usage(8).total}
    return codex(rollout.counters(after, usage(8).json()), responses=[0, 8])


@case(CodexLog)
def lines_that_are_missing() -> Case:
    rollout = thread(1)
    rollout.total = rollout.total.plus(usage(5))
    return codex(rollout.count(usage(6)), responses=[0, 6])


@case(CodexLog)
def two_counters_in_turn() -> Case:
    one, two, rollout = Usage(), Usage(), Rollout().meta().turn()
    for number in range(3):
        one, two = one.plus(usage(number)), two.plus(usage(100 + number))
        for _ in range(2):
            rollout.counters(one.json(), usage(number).json()).counters(two.json(), usage(100 + number).json())
    return codex(rollout, responses=[0, 1, 2, 100, 101, 102])


@case(CodexLog)
def records_and_their_counters() -> Case:
    rollout = Rollout().meta().turn()
    for number in range(3):
        rollout.record(usage(number), f"resp_{number}").count(usage(number)).again(usage(number))
    return codex(rollout, responses=[0, 1, 2])


@case(CodexLog)
def records_written_twice_and_one_of_a_compaction() -> Case:
    rollout = Rollout().meta().turn().record(usage(1), "a").record(usage(1), "a").count(usage(1))
    return codex(rollout.record(usage(7), "compaction").estimate(), responses=[1, 7])


@case(CodexLog)
def records_of_another_thread() -> Case:
    rollout = Rollout().meta().turn().record(usage(3), "a", thread=uuid7(START_MS - 1)).record(usage(4), "b")
    return codex(rollout, responses=[4])


@case(CodexLog)
def two_threads_with_the_same_counts() -> Case:
    """Scripted prompts: of no family, so both are real."""
    return codex(thread(2), thread(2, 1, start_ms=START_MS + 60 * MINUTE), responses=[0, 0, 1, 1])


@case(CodexLog)
def an_archived_copy_beside() -> Case:
    rollout = thread(3)
    return Case({place(rollout): rollout.bytes(), place(rollout, archived=True): rollout.bytes()}, [0, 1, 2])


@case(CodexLog)
def an_archived_copy_that_is_shorter() -> Case:
    rollout = thread(2)
    older = rollout.bytes()
    rollout.count(usage(9))
    return Case({place(rollout): rollout.bytes(), place(rollout, archived=True): older}, [0, 1, 9])


@case(CodexLog)
def a_compressed_twin() -> Case:
    rollout = thread(3)
    packed = zstandard.compress(rollout.bytes())
    return Case({place(rollout): rollout.bytes(), f"{place(rollout)}.zst": packed}, [0, 1, 2])


@case(CodexLog)
def a_compressed_twin_in_the_archive_of_a_fork() -> Case:
    parent = thread(2)
    child = child_of(parent).turn().count(usage(50))
    packed = zstandard.compress(child.bytes())
    files = {place(parent): parent.bytes(), place(child): child.bytes(), f"{place(child, archived=True)}.zst": packed}
    return Case(files, [0, 1, 50])


@case(CodexLog)
def a_copy_in_another_folder_of_days() -> Case:
    rollout = thread(3)
    return Case({place(rollout): rollout.bytes(), f"sessions/2026/07/12/{rollout.name}": rollout.bytes()}, [0, 1, 2])


@case(CodexLog)
def a_thread_in_two_homes() -> Case:
    rollout = thread(3)
    return Case({place(rollout): rollout.bytes()}, [0, 1, 2], {place(rollout): rollout.bytes()})


@case(CodexLog)
def a_fork_in_another_home_than_its_parent() -> Case:
    parent = thread(3)
    child = child_of(parent).turn().count(usage(50))
    return Case({place(parent): parent.bytes()}, [0, 1, 2, 50], {place(child): child.bytes()})


# -- Claude ------------------------------------------------------------------------------------------------------------

HERE, THERE = "projects/-home-u-project", "projects/-home-u-other"


def claude(*transcripts: Transcript, responses: list[int], folder: str = HERE) -> Case:
    return Case({f"{folder}/{one.name}": one.bytes() for one in transcripts}, responses)


@case(ClaudeLog)
def a_transcript() -> Case:
    return claude(Transcript().prompt().response(1).response(2), responses=[1, 2])


@case(ClaudeLog)
def rows_of_a_response_that_streams() -> Case:
    rows_ = Transcript().response(1, 1, None).response(1, 40, None).response(1, 100).response(1, 100)
    return claude(rows_.response(2), responses=[1, 2])


@case(ClaudeLog)
def a_resumed_session_that_repeats_the_old_one() -> Case:
    session = Transcript().response(1).response(2)
    return claude(session, Transcript(name=OTHER).response(1).response(2).response(3), responses=[1, 2, 3])


@case(ClaudeLog)
def a_fork_that_writes_its_own_id_over_what_it_copied() -> Case:
    session = Transcript().response(1).response(2)
    forked = Transcript(OTHER, forkedFrom={"sessionId": SESSION}).response(1).response(2).response(4)
    return claude(session, forked, responses=[1, 2, 4])


@case(ClaudeLog)
def four_resumes_in_a_row() -> Case:
    files = []
    for number in range(5):
        one = Transcript(f"{number:08x}-0000-4000-8000-000000000001")
        for response in range(number + 1):
            one.response(response)
        files.append(one)
    return claude(*files, responses=[0, 1, 2, 3, 4])


@case(ClaudeLog)
def a_sub_agent_that_is_mirrored_in_its_parent() -> Case:
    parent = Transcript().response(1).mirrored(2).response(3)
    agent = Transcript(name="agent-a1", isSidechain=True, agentId="a1").response(2)
    return claude(parent, agent, responses=[1, 2, 3])


@case(ClaudeLog)
def a_sub_agent_in_its_own_folder() -> Case:
    parent = Transcript().response(1).mirrored(2)
    agent = Transcript(name="agent-a1", isSidechain=True, agentId="a1").response(2).response(5)
    files = {f"{HERE}/{parent.name}": parent.bytes(), f"{HERE}/{SESSION}/subagents/agent-a1.jsonl": agent.bytes()}
    return Case(files, [1, 2, 5])


@case(ClaudeLog)
def a_mirrored_row_that_is_the_only_copy() -> Case:
    return claude(Transcript().response(1).mirrored(2), responses=[1, 2])


@case(ClaudeLog)
def a_side_chain_in_the_same_file() -> Case:
    return claude(Transcript().response(1).response(2, isSidechain=True).response(3), responses=[1, 2, 3])


@case(ClaudeLog)
def a_side_question_that_replays_a_message() -> Case:
    log = Transcript().response(1).line("assistant", message=message(1, 900), requestId="req_btw", isSidechain=True)
    return claude(log.response(2), responses=[1, 2])


@case(ClaudeLog)
def another_request_of_the_same_message() -> Case:
    return claude(Transcript().response(1).line("assistant", message=message(1), requestId="other"), responses=[1, 1])


@case(ClaudeLog)
def the_sum_of_a_sub_agent_in_a_result() -> Case:
    told = {"totalTokens": 9_000, "usage": message(1)["usage"]}
    log = Transcript().response(1).prompt([{"type": "tool_result", "tool_use_id": "t"}], toolUseResult=told)
    return claude(log, responses=[1])


@case(ClaudeLog)
def rows_that_the_program_made_itself() -> Case:
    log = Transcript().response(1).line("assistant", message={**message(2), "model": "<synthetic>"})
    return claude(log, responses=[1])


@case(ClaudeLog)
def a_session_in_two_projects() -> Case:
    log = Transcript().response(1).response(2)
    return Case({f"{HERE}/{log.name}": log.bytes(), f"{THERE}/{log.name}": log.bytes()}, [1, 2])


@case(ClaudeLog)
def a_session_in_two_homes() -> Case:
    log = Transcript().response(1).response(2)
    longer = Transcript().response(1).response(2).response(3)
    return Case({f"{HERE}/{log.name}": log.bytes()}, [1, 2, 3], {f"{HERE}/{log.name}": longer.bytes()})


@case(ClaudeLog)
def a_response_that_one_file_has_only_begun() -> Case:
    begun = Transcript().response(1).response(2, 1, None)
    return claude(begun, Transcript(name=OTHER).response(1).response(2), responses=[1, 2])


# -- Gemini -----------------------------------------------------------------------------------------------------------


def talk(*numbers: int, session: str = gemini_logs.SESSION) -> Talk:
    one = Talk(session).first()
    for number in numbers:
        one.responds(f"m{number}", gemini_logs.used(number))
    return one


def at(one: Talk, suffix: str = ".jsonl", folder: str = "project") -> str:
    return one.path(suffix, folder).removeprefix("home/")


def document(*numbers: int) -> bytes:
    one = Talk()
    return one.document(*(one.message(f"m{number}", gemini_logs.used(number)) for number in numbers))


@case(GeminiLog)
def a_conversation() -> Case:
    one = talk(1, 2)
    return Case({at(one): one.bytes()}, [1, 2])


@case(GeminiLog)
def messages_written_again() -> Case:
    one = talk(1, 2, 1, 1, 2)
    return Case({at(one): one.bytes()}, [1, 2])


@case(GeminiLog)
def a_message_that_is_corrected() -> Case:
    one = talk(1).responds("x", gemini_logs.used(5)).responds("x", gemini_logs.used(6))
    return Case({at(one): one.bytes()}, [1, 6])


@case(GeminiLog)
def a_rewind() -> Case:
    one = talk(1, 2, 3).line({"$rewindTo": "m1"}).responds("m9", gemini_logs.used(9))
    return Case({at(one): one.bytes()}, [1, 2, 3, 9])


@case(GeminiLog)
def a_list_of_all_messages() -> Case:
    one = talk(1, 2)
    one.sets(messages=[one.message("m2", gemini_logs.used(2)), one.message("m3", gemini_logs.used(3))])
    return Case({at(one): one.bytes()}, [1, 2, 3])


@case(GeminiLog)
def a_document() -> Case:
    return Case({at(Talk(), ".json"): document(1, 2, 3)}, [1, 2, 3])


@case(GeminiLog)
def a_document_and_the_lines_it_was_migrated_to() -> Case:
    lines = talk(1, 2, 3)
    return Case({at(lines, ".json"): document(1, 2), at(lines): lines.bytes()}, [1, 2, 3])


@case(GeminiLog)
def a_conversation_in_a_folder_by_digest_and_one_by_name() -> Case:
    one = talk(1, 2)
    return Case({at(one, folder="project"): one.bytes(), at(one, folder="a" * 64): one.bytes()}, [1, 2])


@case(GeminiLog)
def a_conversation_in_two_homes() -> Case:
    return Case({at(Talk(), ".json"): document(1, 2)}, [1, 2, 3], {at(Talk()): talk(1, 2, 3).bytes()})


@case(GeminiLog)
def the_same_messages_in_another_session() -> Case:
    one, other = talk(1, 2), talk(1, 2, session="11111111-983e-48bf-a82b-7c7f71d7d210")
    return Case({at(one): one.bytes(), at(other): other.bytes()}, [1, 1, 2, 2])


@case(GeminiLog)
def a_resumed_session_that_lists_messages_without_tokens() -> Case:
    one = talk(1, 2).first()
    one.sets(messages=[one.message(f"m{number}", None) for number in (1, 2)])
    return Case({at(one): one.responds("m3", gemini_logs.used(3)).bytes()}, [1, 2, 3])


@case(GeminiLog)
def two_files_of_one_session() -> Case:
    one, two = talk(1, 2), talk(3)
    second = at(two).replace("T02-00", "T05-30")
    return Case({at(one): one.bytes(), second: two.bytes()}, [1, 2, 3])
