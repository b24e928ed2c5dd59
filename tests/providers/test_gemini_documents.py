"""Whole documents: read anew at each change, added to what was known, and never believed when torn (G7)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.gemini_logs import (
    SESSION,
    Holding,
    Talk,
    Used,
    merged,
    now_ms,
    per_model,
    read,
    used,
)  # fmt: skip

from tokendial.ingest.reader import read_file
from tokendial.providers.gemini import GEMINI

TALK = Talk()
PATH = TALK.path(".json")
A, B, C = (TALK.message(name, used(number)) for number, name in enumerate("abc"))
P, Q = TALK.prompt("p", "first words"), TALK.prompt("q", "second words")


@pytest.mark.parametrize("indent", [None, 0, 2, 7])
def test_a_document_in_any_spelling(indent: int | None) -> None:
    data = TALK.document(P, A, Q, B, indent=indent, summary="A title")
    found = read(PATH, data)
    assert found.used == [used(0), used(1)]
    assert found.found.session.title == "A title"
    prompts = [json.loads(data[at : at + length]) for _, at, length in found.prompts]
    assert prompts == [P, Q], "each prompt stands at its offset"
    offsets = [row.event.offset for row in found.rows.values()]
    assert [json.JSONDecoder().raw_decode(data.decode(), at)[0] for at in offsets] == [A, B]


def test_a_document_that_grew_gives_what_one_reading_gives() -> None:
    holding = Holding(PATH)
    for messages in ((P,), (P, A), (P, A, Q), (P, A, Q, B)):
        holding.document(TALK.document(*messages))
    assert holding.content() == read(PATH, TALK.document(P, A, Q, B)).content()
    assert holding.document(TALK.document(P, A, Q, B)).audit == {"counted": 2}, "the same once more"


def test_prompts_move_with_the_document() -> None:
    holding = Holding(PATH).document(TALK.document(P, A))
    data = TALK.document(P, A, Q, summary="longer than before", directories=["/a"])
    holding.document(data)
    assert [json.loads(data[at : at + length])["id"] for _, at, length in holding.prompts] == ["p", "q"]


def test_what_a_document_does_not_hold_any_more_stays_counted() -> None:
    holding = Holding(PATH).document(TALK.document(P, A, B)).document(TALK.document(P, B, C))
    assert sorted(holding.used) == [used(0), used(1), used(2)]
    assert holding.audit == {"counted": 3}


def test_a_correction_keeps_the_first_time() -> None:
    holding = Holding(PATH).document(TALK.document(A))
    (before,) = holding.rows.values()
    holding.document(TALK.document({**A, "timestamp": B["timestamp"], "tokens": used(8).json()}))
    (after,) = holding.rows.values()
    assert (after.used, after.event.time_ms) == (used(8), before.event.time_ms)


WHOLE = TALK.document(P, A, Q, B)


@pytest.mark.parametrize("size", [0, 1, 30, len(WHOLE) // 2, len(WHOLE) - 1])
def test_g7_a_torn_document_leaves_everything_as_it_was(size: int) -> None:
    holding = Holding(PATH).document(WHOLE)
    before = holding.content()
    holding.document(WHOLE[:size])
    assert holding.content()[:3] == before[:3]
    assert holding.refused == {"not_json": 1}
    assert holding.document(WHOLE).content() == before, "and when it is whole again nothing is left of it"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0" * 900, "nul_bytes"),
        (b"[1,2]", "bad_shape"),
        (b"5", "bad_shape"),
        (b'{"sessionId":"x","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (b'{"sessionId":"x","messages":{"a":1}}', "bad_shape"),
        (b"words", "not_json"),
    ],
)
def test_what_is_no_conversation_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert read(PATH, data).refused == {reason: 1}
    holding = Holding(PATH).document(WHOLE)
    before = holding.content()
    assert holding.document(data).content()[:3] == before[:3]
    assert holding.refused == {reason: 1}


def test_a_document_that_is_too_large_to_be_read_leaves_everything_as_it_was() -> None:
    holding = Holding(PATH).document(WHOLE)
    before = holding.content()
    parser = GEMINI.logs.parser(PATH, now_ms(), holding.found.state)
    parser.refuse("document_too_large", 0)
    holding.take(parser.finish(), replaces=True)
    assert holding.content()[:3] == before[:3]
    assert holding.refused == {"document_too_large": 1}


def test_bad_messages_are_refused_one_by_one_where_they_stand() -> None:
    bad = {**B, "tokens": {"input": -1}}
    late = {**C, "timestamp": "2999-01-01T00:00:00.000Z"}
    data = TALK.document(A, bad, late, {**A, "id": None}, {"id": [], "tokens": {}})
    found = read(PATH, data)
    assert found.used == [used(0)]
    assert found.refused == {"bad_count": 2, "bad_time": 1, "no_id": 1}
    at = found.found.refused["bad_count"].first_offset
    assert json.JSONDecoder().raw_decode(data.decode(), at)[0] == bad


def test_half_an_emoji_costs_nothing_but_itself() -> None:
    """JavaScript cuts texts between the halves of a pair, and writes them as an escape."""
    data = json.dumps({**TALK.about(summary="cut \ud83d"), "messages": [P, {**A, "content": "\ud83d"}, Q]}).encode()
    found = read(PATH, data)
    assert (found.used, found.refused) == ([used(0)], {})
    assert [json.loads(data[at : at + length])["id"] for _, at, length in found.prompts] == ["p", "q"]


@pytest.mark.parametrize(
    "odd",
    [
        b"\xff",
        b"\xed\xa0\x80",
        b"\xe2\x80",
        b"\xf0\x9f\x98",
        b"\xe2\x80\xa8",
        b"\\\\ud83d",
        b"\\ud83d\\ude00",
        b"\\udc00",
    ],
)
def test_odd_bytes_in_texts_move_no_offset(odd: bytes) -> None:
    data = TALK.document({**P, "id": "p@"}, A, Q, summary="@").replace(b"@", odd)
    found = read(PATH, b"\xef\xbb\xbf" + data)
    assert (found.used, found.refused) == ([used(0)], {})
    pieces = [(b"\xef\xbb\xbf" + data)[at : at + length] for _, at, length in found.prompts]
    assert [(piece[:1], piece[-1:]) for piece in pieces] == [(b"{", b"}")] * 2
    assert [word in piece for word, piece in zip((b"first words", b"second words"), pieces, strict=True)] == [True] * 2


def test_g3_a_document_and_the_lines_it_was_migrated_to_count_once() -> None:
    document = read(PATH, TALK.document(P, A, B))
    lines = Talk().first().line(P).line(A).line(B).sets(sessionId=SESSION).line(C)
    twins = merged([(1, document), (2, lines.read())])
    assert per_model(twins.values()) == {"gemini-2.5-pro": used(0).plus(used(1)).plus(used(2))}
    assert {key: row.labels for key, row in document.rows.items()}.items() <= {
        k: r.labels for k, r in twins.items()
    }.items()


def test_a_file_of_lines_through_the_reader(tmp_path: Path) -> None:
    """The reader of files feeds lines as it does for every provider."""
    path = tmp_path / Path(PATH).with_suffix(".jsonl").name
    talk, known, rows = Talk().first(), None, list[tuple[int, ...]]()
    for number in range(4):
        path.write_bytes(talk.responds(f"m{number}", used(number)).bytes())
        result = read_file(GEMINI, str(path), known, now_ms())
        assert not result.replaces
        rows += result.parsed.events
        known = result.known
    assert [row[3] + row[4] for row in rows] == [used(number).input for number in range(4)]


def test_totals_near_the_limit_never_overflow() -> None:
    huge = Used(2**53, 2**53, 0, 2**53, 2**53)
    found = read(PATH, TALK.document(*(TALK.message(f"m{number}", huge) for number in range(1100))))
    assert found.refused == {}
    assert all(value < 2**63 for row in found.rows.values() for value in row.event)
