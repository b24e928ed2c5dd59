"""Which usage of a transcript counts (rules A1 to A7, pitfalls A-1 to A-16 of the log formats)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.transcript import (
    OTHER,
    SESSION,
    START_MS,
    Transcript,
    counted,
    counts,
    message,
    parse,
    per_model,
    request,
)

from tokendial.domain.records import REQUEST_BITS, EventFlag, Labels, UsageRecord

SIDE, FOREIGN = EventFlag.SIDE_CHAIN, EventFlag.FOREIGN_FILE


def only(transcript: Transcript) -> tuple[UsageRecord, Labels]:
    """The one response of a transcript."""
    (row,) = parse(transcript).rows.values()
    return row


def of(flags: int) -> EventFlag:
    return EventFlag(flags) & (SIDE | FOREIGN)


# -- one response, once (A1, A-1 to A-3) -------------------------------------------------------------------------------


def test_the_parts_never_overlap() -> None:
    event, labels = only(Transcript(entrypoint="cli", effort="high").response(1, 50))
    assert event[3:9] == (1001, 400, 11, 20, 50, 0)
    assert labels == Labels("claude-opus-5", "high", None, "/home/u/project", "cli", 0, 0)
    assert event.flags == EventFlag.GLOBAL_KEY
    assert event.time_ms == START_MS


def test_rows_of_one_response_give_the_one_with_the_largest_output() -> None:
    rows = Transcript().response(1, 1, None).response(1, 250, effort="low").response(1, 250).response(1, 0)
    event, labels = only(rows)
    assert (event.output, event.time_ms, labels.effort) == (250, START_MS, "low")
    assert event.offset == len(rows.lines[0])
    assert parse(rows).audit == {"counted": (1, 1682), "duplicate": (3, 1433 + 1682 + 1432)}


def test_the_other_counts_are_those_of_the_fullest_row() -> None:
    """A proxy sends the prompt's size only at the end."""
    rows = Transcript().response(1, 0, usage={"input_tokens": 0}).response(1, 9, usage={"input_tokens": 777})
    assert only(rows)[0].input == 777


def test_a_later_pass_corrects_what_was_handed_out() -> None:
    transcript = Transcript().response(1, 1, None).response(2)
    file = parse(transcript)
    first = file.parsed.events[0][0]
    file.read(transcript.response(1, 60).bytes())
    assert [event[0] for event in file.parsed.events] == file.parsed.revised == [first]
    assert (file.events[0].output, file.events[0].time_ms) == (60, START_MS)
    assert file.facts() == parse(transcript).facts()


def test_a_later_pass_that_only_repeats_hands_out_nothing() -> None:
    transcript = Transcript().response(1, 50)
    file = parse(transcript).read(transcript.response(1, 50).response(1, 3, None).bytes())
    assert not file.parsed.events
    assert file.parsed.revised == []
    assert file.audit["duplicate"][0] == 2


def test_a_response_that_begins_and_is_corrected_in_one_pass_is_new() -> None:
    transcript = Transcript().response(9)
    file = parse(transcript).read(transcript.response(1, 1).response(1, 60).bytes())
    assert len(file.parsed.events) == 1
    assert file.parsed.revised == []


def test_copies_in_other_files_count_once_for_the_first_session() -> None:
    """A resumed file keeps the old session's id, a fork writes its own over it (A-3)."""
    session = Transcript().response(1).response(2)
    resumed = Transcript(name=OTHER).response(1).response(2).response(3)
    forked = Transcript(OTHER, forkedFrom={"sessionId": SESSION}).response(1).response(4)
    files = [parse(one) for one in (resumed, forked, session)]
    rows = counted(files)
    assert per_model(rows.values())["claude-opus-5"].requests == 4
    assert [rows[event.key][0].flags & FOREIGN for event in files[2].events] == [0, 0]
    assert all(event.flags & FOREIGN for file in files[:2] for event in file.events)


