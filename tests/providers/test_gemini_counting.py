"""Each response of a conversation once, with its last numbers at its first time (log-formats 3.3)."""

from __future__ import annotations

import json

import msgspec
import pytest
from tests.support.gemini_logs import LOGS, SESSION, START_MS, Holding, Json, Talk, Used, merged, now_ms, read, used
from tests.support.rollout import iso

from tokendial.domain.records import MESSAGE_BITS, REQUEST_BITS, EventFlag, UsageRecord


def only(holding: Holding) -> UsageRecord:
    (row,) = holding.rows.values()
    return row.event


def test_g10_input_includes_cached_and_thoughts_are_output() -> None:
    event = only(Talk().first().responds("a", Used(85_270, 83_484, 11, 208, 40)).read())
    assert event[3:9] == (85_270 - 83_484 + 11, 83_484, 0, 0, 208 + 40, 40)
    assert event.key < 1 << 63
    assert event.key % (1 << REQUEST_BITS) == 0
    assert event.key >> REQUEST_BITS < 1 << MESSAGE_BITS
    assert event.flags == EventFlag.GLOBAL_KEY


def test_cached_above_input_is_clamped_and_said() -> None:
    found = Talk().first().responds("a", Used(100, 900, 0, 5)).read()
    assert found.used == [Used(100, 100, 0, 5)]
    assert found.audit == {"counted": 1, "clamped": 1}


@pytest.mark.parametrize(("size", "band"), [(200_000, 199_999), (200_001, 200_000), (10, 0)])
def test_g11_the_band_is_that_of_the_whole_prompt(size: int, band: int) -> None:
    (row,) = Talk().first().responds("a", Used(size, 0, 0, 1)).read().rows.values()
    assert row.labels.band == band
    (row,) = Talk().first().responds("a", Used(size - 5, 0, 5, 1)).read().rows.values()
    assert row.labels.band == band


def test_g1_a_message_that_is_written_again_counts_once() -> None:
    found = Talk().first().responds("a", used(1)).responds("b", used(2)).responds("a", used(1)).read()
    assert found.used == [used(1), used(2)]
    assert found.audit == {"counted": 2, "duplicate": 1}


def test_g1_the_last_numbers_hold_at_the_first_time() -> None:
    talk = Talk().first().responds("a", used(1))
    first = only(talk.read())
    later = json.loads(talk.lines[-1]) | {"timestamp": iso(START_MS + 999_000), "tokens": used(7).json()}
    found = talk.line(later).read()
    assert found.used == [used(7)]
    assert only(found).time_ms == first.time_ms
    assert only(found).offset == len(b"".join(talk.lines[:-1]))
    assert found.audit == {"counted": 1, "corrected": 1}
    assert found.found.audit["counted"].tokens == used(7).json()["total"]


def test_g1_a_correction_of_what_was_handed_out_is_revised() -> None:
    talk = Talk().first().responds("a", used(1)).responds("b", used(2))
    holding = Holding(talk.path()).append(talk.bytes())
    keys = list(holding.rows)
    holding.append(talk.responds("a", used(3)).responds("c", used(4)).responds("c", used(5)).bytes())
    assert holding.found.revised == keys[:1]
    assert len(holding.found.events) == 2
    assert sorted(holding.used) == sorted([used(3), used(2), used(5)])
    assert holding.content() == talk.read().content()


def test_repeats_of_what_was_handed_out_are_not_handed_out_again() -> None:
    talk = Talk().first().responds("a", used(1)).asks("q")
    holding = Holding(talk.path()).append(talk.bytes())
    holding.append(talk.responds("a", used(1)).asks("q").bytes())
    assert (holding.found.events.packed, holding.found.revised, holding.found.prompts) == (b"", [], [])
    assert holding.content() == talk.read().content()


@pytest.mark.parametrize("tokens", [None, {}, {"input": 0, "output": 0}, {"input": None, "output": None, "total": 5}])
def test_no_tokens_and_zero_tokens_count_nothing_and_take_nothing_back(tokens: Json | None) -> None:
    assert Talk().first().responds("a", tokens).read().used == []
    assert Talk().first().responds("a", tokens).responds("a", used(1)).read().used == [used(1)]
    assert Talk().first().responds("a", used(1)).responds("a", tokens).read().used == [used(1)]


def test_a_response_without_tokens_that_gets_them_later_is_new() -> None:
    talk = Talk().first().responds("a", None)
    holding = Holding(talk.path()).append(talk.bytes()).append(talk.responds("a", used(1)).bytes())
    assert (holding.used, holding.found.revised) == ([used(1)], [])


def test_missing_parts_are_zero() -> None:
    assert Talk().first().responds("a", {"input": 5, "output": None}).read().used == [Used(5)]


