"""What a rollout says about its session: model, effort, tier, place, prompts, family (R9, R10, R12)."""

from __future__ import annotations

import pytest
from tests.support.parsing import parse, sums
from tests.support.rollout import Rollout, Usage, session, usage, uuid7

from tokendial.domain.records import EventFlag

PARENT = uuid7(1_783_000_000_000, 1)


def models(rollout: Rollout) -> list[str]:
    return [label.model for label in parse(rollout).labels]


def test_r9_the_model_of_a_response_is_the_latest_turns() -> None:
    rollout = Rollout().meta().turn("gpt-5.5").count(usage(1)).turn("gpt-5.4").count(usage(2))
    assert models(rollout) == ["gpt-5.5", "gpt-5.4"]


def test_r9_c12_settings_switch_the_model_between_turns() -> None:
    rollout = Rollout().meta().turn("gpt-5.6-sol").count(usage(1)).settings(model="gpt-5.5").count(usage(2))
    assert models(rollout) == ["gpt-5.6-sol", "gpt-5.5"]


def test_r9_settings_of_another_thread_change_nothing() -> None:
    rollout = Rollout().meta().turn("gpt-5.5")
    rollout.event("thread_settings_applied", thread_id=PARENT, thread_settings={"model": "gpt-5.4"})
    assert models(rollout.count(usage(1))) == ["gpt-5.5"]


def test_r9_c11_without_any_model_one_is_assumed_and_flagged() -> None:
    found = parse(Rollout().count(usage(1)))
    assert [label.model for label in found.labels] == ["gpt-5"]
    assert found.events[0].flags & EventFlag.MODEL_ASSUMED
    assert set(sums(found)) == {"?"}


def test_r9_c11_a_first_model_that_comes_later_holds_for_the_responses_before_it() -> None:
    found = parse(Rollout().count(usage(1)).turn("gpt-5-codex").count(usage(2)))
    assert [label.model for label in found.labels] == ["gpt-5-codex", "gpt-5-codex"]
    assert not any(event.flags & EventFlag.MODEL_ASSUMED for event in found.events)


def test_r9_c11_two_later_models_leave_the_first_responses_assumed() -> None:
    rollout = Rollout().count(usage(1)).turn("gpt-5-codex").count(usage(2)).turn("gpt-5").count(usage(3))
    found = parse(rollout)
    assert [bool(event.flags & EventFlag.MODEL_ASSUMED) for event in found.events] == [True, False, False]


@pytest.mark.parametrize(
    ("fields", "effort"),
    [
        ({"effort": "high"}, "high"),
        ({"effort": None}, None),
        ({"effort": None, "collaboration_mode": {"settings": {"reasoning_effort": "low"}}}, "low"),
    ],
)
def test_the_effort_is_that_of_the_turn(fields: dict[str, object], effort: str | None) -> None:
    rollout = Rollout().meta().turn(effort="xhigh").count(usage(1)).turn(**fields).count(usage(2))  # type: ignore[arg-type]
    assert [label.effort for label in parse(rollout).labels] == ["xhigh", effort]


@pytest.mark.parametrize(
    ("tier", "kept"),
    [("priority", "priority"), ("flex", "flex"), ("default", None), ("auto", None), (None, None)],
)
def test_r10_c17_the_tier_is_that_of_the_latest_settings(tier: str | None, kept: str | None) -> None:
    rollout = Rollout().meta().turn().count(usage(1)).settings(model="gpt-5.5", service_tier=tier).count(usage(2))
    assert [label.tier for label in parse(rollout).labels] == [None, kept]


def test_r10_the_tier_ends_with_the_next_settings() -> None:
    rollout = Rollout().meta().settings(service_tier="priority").count(usage(1)).settings(service_tier="default")
    assert [label.tier for label in parse(rollout.count(usage(2))).labels] == ["priority", None]


def test_cwd_originator_branch_and_version_come_from_the_meta() -> None:
    rollout = Rollout().meta(cwd="/srv/a", originator="codex_vscode", git={"branch": "main"}, cli_version="0.145.0")
    found = parse(rollout.turn(cwd="/srv/b").count(usage(1)).meta(cwd="/srv/a", git={"branch": "topic"}))
    facts = found.parsed.session
    assert (facts.cwd, facts.branch, facts.client_version) == ("/srv/a", "topic", "0.144.0")
    assert (found.labels[0].project, found.labels[0].originator) == ("/srv/b", "codex_vscode")


def test_prompts_of_both_forms_are_placed_and_never_stored() -> None:
    rollout = Rollout().meta().prompt("secret one")
    rollout.event("item_completed", item={"type": "UserMessage", "content": "secret two"})
    rollout.event("item_completed", item={"type": "AgentMessage"}).event("agent_message", message="x")
    found = parse(rollout)
    assert [(prompt.offset, prompt.length) for prompt in found.parsed.prompts] == [
        (sum(map(len, rollout.lines[:place])), len(rollout.lines[place]) - 1) for place in (1, 2)
    ]
    assert b"secret" not in found.parsed.state


@pytest.mark.parametrize(
    ("fields", "kind", "parent", "agent"),
    [
        ({"source": "cli"}, "main", None, None),
        ({"source": None}, "main", None, None),
        ({"source": {"subagent": "review"}}, "review", None, None),
        ({"source": {"subagent": {"other": "guardian"}}}, "guardian", None, None),
        ({"forked_from_id": PARENT}, "fork", PARENT, None),
        ({"history_base": {"thread_id": PARENT}}, "fork", PARENT, None),
        ({"parent_thread_id": PARENT, "agent_nickname": "Ada"}, "fork", PARENT, "Ada"),
        (
            {"source": {"subagent": {"thread_spawn": {"parent_thread_id": PARENT, "agent_role": "worker"}}}},
            "subagent",
            PARENT,
            "worker",
        ),
        ({"source": {"internal": {"deeper": [1]}}}, "main", None, None),
        ({"source": 5}, "main", None, None),
        ({"source": "cli", "base_instructions": {"text": "thread_spawn"}}, "main", None, None),
    ],
)
def test_r12_the_family_is_named_by_the_meta(
    fields: dict[str, object], kind: str, parent: str | None, agent: str | None
) -> None:
    facts = parse(Rollout().meta(**fields)).parsed.session
    assert (facts.kind, facts.parent, facts.agent) == (kind, parent, agent)


def test_r12_the_root_is_the_session_id() -> None:
    facts = parse(Rollout().meta(session_id=PARENT.upper())).parsed.session
    assert facts.root == PARENT
    assert facts.relatives == [PARENT]


def test_context_fill_and_window_are_those_of_the_last_response() -> None:
    rollout = Rollout().meta().turn().count(usage(1), window=258_400).count(Usage(9_000, 0, 0, 50, 0), window=353_400)
    facts = parse(rollout).parsed.session
    assert (facts.context_used, facts.context_window) == (9_050, 353_400)


def test_r11_a_response_belongs_to_the_moment_of_its_line() -> None:
    rollout = session(1)
    assert [event.time_ms for event in parse(rollout).events] == [rollout.start_ms + 3000]
    assert parse(rollout).parsed.session.last_seen_ms == rollout.start_ms + 3000


def test_c13_a_guardian_session_is_a_file_of_its_own() -> None:
    rollout = Rollout().meta(source={"subagent": {"other": "guardian"}}).turn("codex-auto-review").count(usage(1))
    found = parse(rollout)
    assert found.labels[0].model == "codex-auto-review"
    assert len(found.events) == 1