def test_another_request_of_the_same_message_is_another_response() -> None:
    file = parse(Transcript().response(1).line("assistant", message=message(1), requestId="req_other"))
    first, second = file.rows
    assert first != second
    assert first >> REQUEST_BITS == second >> REQUEST_BITS


# -- missing ids (A2, A-14) --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identity", "unique"),
    [
        ("msg_01AbCdEfGhIjKlMn", True),
        ("msg_vrtx_01AbCd", True),
        ("msg_bdrk_01AbCd", True),
        ("chatcmpl-8a7b", True),
        ("0f0e0d0c-0b0a-4908-8706-050403020100", True),
        ("msg_20251030182214", False),
        ("msg_202509191423430ee14bc113df4c48", False),
        ("gen-1", False),
    ],
)
def test_without_a_request_id_a_message_is_known_by_itself_only_where_its_id_is_random(
    identity: str, unique: bool
) -> None:
    def file(session: str) -> Transcript:
        return Transcript(session).line("assistant", message={**message(1), "id": identity})

    assert len(counted([parse(file(SESSION)), parse(file(OTHER))])) == (1 if unique else 2)
    assert len(counted([parse(file(SESSION)), parse(file(SESSION))])) == 1


def test_without_any_id_a_line_is_known_by_its_uuid() -> None:
    nameless: dict[str, Any] = {**message(1), "id": None}
    transcript = Transcript().line("assistant", message=nameless).line("assistant", message=nameless)
    assert len(parse(transcript).rows) == 2
    assert counted([parse(transcript), parse(transcript)]).keys() == parse(transcript).rows.keys()


def test_without_a_request_id_the_low_bits_are_zero() -> None:
    event, _ = only(Transcript().line("assistant", message=message(1)))
    assert event.key & ((1 << REQUEST_BITS) - 1) == 0
    assert 0 < event.key < 1 << 63


def test_missing_cache_fields_are_zero() -> None:
    """Proxies leave them out or write null (A-14, A4)."""
    odd = {**message(1), "usage": {"input_tokens": 7, "output_tokens": 3, "cache_read_input_tokens": None}}
    assert only(Transcript().line("assistant", message=odd))[0][3:9] == (7, 0, 0, 0, 3, 0)


# -- side chains (A3, A-4) ---------------------------------------------------------------------------------------------


def test_a_side_question_that_replays_a_message_is_dropped() -> None:
    session = Transcript().response(1).line("assistant", message=message(1, 900), requestId="req_btw", isSidechain=True)
    rows = counted([parse(session)])
    assert [event.output for event, _ in rows.values()] == [100]


def test_a_side_chain_of_its_own_counts() -> None:
    inline = Transcript().response(1).response(2, isSidechain=True)
    assert [of(event.flags) for event in parse(inline).events] == [EventFlag.NONE, SIDE]
    assert len(counted([parse(inline)])) == 2


def test_a_mirrored_row_belongs_to_the_sub_agent_s_file() -> None:
    parent = Transcript().response(1).mirrored(2, 30)
    agent = Transcript(name="agent-a1", isSidechain=True, agentId="a1").response(2, 30)
    assert [of(event.flags) for event in parse(parent).events] == [EventFlag.NONE, SIDE | FOREIGN]
    assert [of(event.flags) for event in parse(agent).events] == [SIDE]
    for files in ([parent, agent], [agent, parent]):
        rows = counted(parse(one) for one in files)
        assert len(rows) == 2
        assert [of(event.flags) for event, _ in rows.values() if event.output == 30] == [SIDE]


def test_a_mirrored_row_counts_where_it_is_the_only_copy() -> None:
    event, labels = only(Transcript(entrypoint="cli").mirrored(2, 30, timestamp="2026-07-11T01:00:00.000Z"))
    assert event.output == 30
    assert event.time_ms == START_MS - 3_600_000
    assert labels.project == "/home/u/project"


def test_the_result_of_a_sub_agent_is_never_added() -> None:
    total = {"totalTokens": 9000, "usage": counts(1, 50)}
    transcript = Transcript().response(1).prompt([{"type": "tool_result", "tool_use_id": "t"}], toolUseResult=total)
    assert len(parse(transcript.raw({"type": "user", "toolUseResult": total, "message": {}})).rows) == 1