def test_g4_a_rewind_hides_nothing_that_was_spent() -> None:
    talk = Talk().first().responds("a", used(1)).responds("b", used(2)).line({"$rewindTo": "a"}).responds("c", used(3))
    assert talk.read().used == [used(1), used(2), used(3)]


def test_g5_a_list_adds_what_is_new_and_keeps_what_it_leaves_out() -> None:
    talk = Talk().first().responds("a", used(1)).responds("b", used(2))
    talk.sets(messages=[talk.message("b", used(2)), talk.message("c", used(3)), talk.message("s", None)])
    found = talk.responds("d", used(4)).read()
    assert found.used == [used(1), used(2), used(3), used(4)]
    assert found.audit == {"counted": 4, "duplicate": 1}


def test_g5_a_list_corrects_and_its_offsets_are_those_of_the_messages() -> None:
    talk = Talk().first().responds("a", used(1)).asks("p", "first")
    talk.sets(messages=[talk.message("a", used(5)), talk.prompt("p", "first"), talk.prompt("q", "second")])
    found, data = talk.read(), talk.bytes()
    assert found.used == [used(5)]
    assert json.loads(data[only(found).offset :].partition(b"},{")[0] + b"}")["id"] == "a"
    prompts = [json.loads(data[at : at + length]) for _, at, length in found.prompts]
    assert [prompt["content"] for prompt in prompts] == ["first", "second"]


def test_g9_a_missing_model_is_the_one_before_and_flagged() -> None:
    talk = Talk().first().responds("a", used(1), "gemini-2.5-pro").responds("b", used(2), None)
    talk.responds("c", used(3), "gemini-3-flash").responds("d", used(4), None).responds("b", used(2), None)
    assert talk.read().models == ["gemini-2.5-pro", "gemini-2.5-pro?", "gemini-3-flash", "gemini-3-flash?"]
    assert talk.read().audit == {"counted": 4, "duplicate": 1}


def test_g9_before_the_first_model_it_is_the_first() -> None:
    talk = Talk().first().responds("a", used(1), None)
    holding = Holding(talk.path()).append(talk.bytes())
    assert holding.models == ["unknown?"]
    holding.append(talk.responds("b", used(2)).bytes())
    assert sorted(holding.models) == ["gemini-2.5-pro", "gemini-2.5-pro?"]
    assert len(holding.found.revised) == 1
    assert holding.content() == talk.read().content()


def test_g9_a_model_that_is_named_later_takes_the_flag_away() -> None:
    talk = Talk().first().responds("a", used(1), None).responds("a", used(1), "gemini-3-pro")
    assert talk.read().models == ["gemini-3-pro"]
    assert talk.responds("a", used(2), None).read().models == ["gemini-3-pro"], "and a correction keeps what was named"


def test_g6_without_its_first_line_a_file_belongs_to_the_session_of_its_name() -> None:
    whole = Talk().first().responds("a", used(1)).read()
    torn = Talk().responds("a", used(1)).read()
    assert (whole.found.session.id, torn.found.session.id) == (SESSION, SESSION[:8])
    assert whole.rows.keys() == torn.rows.keys(), "the same response in both"


def test_a_session_that_gets_its_id_later_is_read_anew() -> None:
    talk = Talk().responds("a", used(1))
    holding = Holding(talk.path()).append(talk.bytes())
    holding.append(talk.sets(sessionId=SESSION).bytes())
    assert (holding.full_parses, holding.found.session.id) == (1, SESSION)
    assert holding.content() == talk.read().content()


def test_g2_files_of_one_session_are_added_and_g3_twins_are_not() -> None:
    one = Talk().first().responds("a", used(1)).responds("b", used(2)).read()
    two = Talk().first().responds("c", used(3)).read()
    twin = Talk().first().responds("b", used(9)).read()
    other = Talk("11111111-983e-48bf-a82b-7c7f71d7d210").first().responds("a", used(1)).read()
    assert len(merged([(1, one), (2, two)])) == 3
    assert sorted(row.used for row in merged([(3, twin), (1, one)]).values()) == sorted([used(1), used(9)])
    assert len(merged([(1, one), (2, other)])) == 3, "the same message id in another session"


def test_prompts_are_the_words_of_people_and_never_kept() -> None:
    talk = Talk().first().asks("p", "mark-one").asks("q", [{"text": "mark-two"}]).asks("r", {"text": "mark-three"})
    talk.asks("s", [{"functionResponse": {"response": {"output": "mark-four"}}}]).asks("t", "").asks("u", [])
    talk.asks("v", [{"text": ""}]).asks("p", "mark-one").responds("a", used(1))
    found, data = talk.read(), talk.bytes()
    assert [json.loads(data[at : at + size])["id"] for _, at, size in found.prompts] == ["p", "q", "r"]
    assert b"mark" not in found.found.state
    assert "mark" not in repr(found.found)


