"""Damaged and unusual lines: never an exception, nothing lost without a reason, nothing refused without one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.damage import HOW, damaged
from tests.support.transcript import (
    NOW_MS,
    SESSION,
    START_MS,
    Merged,
    Transcript,
    counts,
    message,
    parse,
    request,
    respelled,
)

from tokendial.providers.claude import CLAUDE
from tokendial.providers.claude.walk import lines_that_matter

REASONS = {"not_json", "nul_bytes", "bad_count", "bad_time", "too_deep"}
NOISE = st.text(st.characters(), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 70) | st.floats(allow_nan=False, allow_infinity=False) | NOISE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NOISE, inner, max_size=3),
    max_leaves=8,
)


def plain() -> Transcript:
    """A session with every kind of line."""
    transcript = Transcript(entrypoint="cli", slug="a-b-c").prompt("words").response(1, 1, None).response(1, 70)
    transcript.result('output \\ " \n 字').mirrored(2).response(3, isSidechain=True).line("attachment", attachment={})
    transcript.raw({"type": "summary", "summary": "S", "leafUuid": "x"}).raw({"type": "ai-title", "aiTitle": "T"})
    transcript.line("system", subtype="compact_boundary").raw({"type": "mode", "mode": "normal"})
    return transcript.prompt([{"type": "text", "text": "words"}]).response(4)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(HOW))
def test_any_damaged_byte(place: int, byte: int, how: str) -> None:
    data = damaged(plain().bytes(), place, byte, how)
    file = parse(data)
    assert set(file.refused) <= REASONS
    for line in data.split(b"\n")[:-1]:  # what has no newline is not over yet
        if line.startswith(b"{") and b'"usage"' in line and not is_json(line) and b"}{" not in line:
            assert sum(file.refused.values()) >= 1
    middle = data.find(b"\n", place % len(data)) + 1
    assert Merged(file.name).read(data[:middle]).read(data).facts() == file.facts()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1 << 10))
def test_any_bytes(noise: bytes, place: int) -> None:
    data = plain().bytes()
    at = place % len(data)
    parser = CLAUDE.logs.parser(f"{SESSION}.jsonl", NOW_MS, None)
    block = data[:at] + noise + data[at:] + b"\n" + noise
    parser.feed(block, 0, len(block), 0)
    assert set(parser.finish().refused) <= REASONS


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 1 << 20), max_size=8), st.integers(0, 1 << 20))
def test_any_chunking_and_any_spelling(cuts: list[int], seed: int) -> None:
    data = plain().bytes()
    whole = parse(data)
    assert parse(data, cuts=cuts).facts() == whole.facts()
    assert parse(respelled(data, seed)).facts(places=False) == whole.facts(places=False)
    assert len(whole.rows) == 4


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_side_fields_of_any_type_never_cost_a_response(data: st.DataObject) -> None:
    """Odd versions and nulls made other tools drop whole lines (A4)."""
    line: dict[str, Any] = json.loads(Transcript().response(1, 70).lines[0])
    inside: dict[str, Any] = {**message(1, 70)}
    usage = counts(1, 70)
    sides = (
        "version",
        "cwd",
        "gitBranch",
        "effort",
        "entrypoint",
        "isMeta",
        "toolUseResult",
        "data",
        "summary",
        "origin",
    )
    for name in data.draw(st.sets(st.sampled_from(sides))):
        line[name] = data.draw(JSON)
    for name in data.draw(st.sets(st.sampled_from(("content", "stop_reason", "stop_sequence", "container")))):
        inside[name] = data.draw(JSON)
    odd = ("service_tier", "speed", "inference_geo", "server_tool_use", "output_tokens_details", "other")
    for name in data.draw(st.sets(st.sampled_from(odd))):
        usage[name] = data.draw(JSON)
    line["message"] = {**inside, "usage": usage}
    file = parse(json.dumps(line).encode() + b"\n")
    assert file.refused == {}
    (event,) = file.events
    assert event[3:8] == (1001, 400, 11, 20, 70)


@pytest.mark.parametrize("text", ["-1", "1.5", "1e400", "9007199254740993", '"12"', "true", "[]", "NaN", "Infinity"])
@pytest.mark.parametrize(
    "part", ["input_tokens", "output_tokens", "cache_read_input_tokens", "ephemeral_1h_input_tokens"]
)
def test_counts_that_cannot_be_are_refused(part: str, text: str) -> None:
    line = Transcript().response(1).lines[0]
    head, mark, rest = line.partition(f'"{part}":'.encode())
    digits = len(rest) - len(rest.lstrip(b"0123456789"))
    file = parse(head + mark + text.encode() + rest[digits:] + Transcript().response(2).lines[0])
    assert sum(file.refused.values()) == 1
    assert set(file.refused) <= {"bad_count", "not_json"}
    assert len(file.rows) == 1


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026-07-11T02:00:00.000Z", True),
        ("2026-07-11T02:00:00Z", True),
        ("2026-07-11T04:00:00.000123+02:00", True),
        ("2026-13-11T02:00:00.000Z", False),
        ("1999-07-11T02:00:00.000Z", False),
        ("9999-07-11T02:00:00.000Z", False),
        ("", False),
        (None, False),
        (1_783_735_200, False),
    ],
)
def test_times(text: object, fits: bool) -> None:
    file = parse(Transcript().response(1, timestamp=text).prompt("words", timestamp=text))
    assert [event.time_ms for event in file.events] == ([START_MS] if fits else [])
    assert len(file.prompts) == int(fits)
    assert file.refused == ({} if fits else {"bad_time": 2})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"type":"assistant","message":{"usage":{"input_tokens":1', "not_json"),
        (b'{"type":"assistant",\0\0\0\0', "nul_bytes"),
        (b"\0\0\0\0\0\0", "nul_bytes"),
        (b"words", "not_json"),
        (b'{"type":"assistant","message":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    ],
)
def test_refused_lines_have_a_reason_and_a_place(line: bytes, reason: str) -> None:
    file = parse(Transcript().response(1).raw(line).response(2))
    assert file.refused == {reason: 1}
    assert file.parsed.refused[reason].first_offset == len(Transcript().response(1).bytes())
    assert len(file.rows) == 2


@pytest.mark.parametrize("line", [b"", b"   ", b"\r", b"[]", b"7", b'"usage"', b"null", b"{}", b'{"type":"assistant"}'])
def test_lines_that_say_nothing_are_passed_over(line: bytes) -> None:
    file = parse(Transcript().response(1).raw(line))
    assert file.refused == {}
    assert len(file.rows) == 1


def test_carriage_returns_byte_order_marks_and_broken_text_cost_nothing() -> None:
    usual = plain()
    assert parse(usual.bytes().replace(b"\n", b"\r\n")).facts(places=False) == parse(usual).facts(places=False)
    assert len(parse(b"\xef\xbb\xbf" + Transcript().response(1).bytes()).rows) == 1
    broken = Transcript().response(1, cwd="/home/u/CUT").bytes().replace(b"CUT", b"\xff\xfe")
    file = parse(broken)
    assert (len(file.rows), file.refused) == (1, {})


def test_halves_of_surrogate_pairs_cost_nothing() -> None:
    """Output that was cut in the middle of an emoji."""
    usual = Transcript().response(1, cwd="/home/u/CUT").lines[0]
    file = parse(usual.replace(b'"words"', b'"\\ud83d"').replace(b"CUT", b"\\ud83d-\\ud83d\\ude00"))
    ((_, labels),) = file.rows.values()
    assert labels.project == "/home/u/\ufffd-\U0001f600"


def test_an_open_last_line_waits_unless_it_is_whole() -> None:
    """A-12: the reader's part of it is in the support module."""
    transcript = Transcript().response(1).response(2)
    data = transcript.bytes()
    file = parse(data[:-30])
    assert len(file.rows) == 1
    assert len(file.read(data[:-1]).rows) == 2
    assert file.read(data).read(data).facts() == parse(data).facts()
    assert len(file.read(data + Transcript().response(3).bytes()).rows) == 3