# -- what is no response (A4) ------------------------------------------------------------------------------------------


def test_synthetic_and_empty_rows_are_no_responses() -> None:
    transcript = Transcript().line("assistant", message={**message(1), "model": "<synthetic>"}, isApiErrorMessage=True)
    transcript.line("assistant", message={**message(2), "usage": {"input_tokens": None, "service_tier": "standard"}})
    transcript.line("assistant", message={**message(3), "usage": None}).line("assistant", message=None)
    file = parse(transcript)
    assert file.rows == {}
    assert file.audit == {"synthetic": (1, 0), "empty": (1, 0)}
    assert file.refused == {}


def test_a_response_that_counts_zero_is_a_request_without_tokens() -> None:
    zero = {"input_tokens": 0, "output_tokens": 0}
    event, _ = only(Transcript().line("assistant", message={**message(1), "usage": zero}, requestId=request(1)))
    assert event[3:9] == (0, 0, 0, 0, 0, 0)


# -- cache writes, tiers, searches (A5, A-5, A-6) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kinds", "short", "hour"),
    [
        (30, {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}, 10, 20),
        (30, None, 30, 0),
        (30, {}, 30, 0),
        (30, {"ephemeral_1h_input_tokens": None, "ephemeral_5m_input_tokens": 30}, 30, 0),
        (None, {"ephemeral_1h_input_tokens": 20, "ephemeral_5m_input_tokens": 5}, 5, 20),
        (30, {"ephemeral_1h_input_tokens": 50}, 0, 30),
    ],
)
def test_cache_writes_by_their_length(written: int | None, kinds: object, short: int, hour: int) -> None:
    usage = {"cache_creation_input_tokens": written, "cache_creation": kinds}
    event, _ = only(Transcript().response(1, usage=usage))
    assert (event.cache_write, event.cache_write_1h) == (short, hour)


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ({"service_tier": "standard", "speed": "standard", "inference_geo": "not_available"}, None),
        ({"service_tier": None, "speed": None, "inference_geo": None}, None),
        ({"service_tier": "standard", "speed": "fast"}, "fast"),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "batch"}, "batch"),
        ({"service_tier": "standard", "inference_geo": "us"}, "us_region"),
    ],
)
def test_what_a_request_is_charged_by(said: dict[str, object], tier: str | None) -> None:
    assert only(Transcript().response(1, usage=said))[1].tier == tier


def test_web_searches_are_counted_once_for_a_response() -> None:
    searched = {"server_tool_use": {"web_search_requests": 3, "web_fetch_requests": 1}}
    file = parse(Transcript().response(1, 1, usage=searched).response(1, 90, usage=searched).response(2))
    assert file.audit["web_search"] == (3, 0)


def test_thinking_is_inside_the_output() -> None:
    thought = {"output_tokens_details": {"thinking_tokens": 15}}
    assert only(Transcript().response(1, 40, usage=thought))[0][7:9] == (40, 15)
    assert only(Transcript().response(1, 4, usage=thought))[0][7:9] == (4, 4)


def test_the_band_is_that_of_the_whole_prompt() -> None:
    assert only(Transcript().response(1, usage={"input_tokens": 199_569}))[1].band == 199_999
    assert only(Transcript().response(1, usage={"input_tokens": 199_570}))[1].band == 200_000


# -- iterations (A6, A-9, A-16) ----------------------------------------------------------------------------------------


def iterations(*inner: tuple[str, str | None, int]) -> dict[str, object]:
    return {"iterations": [{"type": kind, "model": model, **counts(given, 5)} for kind, model, given in inner]}


