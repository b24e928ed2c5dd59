"""The quick parser of Codex: what it finds is what the parser finds, and what is not usual is left to the parser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.damage import HOW, damaged
from tests.support.parsing import now_ms, parse
from tests.support.quick import assert_equal, read_quickly
from tests.support.rollout import START_MS, Rollout, session, usage, uuid7

from tokendial.domain.records import ParsedFile
from tokendial.ingest.reader import read_file
from tokendial.ingest.work import Task, read_group
from tokendial.providers.codex import CODEX, library
from tokendial.providers.codex.parser import CodexParser

pytestmark = pytest.mark.skipif(not library.available(), reason="no C compiler built the compiled reader")
NOW = now_ms()
PARENT = "019f4efb-ae76-7e30-b44e-3fa464c16193"


def limits(used: float = 12.5, **fields: object) -> dict[str, object]:
    """A snapshot with both windows."""
    week = {"used_percent": used / 2, "window_minutes": 10_080, "resets_at": 1_790_400_000}
    window = {"used_percent": used, "window_minutes": 300, "resets_at": 1_790_000_000}
    named = {"limit_id": "codex", "limit_name": None, "primary": window, "secondary": week, "credits": None}
    return {**named, "individual_limit": None, "plan_type": "plus", **fields}


def answered(rollout: Rollout, responses: int = 3, first: int = 0) -> Rollout:
    for place in range(first, first + responses):
        rollout.prompt().count(usage(place), limits(10.0 + place))
    return rollout


def windows_places() -> Rollout:
    place = 'C:\\Users\\me\\"quoted" and é\\x'
    rollout = Rollout(number=1).meta(cwd=place, git={"branch": "feature\\x", "commit_hash": "0" * 40})
    return answered(rollout.turn("gpt-5.5", "high", cwd=place))


def changing_turns() -> Rollout:
    rollout = Rollout(number=2).meta(originator=None)
    answered(rollout.turn("gpt-5.5", "low"))
    answered(rollout.turn("gpt-5.5", None, collaboration_mode={"settings": {"reasoning_effort": "high"}}), first=9)
    answered(rollout.turn(None, "", cwd="/elsewhere"), first=20)
    return answered(rollout.turn("gpt-5.4-mini", "low").turn("gpt-5.5", "low"), first=30)


def tiers() -> Rollout:
    rollout = Rollout(number=3).meta().turn()
    for place, tier in enumerate(("priority", "default", "flex", None, "")):
        rollout.settings(service_tier=tier, model="gpt-5.5" if place % 2 else "gpt-5.4", cwd="/x")
        answered(rollout.turn(), 1, first=place)
    return answered(rollout.settings(reasoning_effort="xhigh"), first=20)


def reviewed() -> Rollout:
    rollout = answered(Rollout(number=4).meta().turn())
    answered(rollout.event("entered_review_mode", target={"type": "custom"}), first=10)
    return answered(rollout.event("exited_review_mode", review_output=None), first=20)


def sub_agent() -> Rollout:
    spawn = {"parent_thread_id": PARENT, "depth": 1, "agent_nickname": "Kant", "agent_role": "worker"}
    rollout = Rollout(number=5).meta(source={"subagent": {"thread_spawn": spawn}}, session_id=PARENT)
    return answered(rollout.turn())


def other_sub_agent() -> Rollout:
    return answered(Rollout(number=6).meta(source={"subagent": "review"}, parent_thread_id=PARENT).turn())


def fork() -> Rollout:
    parent = answered(Rollout(number=7).meta().turn("gpt-5.4", "low"), 5)
    child = Rollout(START_MS + 3_600_000, number=8).meta(forked_from_id=parent.thread).copy(parent)
    return answered(child.event("task_started", turn_id=None).turn("gpt-5.5", "high"), first=40)


def fork_of_old_turns() -> Rollout:
    parent = answered(Rollout(number=7).meta().turn("gpt-5.4", "low", turn_id="12"), 5)
    child = Rollout(START_MS + 3_600_000, number=8).meta(forked_from_id=parent.thread).copy(parent)
    child.now_ms += 5000
    return answered(child.turn("gpt-5.5", "high", turn_id="13"), first=40)


def fork_by_reference() -> Rollout:
    rollout = Rollout(number=9).meta(history_base={"thread_id": PARENT, "length": 3}).meta(id=PARENT)
    return answered(rollout.turn())


def agent_of_a_fork() -> Rollout:
    parent = answered(Rollout(number=7).meta().turn(), 2)
    child = Rollout(START_MS + 3_600_000, number=8).meta(forked_from_id=parent.thread).copy(parent)
    return answered(child.line("inter_agent_communication_metadata", {"trigger_turn": True}).turn(), first=40)


def without_windows() -> Rollout:
    rollout = Rollout(number=10).meta().turn().limits_only(None).limits_only(limits(1.0))
    rollout.limits_only(limits(primary=None, secondary=None))
    rollout.count(usage(1), limits(primary=None, secondary=None)).count(usage(2), None)
    return answered(rollout, first=5)


def weeks_first() -> Rollout:
    rollout = Rollout(number=13).meta().turn()
    for place in range(3):
        said = limits(20.0 + place)
        rollout.count(usage(place), {**said, "primary": said["secondary"], "secondary": said["primary"]})
    return rollout


def with_credits() -> Rollout:
    rollout = Rollout(number=11).meta().turn()
    for place in range(3):
        credit = {"has_credits": True, "unlimited": False, "balance": "328.8343631250"}
        rollout.count(usage(place), limits(20.0 + place, credits=credit, limit_name="a\\b"))
    return rollout


def odds_and_ends() -> Rollout:
    rollout = Rollout(number=12).count(usage(1)).turn(cwd="/before").prompt().meta(agent_role="worker", cli_version="")
    rollout.count(usage(7)).turn()
    rollout.line("world_state", {"text": 'é \n "x" \\', "list": [1, -2.5, None, {}]})
    rollout.line("compacted", {"message": "", "replacement_history": [{"a": []}]}).estimate()
    rollout.event("agent_message", message="not read").event("item_completed", item={"type": "UserMessage"})
    return rollout.count(usage(2)).again(usage(2)).count(usage(3))


USUAL: tuple[Callable[[], Rollout], ...] = (
    windows_places, changing_turns, tiers, reviewed, sub_agent, other_sub_agent, fork, fork_of_old_turns,
    fork_by_reference, agent_of_a_fork, without_windows, weeks_first, with_credits, odds_and_ends,
)  # fmt: skip


@pytest.mark.parametrize("make", USUAL)
def test_what_is_usual_is_read_alike(make: Callable[[], Rollout]) -> None:
    rollout = make()
    quick = read_quickly([rollout.bytes()], rollout.name, NOW)
    assert quick is not None
    assert len(quick.events) >= 3
    assert_equal(quick, parse(rollout).parsed)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(USUAL), st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(HOW))
def test_what_is_damaged_is_read_alike_or_left_to_the_parser(
    make: Callable[[], Rollout], place: int, byte: int, how: str
) -> None:
    rollout = make()
    parse(damaged(rollout.bytes(), place, byte, how), rollout.name)


NOT_TEXT = ('"a"', '""', "null", "1", "true", "[]", "{}", '{"a":1}', '"\\u0041"', '"a/b"', '"A"', '"a\\/b"')
WHERE = (
    "id", "session_id", "timestamp", "cwd", "originator", "cli_version", "source", "agent_nickname", "git",
    "history_base", "forked_from_id", "parent_thread_id", "turn_id", "model", "effort", "collaboration_mode",
    "service_tier", "limit_id", "limit_name", "plan_type", "credits", "primary", "kind", "thread_id", "item",
)  # fmt: skip


OPENING = {
    "session_meta": b'"type":"session_meta","payload":{',
    "turn_context": b'"type":"turn_context","payload":{',
    "thread_settings": b'"thread_settings":{',
    "rate_limits": b'"rate_limits":{',
    "event_msg": b'"type":"event_msg","payload":{',
}


@pytest.mark.parametrize("field", WHERE)
@pytest.mark.parametrize("opening", OPENING.values(), ids=OPENING)
def test_odd_values_of_fields(opening: bytes, field: str) -> None:
    """Put before the other fields, so that the field is also said twice where it is one of theirs."""
    rollout = answered(fork().settings(service_tier="flex"))
    for text in NOT_TEXT:
        said = f'"{field}":{text},'.encode()
        data = b"".join(line.replace(opening, opening + said, 1) for line in rollout.lines)
        assert said in data
        parse(data, rollout.name)


@pytest.mark.parametrize(
    "line",
    [
        b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"event_msg","payload":{"type":"token_count","info":null,'
        b'"rate_limits":{"primary":{"used_percent":1.0,"window_minutes":299,"resets_in_seconds":16471}}}}',
        b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"event_msg"}',
        b"not json",
        b'{"timestamp":"2026-07-11T02:00:00.000+02:00","type":"turn_context","payload":{"model":"m"}}',
    ],
)
def test_what_is_not_usual_is_for_the_parser(line: bytes) -> None:
    rollout = session(3).raw(line)
    assert read_quickly([rollout.bytes()], rollout.name, NOW) is None


def test_empty_places_are_for_the_parser() -> None:
    for rollout in (Rollout().meta(cwd="").turn(), Rollout().meta(cwd=None).turn(cwd="")):
        assert parse(answered(rollout)).events
        assert read_quickly([rollout.bytes()], rollout.name, NOW) is None


def test_a_turn_id_that_only_has_the_bytes_of_one_ends_no_copy() -> None:
    parent = answered(Rollout(number=7).meta().turn(), 2)
    child = Rollout(START_MS + 3_600_000, number=8).meta(forked_from_id=parent.thread).copy(parent)
    child.event("task_started", turn_id=uuid7(child.now_ms)[:34] + "é")
    assert parse(answered(child, first=40)).events == []


def test_a_name_without_an_id_and_a_file_of_very_many_contexts_are_for_the_parser() -> None:
    rollout = session(2)
    assert read_quickly([rollout.bytes()], "rollout-x.jsonl", NOW) is None
    for number in range(300):
        rollout.turn("gpt-5.5", f"effort-{number}")
    assert read_quickly([rollout.bytes()], rollout.name, NOW) is None


def test_only_files_whose_state_is_not_kept_are_read_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = session(4).write(tmp_path)
    whole = read_file(CODEX, str(path), None, NOW)
    assert whole.parsed.state
    monkeypatch.setattr(CodexParser, "__init__", _not_wanted)
    quick = read_file(CODEX, str(path), None, NOW, resumable=False)
    assert_equal(quick.parsed, whole.parsed)
    assert (quick.mark, quick.replaces, quick.bytes_read) == (whole.mark, False, path.stat().st_size)
    with pytest.raises(AssertionError):
        read_file(CODEX, str(path), whole.known, NOW, resumable=False)


def test_a_file_that_is_unusual_at_its_end_is_read_whole_by_the_parser(tmp_path: Path) -> None:
    path = session(5).raw(b"{]").count(usage(9)).write(tmp_path)
    task = Task(0, str(path), path.stat().st_size, None, False)
    (done,) = read_group("codex", [task], NOW)
    assert done.result is not None
    assert _found(done.result.parsed) == (6, {"not_json": 1})
    os.truncate(path, path.stat().st_size - 10)
    (done,) = read_group("codex", [task], NOW)
    assert done.result is not None
    assert _found(done.result.parsed) == (5, {"not_json": 1})


def _found(parsed: ParsedFile) -> tuple[int, dict[str, int]]:
    return len(parsed.events), {reason: tally.records for reason, tally in parsed.refused.items()}


def _not_wanted(_self: object, *_arguments: object) -> None:
    raise AssertionError("the parser is not wanted")
