"""Lines that are not what they should be: each is counted once with a reason, and the good ones around it stay."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.parsing import Spent, parse
from tests.support.rollout import Rollout, dumps, session, usage

DEEP = b"[" * 100_000 + b"]" * 100_000
GOOD = Rollout().meta().turn().count(usage(1)).lines[2]
FIELDS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
    "total_tokens",
)
BAD_COUNTS = [
    "-1",
    "1.5",
    '"12"',
    "1e400",
    "9007199254740993",
    "9" * 400,
    "true",
    "[]",
    "{}",
    "NaN",
    "Infinity",
    "-Infinity",
]


def around(*bad: bytes) -> Rollout:
    """A session with these lines between its two responses."""
    rollout = Rollout().meta().turn().count(usage(1))
    for line in bad:
        rollout.raw(line)
    return rollout.count(usage(2))


def assert_good_kept(rollout: Rollout, refused: dict[str, int]) -> None:
    found = parse(rollout)
    assert found.spent == [Spent(*usage(1)), Spent(*usage(2))]
    assert found.refused == refused


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "not_json"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"event_msg","payload":{"ty', "not_json"),
        (b"\0" * 3772, "nul_bytes"),
        (GOOD[:60] + b"\0\0" + GOOD[62:-1], "nul_bytes"),
        (b"123", "bad_shape"),
        (b'"text"', "bad_shape"),
        (b"null", "bad_shape"),
        (b"[1,2]", "bad_shape"),
        (b'{"timestamp":5,"type":"event_msg"}', "bad_shape"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","type":5,"payload":{}}', "bad_shape"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"turn_context","payload":[]}', "bad_shape"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"event_msg","payload":"x"}', "bad_shape"),
        (b'{"a":' + DEEP + b"}", "too_deep"),
        (b'{"timestamp":5,"a":' + DEEP + b"}", "too_deep"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","type":"turn_context","payload":{"a":' + DEEP + b"}}", "too_deep"),
        (b'{"timestamp":"\xff","a":' + DEEP + b"}", "not_json"),
        (b'{"timestamp":5,"a":' + b"9" * 6000 + b"}", "not_json"),
    ],
)
def test_c24_a_bad_line_is_counted_once_with_its_reason(line: bytes, reason: str) -> None:
    assert_good_kept(around(line), {reason: 1})


@pytest.mark.parametrize(
    "line",
    [b"", b"   ", b"\r", b'{"type":"session_meta_of_tomorrow","payload":null}', b"{}", b'{"timestamp":"x"}'],
)
def test_lines_that_mean_nothing_are_not_refused(line: bytes) -> None:
    assert_good_kept(around(line), {})


@pytest.mark.parametrize(
    "mangle",
    [
        lambda line: line[:-1] + b"\r\n",
        lambda line: b"\xef\xbb\xbf" + line,
        lambda line: b"  " + line[:-1] + b" \t\n",
        lambda line: line.replace(b'"rate_limits":null', b'"note":"a\xff\xfeb"'),
        lambda line: line.replace(b'"rate_limits":null', b'"note":"a\xed\xa0\x80b"'),
        lambda line: line.replace(b'"rate_limits":null', '"note":"a\u2028\u0085\x7fb"'.encode()),
        lambda line: line.replace(b'"rate_limits":null', b'"note":"a\\u2028\\u0000b"'),
    ],
    ids=["crlf", "bom", "blanks", "invalid-utf8", "surrogate-bytes", "line-separators", "escapes"],
)
def test_odd_spellings_of_a_good_line_count(mangle: Callable[[bytes], bytes]) -> None:
    rollout = Rollout().meta().turn().count(usage(1))
    rollout.lines[-1] = mangle(rollout.lines[-1])
    assert_good_kept(rollout.count(usage(2)), {})


@pytest.mark.parametrize("half", [b"a\\ud83d", b"a\\ud83d b", b"\\udc9bx", b"\\ud83d\\ud83d\\udc9b", b"\\\\\\ud83d"])
def test_w16_half_an_emoji_costs_no_line(half: bytes) -> None:
    """What is left of a text that was cut within a pair: no response, no setting and no prompt is lost by it."""
    begun = Rollout().meta().turn()
    begun.lines[-1] = begun.lines[-1].replace(b'"cwd":"', b'"cwd":"' + half, 1)
    assert half in begun.lines[-1]
    begun.event("user_message", message="words").count(usage(1)).count(usage(2))
    begun.lines[-3] = begun.lines[-3].replace(b"words", half)
    begun.lines[-2] = begun.lines[-2].replace(b'"rate_limits":null', b'"rate_limits":{"limit_name":"' + half + b'"}')
    begun.lines[-1] = begun.lines[-1].replace(b'"timestamp"', b'"note":"' + half + b'","timestamp"')
    assert_good_kept(begun, {})
    found = parse(begun)
    assert len(found.parsed.prompts) == 1
    assert {label.model for label in found.labels} == {"gpt-5.5"}
    offsets = [prompt.offset for prompt in found.parsed.prompts]
    assert offsets == [sum(map(len, begun.lines[:-3]))], "no byte moves"


def test_c24_hard_wrapped_lines_are_refused_piece_by_piece() -> None:
    torn = [GOOD[at : at + 70] for at in range(0, len(GOOD) - 1, 70)]
    found = parse(around(*torn[:-1], torn[-1].rstrip(b"\n")))
    assert found.spent == [Spent(*usage(1)), Spent(*usage(2))]
    assert sum(found.refused.values()) == len(torn)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", BAD_COUNTS)
def test_r8_a_count_that_is_no_count_is_refused(field: str, value: str) -> None:
    for part in ("total_token_usage", "last_token_usage"):
        line = json.loads(GOOD)
        line["payload"]["info"][part][field] = "@"
        assert sum(parse(around(dumps(line).replace('"@"', value).encode())).refused.values()) == 1
        assert parse(around(dumps(line).replace('"@"', value).encode())).spent == [Spent(*usage(1)), Spent(*usage(2))]


@pytest.mark.parametrize("value", BAD_COUNTS)
def test_a_context_window_that_is_no_count_is_refused(value: str) -> None:
    line = GOOD.replace(b'"model_context_window":258400', b'"model_context_window":' + value.encode())
    assert sum(parse(around(line[:-1])).refused.values()) == 1


@pytest.mark.parametrize("value", ["null", None])
def test_a_missing_count_is_zero(value: str | None) -> None:
    line = json.loads(GOOD)
    for part in ("total_token_usage", "last_token_usage"):
        if value is None:
            del line["payload"]["info"][part]["cached_input_tokens"]
        else:
            line["payload"]["info"][part]["cached_input_tokens"] = None
    found = parse(Rollout().meta().raw(dumps(line).encode()))
    assert found.spent == [Spent(1001, 0, 0, usage(1).output, usage(1).reasoning)]


def test_totals_near_the_limit_never_overflow() -> None:
    huge = {"input_tokens": 2**53, "output_tokens": 1, "total_tokens": 2**53}
    rollout = Rollout().meta()
    for number in range(1100):
        rollout.counters(None, {**huge, "output_tokens": number})
    assert parse(rollout).refused == {}


@pytest.mark.parametrize(
    "time",
    [
        "",
        "never",
        "0000-00-00T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "2026-02-30T00:00:00.000Z",
        "2026-07-11T25:00:00.000Z",
        "2026-07-11T02:61:00.000Z",
        "2026-07-11T02:00:60.000Z",
        "1970-01-01T00:00:00.000Z",
        "2019-12-31T23:59:59.999Z",
        "2999-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
        "-026-07-11T02:00:00.000Z",
        "1783735200",
        "2026-07-11T02:00:00.000+99:00",
    ],
)
def test_t4_a_bad_time_is_refused_and_never_today(time: str) -> None:
    line = GOOD.replace(json.loads(GOOD)["timestamp"].encode(), time.encode())
    assert_good_kept(around(line[:-1]), {"bad_time": 1})


@pytest.mark.parametrize(
    "time",
    [
        "2026-07-11T02:00:02.000Z",
        "2026-07-11T02:00:02Z",
        "2026-07-11T02:00:02.000000Z",
        "2026-07-11T02:00:02.000000000Z",
        "2026-07-11T02:00:02+00:00",
        "2026-07-11T04:00:02.000+02:00",
    ],
)
def test_every_way_to_write_a_time_is_the_same_instant(time: str) -> None:
    line = GOOD.replace(json.loads(GOOD)["timestamp"].encode(), time.encode())
    assert [event.time_ms for event in parse(Rollout().raw(line[:-1])).events] == [1_783_735_202_000]


def test_a_record_that_is_wrong_twice_is_refused_once() -> None:
    line = b'{"timestamp":"x","type":"token_usage_record","payload":{"response_id":"r","usage":{"input_tokens":-1}}}'
    assert_good_kept(around(line), {"bad_count": 1})


def test_the_first_refused_line_is_placed() -> None:
    rollout = around(b"bad one", b"bad two")
    assert parse(rollout).parsed.refused["not_json"].first_offset == sum(map(len, rollout.lines[:3]))


@given(st.binary(max_size=300).filter(lambda line: b"\n" not in line))
def test_r7_no_bytes_stop_a_file(line: bytes) -> None:
    found = parse(around(line))
    assert found.spent == [Spent(*usage(1)), Spent(*usage(2))]
    assert sum(found.refused.values()) <= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = ("session_meta", "turn_context", "event_msg", "token_usage_record", "compacted", "response_item")
NAMES = (
    "id",
    "usage",
    "info",
    "thread_id",
    "model",
    "effort",
    "cwd",
    "source",
    "turn_id",
    "response_id",
    "git",
    "item",
)


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON), st.sampled_from(["token_count", "x"]))
def test_r7_no_shape_of_json_stops_a_file(kind: str, payload: dict[str, Any], event: str) -> None:
    bad = {"timestamp": "2026-07-11T02:00:05.000Z", "type": kind, "payload": {"type": event, **payload}}
    found = parse(around(json.dumps(bad).encode()).count(usage(3)))
    assert sum(found.refused.values()) <= 1


def test_r7_twenty_thousand_bad_lines_among_good_ones() -> None:
    chance, rollout, bad, good = random.Random(7), Rollout().meta().turn(), 0, 0
    while bad < 20_000:
        if chance.random() < 0.2:
            rollout.count(usage(good))
            good += 1
            continue
        at, piece = chance.randrange(1, 60), chance.randbytes(3).replace(b"\n", b"x")
        rollout.raw(b"\x01" + GOOD[:at] + piece)
        bad += 1
    found = parse(rollout)
    assert found.spent == [Spent(*usage(number)) for number in range(good)]
    assert sum(found.refused.values()) == bad


def test_a_line_of_nul_bytes_at_the_end_does_not_hide_what_is_appended() -> None:
    rollout = session(1).raw(b"\0" * 500)
    assert len(parse(rollout.count(usage(9))).events) == 2