def test_an_advisor_and_a_compaction_are_billed_beside_the_response() -> None:
    usage = iterations(("message", None, 1), ("advisor_message", "claude-opus-5-5", 2), ("compaction", None, 3))
    file = parse(Transcript().response(1, 90, usage=usage).response(1, 90, usage=usage))
    found = sorted((labels.model, event.input, event.output) for event, labels in file.rows.values())
    assert found == [("claude-opus-5", 1001, 90), ("claude-opus-5", 1003, 5), ("claude-opus-5-5", 1002, 5)]
    assert len({key >> REQUEST_BITS for key in file.rows}) == 1
    assert file.audit["counted"][0] == 3
    assert file.audit["duplicate"][0] == 3


def test_an_advisor_without_a_model_has_that_of_the_line() -> None:
    transcript = Transcript().response(
        1, usage=iterations(("advisor_message", None, 2)), advisorModel="claude-haiku-4-5"
    )
    assert {labels.model for _, labels in parse(transcript).rows.values()} == {"claude-opus-5", "claude-haiku-4-5"}


def test_the_speed_of_a_response_is_not_that_of_its_advisor() -> None:
    usage = {**iterations(("advisor_message", "claude-haiku-4-5", 2), ("compaction", None, 3)), "speed": "fast"}
    rows = parse(Transcript().response(1, usage=usage)).rows.values()
    assert sorted((labels.model, labels.tier) for _, labels in rows if labels.model != "claude-opus-5") == [
        ("claude-haiku-4-5", None)
    ]
    assert {labels.tier for _, labels in rows if labels.model == "claude-opus-5"} == {"fast"}


def test_several_inferences_are_one_response_with_the_context_of_the_last() -> None:
    """The top level has their sum: right for the cost, wrong for the context and for its price band."""
    usage = {**iterations(("message", None, 60_000), ("message", None, 50_000)), "input_tokens": 272_000}
    file = parse(Transcript().response(1, usage=usage))
    ((event, labels),) = file.rows.values()
    assert event.input == 272_000
    assert labels.band == 100_000
    assert file.parsed.session.context_used == 51_000 + 400 + 50_030


# -- placeholders (A7, A-8) --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "bound"),
    [
        ([(1, None)], True),
        ([(8, None), (8, None)], True),
        ([(9, None)], False),
        ([(1, None), (1, "tool_use")], False),
        ([(5, "end_turn"), (6, None)], False),
        ([(1, None), (300, None)], False),
    ],
)
def test_an_output_that_is_only_a_placeholder_is_a_lower_bound(rows: list[tuple[int, str | None]], bound: bool) -> None:
    transcript = Transcript()
    for output, stop in rows:
        transcript.response(1, output, stop)
    assert bool(only(transcript)[0].flags & EventFlag.LOWER_BOUND) is bound
    growing = parse(b"", transcript.name)
    for end in range(len(rows)):
        growing.read(b"".join(transcript.lines[: end + 1]))
    assert growing.facts() == parse(transcript).facts()
    assert ("lower_bound" in growing.audit) is bound


# -- models and times --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["claude-opus-5[1m]", "claude-sonnet-4@20250514", "us.anthropic.claude-opus-4-v1:0", "glm-4.5"]
)
def test_models_are_kept_as_they_are_written(name: str) -> None:
    """A8: the price lookup knows their suffixes."""
    event, labels = only(Transcript().line("assistant", message={**message(1), "model": name}))
    assert labels.model == name
    assert not event.flags & EventFlag.MODEL_ASSUMED


def test_a_missing_model_is_said() -> None:
    event, labels = only(Transcript().line("assistant", message={**message(1), "model": None}))
    assert labels.model == "unknown"
    assert event.flags & EventFlag.MODEL_ASSUMED


def test_context_windows_are_only_given_where_they_are_certain() -> None:
    def window(model: str, given: int) -> int:
        odd = {**message(1), "model": model, "usage": {"input_tokens": given, "output_tokens": 1}}
        return only(Transcript().line("assistant", message=odd))[1].context_window

    assert window("claude-sonnet-4-5-20250929", 100) == 200_000
    assert window("claude-sonnet-4-5-20250929", 200_001) == 1_000_000
    assert window("claude-opus-5[1m]", 100) == 1_000_000
    assert window("claude-opus-5", 100) == 0
