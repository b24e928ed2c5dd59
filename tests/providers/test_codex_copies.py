"""Copied history inside one file (R6): what was copied is not the thread's own, whatever its times say."""

from __future__ import annotations

from tests.support.parsing import Spent, parse
from tests.support.rollout import START_MS, Rollout, session, usage, uuid7

MINUTE = 60_000


def child_of(parent: Rollout, **fields: object) -> Rollout:
    child = Rollout(parent.now_ms + MINUTE, 7)
    return child.meta(forked_from_id=parent.thread, **fields)


def test_r6_c1_a_fork_counts_only_what_follows_its_own_turn() -> None:
    parent = session(3)
    child = child_of(parent).copy(parent).turn().count(usage(50)).count(usage(51))
    found = parse(child)
    assert found.spent == [Spent(*usage(50)), Spent(*usage(51))]
    assert found.audit == {"copied": 3, "counted": 2}


def test_r6_the_copied_totals_explain_the_first_own_response() -> None:
    parent = session(3)
    assert "gap" not in parse(child_of(parent).copy(parent).turn().count(usage(50))).audit


def test_r6_task_started_ends_the_copy_as_well() -> None:
    parent = session(2)
    child = child_of(parent).copy(parent)
    child.event("task_started", turn_id=uuid7(child.now_ms, 3)).count(usage(50))
    assert parse(child).spent == [Spent(*usage(50))]


def test_r6_settings_do_not_end_the_copy() -> None:
    parent = session(1)
    tail = session(1, first=20)
    child = child_of(parent).copy(parent).settings(model="gpt-5.5").copy(tail, tail.lines[-1:])
    assert parse(child.turn().count(usage(50))).audit["copied"] == 2


def test_r6_old_turn_ids_have_no_time_so_the_pause_after_the_burst_ends_the_copy() -> None:
    parent = Rollout().meta().turn(turn_id="0").count(usage(1)).turn(turn_id="1").count(usage(2))
    child = child_of(parent).copy(parent)
    child.now_ms += 90_000
    child.turn(turn_id="2").count(usage(50))
    assert parse(child).spent == [Spent(*usage(50))]


def test_r6_a_sub_agent_begins_with_the_message_that_starts_it() -> None:
    parent = session(2)
    child = child_of(parent).copy(parent, [line for line in parent.lines if b"turn_context" not in line])
    child.line("inter_agent_communication_metadata", {"trigger_turn": True}).count(usage(50))
    assert parse(child).spent == [Spent(*usage(50))]


def test_r6_a_copy_within_a_copy_ends_only_at_the_threads_own_turn() -> None:
    grandparent = session(2)
    parent = child_of(grandparent).copy(grandparent).turn().count(usage(30))
    child = child_of(parent).copy(parent).turn().count(usage(50))
    found = parse(child)
    assert found.spent == [Spent(*usage(50))]
    assert found.audit["copied"] == 3


def test_fork_from_0_153_on_counts_from_zero_although_a_foreign_meta_is_embedded() -> None:
    parent = session(2)
    child = child_of(parent).copy(parent, parent.lines[:1])
    child.total = child.total.minus(child.total)
    found = parse(child.turn().count(usage(50)).count(usage(51)))
    assert found.spent == [Spent(*usage(50)), Spent(*usage(51))]
    assert "gap" not in found.audit


def test_c20_a_fork_by_reference_goes_on_from_its_parents_total_without_a_gap() -> None:
    parent = session(4)
    child = Rollout(parent.now_ms + MINUTE, 9)
    child.meta(history_base={"thread_id": parent.thread, "end_ordinal_exclusive": 12, "end_byte_offset": 900})
    child.total = parent.total
    found = parse(child.turn().count(usage(50)).count(usage(51)))
    assert found.spent == [Spent(*usage(50)), Spent(*usage(51))]
    assert found.audit == {"counted": 2}
    assert found.parsed.session.parent == parent.thread


def test_c21_a_repeated_meta_of_the_same_thread_is_no_copy() -> None:
    rollout = session(1).meta(git={"branch": "main"}).count(usage(20)).meta().count(usage(21))
    assert parse(rollout).audit == {"counted": 3}


def test_a_copied_regions_limits_prompts_and_compactions_are_not_the_threads_own() -> None:
    limits = {"limit_id": "codex", "primary": {"used_percent": 80.0, "window_minutes": 300, "resets_at": 1_783_800_000}}
    parent = Rollout().meta().turn().prompt().count(usage(1), limits).line("compacted", {"message": ""})
    found = parse(child_of(parent).copy(parent).turn().prompt().count(usage(50)))
    assert not found.parsed.readings
    assert len(found.parsed.prompts) == 1
    assert found.parsed.session.compactions == 0


def test_the_last_copied_model_is_where_the_thread_begins() -> None:
    parent = Rollout().meta().turn("gpt-5.4").count(usage(1))
    child = child_of(parent).copy(parent)
    child.event("task_started", turn_id=uuid7(child.now_ms, 1)).count(usage(50))
    assert [label.model for label in parse(child).labels] == ["gpt-5.4"]


def test_identity_is_the_name_of_the_file_else_its_first_meta() -> None:
    rollout = session(1)
    foreign = uuid7(START_MS - 1)
    assert parse(Rollout().meta(id=foreign).bytes(), rollout.name).parsed.session.id == rollout.thread
    assert parse(rollout.bytes(), "rollout-without-an-id.jsonl").parsed.session.id == rollout.thread