def test_records_that_lost_the_newline_between_them_are_read_each() -> None:
    """A file that ended without a newline, and was written on; read at once or as it grew, it gives the same."""
    transcript = (
        Transcript().prompt("字").result("x").response(1).raw({"type": "mode", "mode": "x"}).result("y").response(2)
    )
    joined = b"".join(line.rstrip(b"\n") for line in transcript.lines)
    whole = parse(joined + b"\n")
    assert (len(whole.rows), len(whole.prompts), whole.refused) == (2, 1, {})
    growing = Merged(whole.name)
    for line in transcript.lines:
        end = joined.find(line[:-1]) + len(line) - 1
        growing.read(joined[:end])
    assert growing.read(joined + b"\n").facts() == whole.facts()
    ((_, offset, length),) = whole.prompts
    assert joined[offset : offset + length] + b"\n" == transcript.lines[0]


def test_a_record_behind_a_torn_one_is_refused_and_not_passed_over() -> None:
    torn = Transcript().result("x" * 50).lines[0][:-20]
    assert parse(torn + Transcript().response(1).bytes() + Transcript().response(2).bytes()).refused == {"not_json": 1}
    many = parse(b"{}" * 100_000 + b"{\n" + Transcript().response(1).bytes())
    assert (many.refused, len(many.rows)) == ({"not_json": 1}, 1)


def test_results_of_tools_are_passed_over_unread() -> None:
    """Else the speed would be lost, and nobody would see it."""
    transcript = Transcript(slug="a-b-c").result("x" * 100).result('"usage":{"type":"user"}').response(1).prompt()
    data = transcript.raw({"type": "file-history-snapshot", "snapshot": {}}).bytes()
    read = [data[start:stop] + b"\n" for start, stop in lines_that_matter(data, 0, len(data))]
    assert read == transcript.lines[2:4]


def test_a_record_inside_a_tool_s_input_hides_nothing() -> None:
    """The words of a tool's result, unescaped, in the input of a tool: the line is still a response."""
    inner = {
        "a": 1,
        "type": "user",
        "message": {"role": "user", "content": [{"tool_use_id": "t", "type": "tool_result"}]},
    }
    block = {"type": "tool_use", "id": "t", "name": "n", "input": inner}
    transcript = Transcript()
    transcript.raw({"sessionId": SESSION, "input": inner, **json.loads(Transcript().response(1).lines[0])})
    transcript.line("assistant", message={"content": [block], **message(2)}, requestId=request(2))
    assert len(parse(transcript).rows) == 2


def test_a_state_of_another_version_is_refused() -> None:
    for blob in (b"", b"\x81\xa7version\x63", b"nonsense"):
        with pytest.raises(ValueError, match=r"\w"):
            CLAUDE.logs.parser(f"{SESSION}.jsonl", NOW_MS, blob)


def is_json(line: bytes) -> bool:
    try:
        json.loads(line.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True
