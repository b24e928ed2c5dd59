"""Which usage a rollout adds: rules R2 to R5 and R8, and the pitfalls that belong to them."""

from __future__ import annotations

import pytest
from tests.support.parsing import Spent, parse
from tests.support.rollout import START_MS, Rollout, Usage, session, usage, uuid7

from tokendial.domain.records import EventFlag

A, B, C = usage(1), usage(2), usage(3)


def begun() -> Rollout:
    return Rollout().meta().turn()


def test_r2_c5_a_null_info_adds_nothing_and_is_audited() -> None:
    found = parse(begun().limits_only().count(A).limits_only())
    assert found.spent == [Spent(*A)]
    assert found.audit == {"null_info": 2, "counted": 1}


def test_r2_an_info_without_counters_adds_nothing() -> None:
    assert parse(begun().counters(None, None).count(A)).audit == {"null_info": 1, "counted": 1}


def test_r3_c2_re_emitted_counters_are_counted_once() -> None:
    rollout = begun()
    for last in (A, B, C):
        rollout.count(last).again(last)
    found = parse(rollout)
    assert found.spent == [Spent(*A), Spent(*B), Spent(*C)]
    assert found.audit == {"counted": 3, "duplicate": 3}


def test_r3_c2_the_whole_vector_is_compared_not_only_its_total() -> None:
    first, second = Usage(100, 0, 0, 20, 0), Usage(90, 50, 0, 30, 5)
    other = Usage(110, 10, 0, 10, 0)
    rollout = begun().counters(first.json(), first.json()).counters(second.json(), second.json())
    assert parse(rollout.counters(other.json(), other.json())).spent == [Spent(*first), Spent(*second), Spent(*other)]


def test_r3_interleaved_counters_are_told_apart() -> None:
    """Two counters in one file, their totals in turn; each line twice."""
    one, two, rollout = Usage(), Usage(), begun()
    for number in range(4):
        one, two = one.plus(usage(number)), two.plus(usage(100 + number))
        for _ in range(2):
            rollout.counters(one.json(), usage(number).json()).counters(two.json(), usage(100 + number).json())
    found = parse(rollout)
    assert sorted(found.spent) == sorted(Spent(*usage(n)) for n in (0, 1, 2, 3, 100, 101, 102, 103))
    assert found.audit == {"counted": 8, "duplicate": 8}


def test_r4_c4_an_estimate_after_compaction_adds_nothing_and_the_counter_goes_on() -> None:
    found = parse(begun().count(A).estimate(50_000).count(B))
    assert found.spent == [Spent(*A), Spent(*B)]
    assert "gap" not in found.audit


def test_r4_an_estimate_with_a_new_total_adds_nothing() -> None:
    rollout = begun().counters({"total_tokens": 4_000}, {"total_tokens": 4_000}).count(A)
    assert parse(rollout).audit["estimate"] == 1
    assert parse(rollout).spent == [Spent(*A)]


def test_r5_c3_a_total_that_is_reset_because_the_window_is_full_is_never_subtracted() -> None:
    full = {"total_tokens": 258_400}
    after = {**B.json(), "total_tokens": 258_400 + B.total}
    found = parse(begun().count(A).counters(full, {"total_tokens": 200}).counters(after, B.json()))
    assert found.spent == [Spent(*A), Spent(*B)]
    assert "gap" not in found.audit


def test_r5_c3_a_resume_up_to_0_77_begins_its_counter_anew() -> None:
    rollout = begun().count(A).count(B)
    rollout.total = Usage()
    found = parse(rollout.meta(cli_version="0.77.0").turn().count(C).count(A))
    assert found.spent == [Spent(*A), Spent(*B), Spent(*C), Spent(*A)]
    assert [event.flags & EventFlag.FRESH_COUNTER for event in found.events] == [1, 0, 1, 0]
    assert "gap" not in found.audit


def test_r5_missing_lines_leave_a_gap_and_add_only_the_last() -> None:
    rollout = begun().count(A)
    rollout.total = rollout.total.plus(B)
    found = parse(rollout.count(C))
    assert found.spent == [Spent(*A), Spent(*C)]
    assert found.audit["gap"] == 1
    assert found.events[1].flags & EventFlag.GAP


def test_r5_without_a_last_the_growth_of_the_total_is_taken() -> None:
    rollout = begun().counters(A.json(), None).counters(A.plus(B).json(), None)
    assert parse(rollout).spent == [Spent(*A), Spent(*B)]


def test_r5_without_a_last_a_decrease_adds_nothing_negative() -> None:
    rollout = begun().counters(A.plus(B).json(), None).counters(A.json(), None)
    assert all(part >= 0 for event in parse(rollout).events for part in event[3:9])


def test_r5_without_a_total_the_last_is_taken() -> None:
    assert parse(begun().counters(None, A.json()).counters(None, B.json())).spent == [Spent(*A), Spent(*B)]


def test_r8_c16_a_record_and_its_later_token_count_are_one_response() -> None:
    rollout = begun().record(A, "resp_a").prompt().count(A).record(B, "resp_b").count(B).again(B)
    found = parse(rollout)
    assert found.spent == [Spent(*A), Spent(*B)]
    assert found.audit == {"counted": 2, "paired": 2, "duplicate": 1}


def test_r8_records_pair_by_value_however_late_and_in_whatever_order() -> None:
    rollout = begun().record(A, "resp_a").record(B, "resp_b")
    rollout.now_ms += 31 * 60_000
    found = parse(rollout.count(B).count(A))
    assert found.spent == [Spent(*A), Spent(*B)]


