"""The compiled reader of usual lines against the one in Python: the same bytes give the same records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.damage import HOW, damaged
from tests.support.parsing import now_ms
from tests.support.quick import assert_equal, read_quickly
from tests.support.rollout import Rollout, session, usage

from tokendial.domain.records import ParsedFile
from tokendial.ingest.reader import feed_lines
from tokendial.providers.codex import CODEX, library, parser
from tokendial.providers.codex.parser import CodexParser

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "codex"
pytestmark = pytest.mark.skipif(not library.available(), reason="no C compiler built the compiled reader")
NOW = now_ms()
LIMITS = {
    "limit_id": "codex",
    "primary": {"used_percent": 12.5, "window_minutes": 300, "resets_at": 1_790_000_000},
    "secondary": None,
    "credits": None,
    "plan_type": "plus",
}


def read(data: bytes, name: str, *, compiled: bool, cuts: tuple[int, ...] = ()) -> ParsedFile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "available", lambda: compiled)
        reading = CODEX.logs.parser(name, NOW, None)
    feed_lines(reading, pieces(data, cuts), 0)
    return reading.finish()


def pieces(data: bytes, cuts: tuple[int, ...]) -> Iterator[bytes]:
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return (data[a:b] for a, b in pairwise(edges) if b > a)


def assert_same(data: bytes, name: str, cuts: tuple[int, ...] = ()) -> ParsedFile:
    found, other = (read(data, name, compiled=compiled, cuts=cuts) for compiled in (True, False))
    assert found.state == other.state
    assert_equal(found, other)
    if quick := read_quickly(pieces(data, cuts), name, NOW):
        assert_equal(quick, other)
    return found


def plain(number: int = 3) -> Rollout:
    """A session with limits, records and repeated counters."""
    rollout = Rollout(number=number).meta().turn("gpt-5.5", "high")
    for place in range(6):
        rollout.prompt().count(usage(place), LIMITS)
    return rollout.again(usage(5))


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.jsonl")), ids=lambda path: path.parts[-5])
def test_real_files(path: Path) -> None:
    found = assert_same(path.read_bytes(), path.name)
    assert found.events


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 1 << 20), max_size=8).map(tuple))
def test_any_chunking(cuts: tuple[int, ...]) -> None:
    rollout = plain()
    assert len(assert_same(rollout.bytes(), rollout.name, cuts).events) == 6


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(HOW))
def test_any_damaged_byte(place: int, byte: int, how: str) -> None:
    rollout = plain()
    assert_same(damaged(rollout.bytes(), place, byte, how), rollout.name)


NUMBERS = (
    "0",
    "00",
    "01",
    "-1",
    "1.0",
    "1e3",
    "9007199254740992",
    "9007199254740993",
    "99999999999999999",
    "null",
    '"1"',
)


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize("part", ["input_tokens", "total_tokens", "model_context_window"])
def test_odd_numbers(text: str, part: str) -> None:
    rollout = plain()
    lines = rollout.bytes().splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if b"token_count" in line)
    before, _, after = lines[at].partition(f'"{part}":'.encode())
    _, mark, rest = after.partition(b",") if b"," in after[:20] else after.partition(b"}")
    lines[at] = before + f'"{part}":{text}'.encode() + mark + rest
    assert_same(b"".join(lines), rollout.name)


TIMES = (
    "2026-02-29T10:00:00.000Z",
    "2024-02-29T10:00:00.000Z",
    "2026-13-01T10:00:00.000Z",
    "2026-07-11T24:00:00.000Z",
    "2026-07-11T10:60:00.000Z",
    "2026-07-11T10:00:60.000Z",
    "1969-12-31T23:59:59.999Z",
    "2019-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999Z",
    "2026-07-11 10:00:00.000Z",
    "2026-07-11T10:00:00+02:00",
)


@pytest.mark.parametrize("text", TIMES)
def test_odd_times(text: str) -> None:
    rollout = plain()
    lines = rollout.bytes().splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if b"token_count" in line)
    lines[at] = lines[at][:14] + text.encode() + lines[at][38:]
    assert_same(b"".join(lines), rollout.name)


RESTS = (
    b"null",
    b"{}",
    b'{"primary":5}',
    b'{"primary":{"used_percent":1,"window_minutes":300}},"info":null',
    b'null,"info":{}',
    b"{",
    b"nul",
    b"",
    b'{"a":1}},"payload":{"type":"token_count"',
    b'{"limit_id":"\xff"}',
)


@pytest.mark.parametrize("rest", RESTS)
def test_what_follows_the_counts_must_be_one_value(rest: bytes) -> None:
    rollout = plain()
    lines = rollout.bytes().splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if b"token_count" in line)
    head, mark, _ = lines[at].partition(b'"rate_limits":')
    lines[at] = head + mark + rest + b"}}\n"
    assert_same(b"".join(lines), rollout.name)


def test_usual_lines_are_read_by_the_compiled_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would compare the slow way with itself."""
    rollout = plain()
    record = {
        "timestamp": "2026-07-11T02:00:00.000Z",
        "type": "token_usage_record",
        "payload": {
            "thread_id": rollout.thread, "turn_id": "u", "session_id": "s", "root_turn_id": "r",
            "response_id": "resp_1", "usage": usage(9).json(), "turn_token_usage": usage(9).json(),
            "thread_token_usage": usage(9).json(),
        },
    }  # fmt: skip
    data = rollout.bytes() + json.dumps(record, separators=(",", ":")).encode() + b"\n"
    slow = list[bytes]()
    read = CodexParser._unusual_line
    monkeypatch.setattr(CodexParser, "_unusual_line", lambda self, line, at: slow.append(line) or read(self, line, at))
    found = assert_same(data, rollout.name)
    assert len(found.events) == 7
    assert [line for line in slow if b"token_count" in line or b"token_usage_record" in line] == []
    assert len([line for line in slow if b"turn_context" in line]) == 1


def test_more_lines_than_fit_into_one_call() -> None:
    rollout = session(700)
    assert len(assert_same(rollout.bytes(), rollout.name).events) == 700
