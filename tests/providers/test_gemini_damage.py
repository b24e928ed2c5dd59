"""Whatever the bytes: the parser never raises, counts what it refuses, and keeps what is good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.gemini_logs import Holding, Talk, Used, read, used

REASONS = {"not_json", "nul_bytes", "bad_shape", "bad_count", "bad_time", "too_deep", "no_id"}
GOOD = [used(1), used(2)]


def around(*bad: bytes) -> Holding:
    """A conversation with these lines between its two responses."""
    talk = Talk().first().responds("a", used(1))
    for line in bad:
        talk.raw(line)
    return talk.responds("b", used(2)).read()


def plain() -> Talk:
    """Lines of every kind."""
    talk = Talk().first().asks("p").responds("a", used(1)).responds("a", used(1)).responds("b", used(2), None)
    talk.sets(lastUpdated="2026-07-11T02:00:00.000Z").line({"$rewindTo": "a"})
    talk.sets(messages=[talk.message("a", used(3)), talk.prompt("q", [{"text": "words"}])])
    return talk.responds("c", used(4), "gemini-3-flash")


def written() -> bytes:
    talk = Talk()
    return talk.document(talk.prompt("p"), talk.message("a", used(1)), talk.message("b", used(2)), summary="A title")


def cut(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted({at % (len(data) + 1) for at in cuts}), len(data)]
    return (data[a:b] for a, b in pairwise(edges) if b > a)


def damaged(data: bytes, place: int, byte: int, how: str) -> bytes:
    changed = bytearray(data)
    at = place % len(changed)
    if how == "flip":
        changed[at] ^= byte
    elif how == "cut":
        del changed[at : at + 1 + byte % 3]
    elif how == "insert":
        changed.insert(at, byte)
    elif how == "tear":
        del changed[at:]
    else:
        changed[at:at] = changed[at : at + byte]
    return bytes(changed)


HOW = st.sampled_from(["flip", "cut", "insert", "double", "tear"])
CUTS = st.lists(st.integers(0, 1 << 20), max_size=8)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "not_json"),
        (b'{"id":"x","timestamp":"2026-07-11T02:00:00.000Z","tok', "not_json"),
        (b"\0" * 300, "nul_bytes"),
        (b'{"id":"x\0"}', "nul_bytes"),
        (b"123", "bad_shape"),
        (b"null", "bad_shape"),
        (b"[1,2]", "bad_shape"),
        (b'{"id":5,"type":"gemini"}', "bad_shape"),
        (b'{"id":"x","timestamp":5}', "bad_shape"),
        (b'{"$set":5}', "bad_shape"),
        (b'{"$set":{"messages":5}}', "bad_shape"),
        (b'{"id":"x","tokens":[]}', "bad_count"),
        (b'{"id":"x","timestamp":"yesterday","tokens":{"input":5}}', "bad_time"),
        (b'{"timestamp":"2026-07-11T02:00:00.000Z","tokens":{"input":5}}', "no_id"),
        (b'{"id":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (b'{"$set":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "too_deep"),
        (b'{"id":"\xff","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    ],
)
def test_a_bad_line_is_counted_once_with_its_reason(line: bytes, reason: str) -> None:
    found = around(line)
    assert found.used == GOOD
    assert found.refused == {reason: 1}
    assert found.found.refused[reason].first_offset == len(b"".join(Talk().first().responds("a", used(1)).lines))


@pytest.mark.parametrize("field", ["input", "output", "cached", "thoughts", "tool"])
@pytest.mark.parametrize(
    "value", ["-1", "1.5", '"12"', "1e400", "9007199254740993", "9" * 400, "true", "[]", "{}", "NaN", "-Infinity"]
)
def test_a_count_that_is_no_count_is_refused(field: str, value: str) -> None:
    line = Talk().responds("x", {**used(5).json(), field: "@"}).lines[0].replace(b'"@"', value.encode())
    found = around(line[:-1])
    assert found.used == GOOD
    assert sum(found.refused.values()) == 1


@pytest.mark.parametrize("value", ["-1", '"12"', "null", "[]", "1e9"])
def test_total_is_not_read(value: str) -> None:
    line = Talk().responds("x", {**used(5).json(), "total": "@"}).lines[0].replace(b'"@"', value.encode())
    assert around(line[:-1]).used == [GOOD[0], used(5), GOOD[1]]


@pytest.mark.parametrize(
    ("odd", "as_read"),
    [(b"\r", b""), (b"  ", b""), (b"\xef\xbb\xbf", b"")],
    ids=["crlf", "blanks", "bom"],
)
def test_odd_spellings_of_a_good_line_count(odd: bytes, as_read: bytes) -> None:
    line = Talk().responds("x", used(5)).lines[0][:-1]
    spelled = odd + line if odd != b"\r" else line + odd
    found = around(spelled + as_read)
    assert (found.used, found.refused) == ([GOOD[0], used(5), GOOD[1]], {})


def test_a_bad_message_of_a_list_is_refused_where_it_stands() -> None:
    talk = Talk().first().responds("a", used(1))
    at = len(talk.bytes())
    found = talk.sets(messages=[5, talk.message("b", used(2))]).read()
    assert found.used == GOOD
    assert found.found.refused["bad_shape"].first_offset == at + len('{"$set":{"messages":[')


@given(st.binary(max_size=300).filter(lambda line: b"\n" not in line))
def test_no_bytes_stop_a_file(line: bytes) -> None:
    found = around(line)
    assert found.used == GOOD
    assert sum(found.refused.values()) <= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("timestamp", "type", "tokens", "model", "content", "$rewindTo", "startTime", "kind", "summary", "messages")


@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.sampled_from(["line", "set", "document"]))
def test_no_shape_of_json_stops_a_file(fields: dict[str, Any], place: str) -> None:
    data = json.dumps({"$set": fields} if place == "set" else fields).encode()
    if place == "document":
        assert set(read(Talk().path(".json"), data).refused) <= REASONS
        return
    found = around(data)
    assert found.used == GOOD
    assert set(found.refused) <= REASONS


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), HOW, CUTS)
def test_damaged_lines_give_the_same_in_any_chunking(place: int, byte: int, how: str, cuts: list[int]) -> None:
    data = damaged(plain().bytes(), place, byte, how)
    found = read(plain().path(), data, cut(data, cuts))
    assert found.content() == read(plain().path(), data).content()
    assert set(found.refused) <= REASONS


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), HOW, CUTS)
def test_a_damaged_document_is_refused_or_read_and_loses_nothing(
    place: int, byte: int, how: str, cuts: list[int]
) -> None:
    path, data = Talk().path(".json"), damaged(written(), place, byte, how)
    found = read(path, data, cut(data, cuts))
    assert found.content() == read(path, data).content()
    assert set(found.refused) <= REASONS
    after = Holding(path).document(written()).document(data)
    lost = [one for one in GOOD if one not in after.used]
    assert len(after.used) >= 2
    assert len(lost) <= 1, "one byte can change the numbers of one message"


@settings(max_examples=200, deadline=None)
@given(CUTS, st.integers(1, 40))
def test_appended_at_any_cuts_equals_one_parse(cuts: list[int], extra: int) -> None:
    talk = plain()
    for number in range(extra):
        talk.responds(f"m{number % 9}", used(number // 3), None if number % 4 else "gemini-3-pro")
    data, holding = talk.bytes(), Holding(talk.path())
    for at in sorted({at % (len(data) + 1) for at in cuts}):
        holding.append(data[:at])
    holding.append(data)
    assert holding.content() == talk.read().content()
    revised = holding.found.revised
    holding.append(data)
    assert (holding.found.events.packed, holding.found.revised, holding.found.prompts) == (b"", [], [])
    assert len(set(revised)) == len(revised)


def test_a_long_list_of_messages_is_placed_exactly() -> None:
    talk = Talk().first()
    talk.sets(messages=[talk.message(f"m{number}", Used(number + 1)) for number in range(20_000)])
    found = talk.read()
    assert len(found.rows) == 20_000
    data = talk.bytes()
    assert all(data[row.event.offset : row.event.offset + 7] == b'{"id":"' for row in found.rows.values())