def test_r8_two_records_of_equal_usage_are_two_responses() -> None:
    found = parse(begun().record(A, "resp_a").count(A).record(A, "resp_b").count(A))
    assert found.spent == [Spent(*A), Spent(*A)]


def test_r8_a_record_written_twice_is_one_response() -> None:
    assert parse(begun().record(A, "resp_a").record(A, "resp_a")).audit == {"counted": 1, "duplicate": 1}


def test_r8_c15_a_compaction_has_a_record_only_and_is_counted() -> None:
    rollout = begun().record(A, "resp_a").count(A).line("compacted", {"message": ""}).record(C, "resp_compaction")
    rollout.estimate().record(B, "resp_b").count(B)
    found = parse(rollout)
    assert found.spent == [Spent(*A), Spent(*C), Spent(*B)]
    assert found.parsed.session.compactions == 1


def test_r8_c16_usage_inside_a_compacted_line_is_never_counted() -> None:
    usage_record = {"response_id": "resp_x", "usage": A.json()}
    found = parse(begun().line("compacted", {"latest_token_usage_record": usage_record}).count(B))
    assert found.spent == [Spent(*B)]


def test_r8_records_of_a_foreign_thread_are_copies() -> None:
    found = parse(begun().record(A, "resp_a", thread=uuid7(START_MS - 1)).record(B, "resp_b"))
    assert found.spent == [Spent(*B)]
    assert found.audit == {"copied": 1, "counted": 1}


def test_r8_cumulative_fields_of_a_record_are_never_added() -> None:
    payload = {"response_id": "r", "usage": A.json(), "turn_token_usage": B.json(), "thread_token_usage": C.json()}
    rollout = begun()
    assert parse(rollout.line("token_usage_record", {"thread_id": rollout.thread, **payload})).spent == [Spent(*A)]


def test_r8_a_file_begun_by_an_older_client_goes_on_with_records() -> None:
    found = parse(begun().count(A).record(B, "resp_b").count(B))
    assert found.spent == [Spent(*A), Spent(*B)]
    assert "gap" not in found.audit


def test_c8_c9_c10_parts_never_overlap() -> None:
    event = parse(begun().count(Usage(1000, 600, 300, 80, 50))).events[0]
    assert (event.input, event.cache_read, event.cache_write, event.output, event.reasoning) == (100, 600, 300, 80, 50)


def test_c8_more_cached_than_given_is_clamped_and_audited() -> None:
    found = parse(begun().count(Usage(100, 160, 30, 80, 90)))
    event = found.events[0]
    assert (event.input, event.cache_read, event.cache_write, event.output, event.reasoning) == (0, 100, 0, 80, 80)
    assert found.audit["clamped"] == 1


def test_c18_the_prompt_size_is_that_of_the_single_response() -> None:
    """Small responses never add up to a long prompt; one token above the edge is another band."""
    rollout = begun()
    for number in range(400):
        rollout.count(usage(number))
    rollout.count(Usage(272_000, 0, 0, 1, 0)).count(Usage(272_001, 0, 0, 1, 0))
    bands = [label.band for label in parse(rollout).labels]
    assert set(bands[:400]) == {0}
    assert bands[400] < bands[401] == 272_000


def test_c23_a_line_of_many_megabytes_costs_nothing_else() -> None:
    rollout = begun().line("compacted", {"message": "x" * (6 << 20)}).meta(base_instructions={"text": "y" * 100_000})
    assert parse(rollout.count(A)).spent == [Spent(*A)]


def test_c26_usage_of_a_captured_stream_is_not_a_rollouts() -> None:
    rollout = begun().raw(b'{"type":"turn.completed","usage":{"input_tokens":5,"output_tokens":6}}')
    assert parse(rollout.count(A)).spent == [Spent(*A)]


def test_c28_a_record_gives_the_time_of_the_response() -> None:
    rollout = begun()
    at = rollout.now_ms
    rollout.record(A, "resp_a")
    rollout.now_ms += 60_000
    assert [event.time_ms for event in parse(rollout.count(A)).events] == [at]


def test_unknown_lines_and_words_in_conversation_are_passed_over() -> None:
    rollout = begun().line("response_item", {"text": '"type":"token_count" token_usage_record'})
    rollout.line("realtime_item", {"type": "token_count"}).event("agent_message", message="token_count")
    found = parse(rollout.count(A))
    assert found.audit == {"counted": 1}
    assert found.refused == {}


def test_ordinals_and_metadata_beside_the_payload_change_nothing() -> None:
    rollout = begun()
    for number, last in enumerate((A, B)):
        rollout.total = rollout.total.plus(last)
        info = {"total_token_usage": rollout.total.json(), "last_token_usage": last.json()}
        rollout.line("event_msg", {"type": "token_count", "info": info}, ordinal=400 + number)
        rollout.line("response_item", {"type": "message"}, ordinal=500 + number)
    assert parse(rollout).spent == [Spent(*A), Spent(*B)]


def test_lines_that_are_not_in_the_usual_form_count_as_well() -> None:
    rollout = session(3)
    spaced = b"".join(line.replace(b'":', b'" : ').replace(b',"', b' , "') for line in rollout.lines)
    assert parse(spaced, rollout.name).spent == parse(rollout).spent


def test_a_state_of_another_version_is_refused() -> None:
    from tokendial.providers.codex.state import CodexState

    state = CodexState.fresh("rollout-x")
    state.version = 999
    with pytest.raises(ValueError, match="version"):
        CodexState.load(state.dump())
    with pytest.raises(ValueError):
        CodexState.load(b"no state")
