"""What a transcript says about its session, and which of its lines are prompts."""

from __future__ import annotations

import pytest
from tests.support.transcript import OTHER, SESSION, START_MS, Merged, Transcript, parse

from tokendial.domain.records import EventFlag, SessionFacts

THIRD = "5907a1b2-0000-4000-8000-00000000000c"


def session(*transcripts: Transcript) -> SessionFacts:
    return parse(transcripts[0]).parsed.session


# -- the session -------------------------------------------------------------------------------------------------------


def test_a_session_is_what_its_lines_say() -> None:
    transcript = Transcript(entrypoint="claude-vscode").prompt().response(1, effort="low").result()
    transcript.response(2, effort="high", gitBranch="topic", cwd="/home/u/project/sub", version="2.1.240")
    transcript.line("system", subtype="compact_boundary").line("system", subtype="microcompact_boundary")
    found = session(transcript)
    assert (found.id, found.kind, found.parent) == (SESSION, "main", None)
    assert (found.cwd, found.branch, found.originator) == ("/home/u/project", "topic", "claude-vscode")
    assert (found.client_version, found.model, found.effort) == ("2.1.240", "claude-opus-5", "high")
    assert (found.started_ms, found.last_seen_ms) == (START_MS, START_MS + 3000)
    assert (found.context_used, found.context_window) == (1002 + 400 + 32, None)
    assert found.compactions == 1


def test_a_sub_agent_is_a_session_of_its_own() -> None:
    agent = Transcript(name="agent-a1b2", isSidechain=True, agentId="a1b2").response(1, attributionAgent="Explore")
    found = session(agent)
    assert (found.id, found.kind, found.parent, found.root) == ("agent-a1b2", "subagent", SESSION, SESSION)
    assert (found.agent, found.model, found.context_used) == ("Explore", "claude-opus-5", 1001 + 400 + 31)


def test_side_chains_say_nothing_about_the_session_around_them() -> None:
    inline = Transcript().response(1, effort="high")
    inline.response(2, usage={"input_tokens": 90_000}, isSidechain=True, effort="low")
    assert (session(inline).context_used, session(inline).effort) == (1432, "high")


def test_of_several_sessions_the_one_that_the_file_is_named_after_holds() -> None:
    """A resumed file begins with history of another session (A-10)."""
    resumed = Transcript(OTHER, name=SESSION).response(1).response(2).response(3)
    resumed.response(4, sessionId=SESSION, effort="high")
    found = session(resumed)
    assert (found.id, found.kind, found.parent, found.effort) == (SESSION, "fork", OTHER, "high")


def test_else_the_most_frequent_one_holds() -> None:
    renamed = Transcript(OTHER, name=SESSION).response(1).response(2, sessionId=THIRD).response(3, sessionId=THIRD)
    assert session(renamed).id == THIRD


def test_a_fork_names_where_it_comes_from() -> None:
    forked = Transcript(OTHER).response(1, forkedFrom={"sessionId": SESSION, "messageUuid": "x"}).response(2)
    assert (session(forked).kind, session(forked).parent) == ("fork", SESSION)


def test_a_fork_that_only_its_time_tells() -> None:
    """`--fork-session` writes its own session over the copied lines, below the prompt that began it (2.1.197)."""
    forked = Transcript(OTHER).raw(
        {"type": "queue-operation", "timestamp": "2026-07-11T03:00:00.000Z", "sessionId": OTHER}
    )
    forked.prompt().response(1).response(2, 70)
    forked.now_ms = START_MS + 3_600_000
    file = parse(forked.prompt().response(3, 80))
    found = file.parsed.session
    assert (found.kind, found.parent, found.started_ms) == ("fork", None, START_MS + 3_600_000)
    assert {event.output: bool(event.flags & EventFlag.FOREIGN_FILE) for event in file.events} == {
        100: True,
        70: True,
        80: False,
    }
    assert len(file.prompts) == 1


def test_a_fork_right_after_what_it_repeats() -> None:
    """A script forks as fast as the program starts: its copies are a quarter of a second older than the file."""
    forked = Transcript(OTHER).raw(
        {"type": "queue-operation", "timestamp": "2026-07-11T02:00:01.250Z", "sessionId": OTHER}
    )
    forked.now_ms = START_MS
    forked.prompt().response(1)
    forked.now_ms = START_MS + 1_280
    file = parse(forked.prompt().response(2, 70))
    assert (file.parsed.session.kind, len(file.prompts)) == ("fork", 1)
    assert [bool(event.flags & EventFlag.FOREIGN_FILE) for event in file.events] == [True, False]


def test_a_prompt_that_was_queued_begins_a_session_of_its_own() -> None:
    """Own lines are dated at or after their queueing (26 ms and more in all real files)."""
    usual = Transcript().raw({"type": "queue-operation", "timestamp": "2026-07-11T02:00:00.040Z", "sessionId": SESSION})
    usual.now_ms = START_MS
    usual.prompt().response(1).raw({"type": "queue-operation", "timestamp": "2026-07-11T05:00:00.000Z"}).response(2)
    file = parse(usual)
    assert (file.parsed.session.kind, len(file.prompts)) == ("main", 1)
    assert not any(event.flags & EventFlag.FOREIGN_FILE for event in file.events)


def test_a_file_that_says_nothing_is_known_by_its_name() -> None:
    found = parse(b'{"type":"mode","mode":"normal"}\n\n').parsed.session
    assert (found.id, found.kind, found.cwd) == (SESSION, "main", None)


# -- titles ------------------------------------------------------------------------------------------------------------