def test_what_a_file_says_of_its_session() -> None:
    talk = Talk().first(kind="main").asks("p").responds("a", used(1)).responds("b", used(2), "gemini-3-pro")
    facts = talk.sets(summary="  Fix the\nbuild ").read().found.session
    assert (facts.id, facts.kind, facts.parent, facts.title) == (SESSION, "main", None, "Fix the build")
    assert (facts.started_ms, facts.model, facts.context_used) == (START_MS, "gemini-3-pro", used(2).json()["total"])
    assert facts.last_seen_ms == START_MS + 1000 * ord("p")
    early = Talk().responds("a", used(1)).sets(startTime=iso(START_MS - 5000)).read().found.session
    assert early.started_ms == START_MS - 5000
    long = Talk().first(summary="x" * 5000).read().found.session.title
    assert long is not None
    assert len(long) == 200
    assert Talk().first(summary=5, startTime=[], kind={}).read().refused == {}


def test_a_resumed_session_lists_its_messages_without_their_tokens() -> None:
    """0.61: another first line, and all messages again with new times: as the last word it would cost them all."""
    talk = Talk().first().asks("p").responds("a", used(1)).responds("b", used(2), "gemini-3-pro")
    before = talk.read()
    late = {"timestamp": iso(START_MS + 3_600_000)}
    stripped = [{"id": name, "type": "gemini", "content": [{"text": "words"}], **late} for name in "ab"]
    talk.first(startTime=late["timestamp"])
    talk.sets(
        messages=[{**talk.prompt("p"), **late}, *stripped, {**talk.prompt("a", [{"functionResponse": {}}]), **late}]
    )
    after = talk.responds("c", used(3), None).read()
    assert {key: after.rows[key] for key in before.rows} == before.rows
    assert after.used == [used(1), used(2), used(3)]
    assert after.prompts == before.prompts
    assert after.models == ["gemini-2.5-pro", "gemini-3-pro", "gemini-3-pro?"]
    assert after.found.session.started_ms == START_MS


def test_what_the_program_tells_the_model_first_is_no_prompt() -> None:
    talk = Talk().first().asks("s", [{"text": "<session_context>\nToday is Friday."}]).asks("p").asks("q", "<b>why</b>")
    data = talk.bytes()
    assert [json.loads(data[at : at + size])["id"] for _, at, size in talk.read().prompts] == ["p", "q"]


def test_a_sub_agent_belongs_to_the_session_whose_folder_it_lies_in() -> None:
    talk = Talk("codebase-1a2b3c").first(kind="subagent").asks("p").responds("a", used(1))
    found = read(f"home/tmp/project/chats/{SESSION}/codebase-1a2b3c.jsonl", talk.bytes())
    facts = found.found.session
    assert (facts.id, facts.kind, facts.parent, facts.root) == ("codebase-1a2b3c", "subagent", SESSION, SESSION)
    assert facts.relatives == [SESSION]
    assert only(found).flags == EventFlag.GLOBAL_KEY | EventFlag.SIDE_CHAIN
    assert found.prompts == [], "what the parent asks is no person's prompt"
    spoken = read(found.path, talk.sets(summary="what it answered").bytes())
    assert spoken.found.session.title is None
    assert b"answered" not in spoken.found.state
    flat = talk.read()
    assert (flat.found.session.kind, flat.found.session.parent) == ("subagent", None)


def test_an_unknown_line_means_nothing() -> None:
    talk = Talk().first().line({"$set": {"memoryScratchpad": {"a": 1}}}).line({"type": "tomorrow"}).line({})
    assert talk.sets(directories=["/a"]).sets().raw(b"").raw(b" \r").read().refused == {}


def test_a_state_of_another_version_is_refused() -> None:
    state = msgspec.msgpack.decode(Talk().first().read().found.state)
    for blob in (b"", b"\x00", b"\x80", msgspec.msgpack.encode([0, *state[1:]])):
        with pytest.raises(ValueError, match=r"state version|truncated|missing|Expected"):
            LOGS.parser(Talk().path(), now_ms(), blob)


@pytest.mark.parametrize("summary", ["Fix the login page", "fix the login PAGE of the shop", "Login page repaired"])
def test_a_summary_that_repeats_a_prompt_is_no_title(summary: str) -> None:
    kept = summary if summary.startswith("Login") else None
    asked = [{"text": "Fix the login page, please"}]
    after = Talk().first().asks("p", asked).sets(summary=summary).read()
    before = Talk().first(summary=summary).asks("p", asked).read()
    document = read(Talk().path(".json"), Talk().document(Talk().prompt("p", asked), summary=summary))
    for holding in (after, before, document):
        assert holding.found.session.title == kept
        assert kept is not None or summary.encode() not in holding.found.state