def titled(*lines: dict[str, object]) -> str | None:
    transcript = Transcript().response(1)
    for line in lines:
        transcript.raw({"sessionId": SESSION, **line})
    return session(transcript).title


def test_a_title_that_a_person_gave_goes_before_one_that_was_made_up() -> None:
    generated, custom = {"type": "ai-title", "aiTitle": "Made up"}, {"type": "custom-title", "customTitle": " Given "}
    assert titled(generated) == "Made up"
    assert titled(custom, generated) == titled(generated, custom) == "Given"
    assert titled(generated, {"type": "ai-title", "aiTitle": "Made up later"}) == "Made up later"
    assert titled({"type": "custom-title", "customTitle": "  "}, {"type": "custom-title"}) is None


def test_a_summary_is_the_title_of_the_session_that_its_leaf_is_in() -> None:
    transcript = Transcript()
    transcript.raw(
        {"type": "summary", "summary": "Of another file", "leafUuid": "11111111-0000-4000-8000-000000000000"}
    )
    transcript.raw({"type": "summary", "summary": "Of this one", "leafUuid": "00000000-0000-4000-8000-000000000003"})
    assert session(transcript.response(1)).title is None
    assert session(transcript.response(2)).title == "Of this one"
    later = Transcript().response(1)
    later.raw({"type": "summary", "summary": "Afterwards", "leafUuid": "00000000-0000-4000-8000-000000000000"})
    assert session(later).title == "Afterwards"


# -- prompts -----------------------------------------------------------------------------------------------------------


def prompts(transcript: Transcript) -> int:
    return len(parse(transcript).prompts)


@pytest.mark.parametrize(
    "content",
    [
        "words",
        [{"type": "text", "text": "words"}],
        [{"type": "image", "source": {"type": "base64", "data": "AAAA"}}, {"type": "text", "text": "words"}],
        "<command-message>review is running</command-message>\n<command-name>/review</command-name>",
        "<bash-input>ls</bash-input>",
    ],
)
def test_what_a_person_wrote_is_a_prompt(content: object) -> None:
    transcript = Transcript().response(1).prompt(content, origin={"kind": "human"})
    file = parse(transcript)
    ((time_ms, offset, length),) = file.prompts
    assert time_ms == START_MS + 1000
    assert transcript.bytes()[offset : offset + length] + b"\n" == transcript.lines[1]


@pytest.mark.parametrize(
    "content",
    [
        "",
        None,
        7,
        [],
        [{"type": "tool_result", "tool_use_id": "t", "content": "words"}],
        [{"type": "text", "text": "words"}, {"tool_use_id": "t"}],
        "<local-command-stdout>words</local-command-stdout>",
        "<task-notification>words</task-notification>",
        "<command-name>/clear</command-name>\n<command-message>clear</command-message>",
        [{"type": "text", "text": "[Request interrupted by user]"}],
    ],
)
def test_what_the_program_writes_is_none(content: object) -> None:
    assert prompts(Transcript().prompt(content)) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"isMeta": True},
        {"isSidechain": True},
        {"isCompactSummary": True},
        {"agentId": "a1"},
        {"toolUseResult": {"stdout": ""}},
        {"toolUseResult": "Error"},
        {"origin": {"kind": "task-notification"}},
        {"forkedFrom": {"sessionId": OTHER}},
        {"sessionId": OTHER},
    ],
)
def test_what_stands_in_the_user_s_name_is_none(fields: dict[str, object]) -> None:
    assert prompts(Transcript().prompt("words", **fields)) == 0


def test_prompts_are_handed_out_once() -> None:
    transcript = Transcript().prompt("one").result("x" * 5000).prompt("two")
    file = parse(transcript)
    assert len(file.prompts) == 2
    assert file.read(transcript.prompt("three").bytes()).parsed.prompts == file.prompts[2:]
    assert len(file.prompts) == 3


def test_no_text_is_kept() -> None:
    marked = "a-marked-text"
    transcript = Transcript().prompt(marked).result(marked).response(1)
    transcript.line("attachment", attachment={"type": "x", "text": marked}).raw(
        {"type": "last-prompt", "lastPrompt": marked}
    )
    transcript.raw({"type": "queue-operation", "operation": "enqueue", "content": marked, "sessionId": SESSION})
    file: Merged = parse(transcript)
    assert marked.encode() not in file.parsed.state
    assert marked not in repr(file.parsed)


@pytest.mark.parametrize(("asked", "title", "kept"), [
    ("Fix the login page, please", "Fix the login page", None),
    ("fix the LOGIN page", "\u2018Fix\u2019 the login page\u2026", None),
    ("hi", "Hi!", None),
    ("Fix the login page", "Login page repaired", "Login page repaired"),
    ([{"type": "text", "text": "Fix the login page"}], "Fix the login page of the shop", None),
])  # fmt: skip
@pytest.mark.parametrize("first", [True, False], ids=["asked first", "named first"])
def test_a_title_that_repeats_a_prompt_is_none(asked: object, title: str, kept: str | None, first: bool) -> None:
    """It is prompt text. What a person named stays, whatever it is."""
    named: dict[str, object] = {"type": "ai-title", "aiTitle": title, "sessionId": SESSION}
    transcript = Transcript()
    transcript = transcript.prompt(asked).raw(named) if first else transcript.raw(named).prompt(asked)
    file = parse(transcript.response(1))
    assert file.parsed.session.title == kept
    assert kept is not None or title.encode() not in file.parsed.state
    custom = {"type": "custom-title", "customTitle": title, "sessionId": SESSION}
    assert session(transcript.raw(custom)).title == title
