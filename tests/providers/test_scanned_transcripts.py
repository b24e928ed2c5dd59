"""The compiled reader of transcripts against the one in Python: the same bytes give the same records and state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import CORPUS, ROOT
from tests.support.rollout import iso
from tests.support.transcript import NOW_MS, OTHER, SESSION, START_MS, Transcript, counts, message, request, respelled

from gen_logs import generate_claude
from tokendial.domain.pricing import LONG_CONTEXT_BANDS, prompt_band
from tokendial.domain.records import ParsedFile
from tokendial.ingest.reader import feed_lines
from tokendial.providers.claude import CLAUDE, parser, scan
from tokendial.providers.claude.parser import ClaudeParser

pytestmark = pytest.mark.skipif(not scan.available(), reason="no C compiler built the compiled reader")
NAME = f"{SESSION}.jsonl"
FIXTURES = ROOT / "tests" / "fixtures" / "claude"
HOMES = [*sorted(path for path in FIXTURES.iterdir() if path.is_dir())]
MASKED = [pytest.param(CORPUS / "claude" / f"set-{number:02}", marks=pytest.mark.corpus) for number in range(1, 8)]


def read(data: bytes, name: str, *, compiled: bool, cuts: Iterable[int] = (), passes: int = 1) -> list[ParsedFile]:
    """The file read in some passes, each in pieces that are cut anywhere."""
    found: list[ParsedFile] = []
    ends = [data.find(b"\n", len(data) * number // passes) + 1 for number in range(1, passes)]
    for start, stop in pairwise([0, *ends, len(data)]):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parser, "available", lambda: compiled)
            reading = CLAUDE.logs.parser(name, NOW_MS, found[-1].state if found else None)
        feed_lines(reading, pieces(data[start:stop], cuts), start)
        found.append(reading.finish())
    return found


def pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return (data[a:b] for a, b in pairwise(edges) if b > a)


def assert_same(data: bytes, name: str = NAME, cuts: Iterable[int] = (), passes: int = 1) -> ParsedFile:
    found = read(data, name, compiled=True, cuts=cuts, passes=passes)
    assert found == read(data, name, compiled=False, cuts=cuts, passes=passes)
    return found[-1]


def full(number: int, output: int = 100, **more: object) -> dict[str, object]:
    """A usage with everything that newer versions write."""
    usage = counts(number, output, output_tokens_details={"thinking_tokens": 7}, speed="standard", inference_geo="us")
    tools = {"web_search_requests": number, "web_fetch_requests": 0}
    return {**usage, "server_tool_use": tools, "iterations": [{"type": "message", **counts(number, output)}], **more}


def plain() -> Transcript:
    """A session with every kind of line that the compiled reader reads or passes over, and some that it does not."""
    transcript = Transcript(entrypoint="cli", slug="a-b-c", effort="high").raw(
        {"type": "queue-operation", "operation": "enqueue", "timestamp": iso(START_MS), "sessionId": SESSION}
    )
    transcript.prompt("words").response(1, 1, None, full(1, 1)).response(1, 1, None, full(1, 1))
    transcript.response(1, 70, usage=full(1, 70)).result('output \\ " \n 字').response(1, 30, usage=full(1, 30))
    transcript.response(2, 50, cwd="C:\\work\\ü", gitBranch="größe/字").mirrored(2).response(3, isSidechain=True)
    transcript.response(4, usage=full(4, speed="fast")).response(4, usage=full(4, 9, speed="fast"))
    transcript.line("attachment", attachment={}).raw({"type": "ai-title", "aiTitle": "T", "sessionId": SESSION})
    transcript.response(5, usage=full(5, iterations=[{"type": "advisor_message", "model": "m", **counts(9, 9)}]))
    transcript.raw({"type": "summary", "summary": "S", "leafUuid": "00000000-0000-4000-8000-000000000010"})
    transcript.response(6).response(6, 200).response(7, forkedFrom={"sessionId": OTHER})
    return transcript.prompt([{"type": "text", "text": "words"}]).response(1, 80).response(8, usage={"speed": None})


@pytest.mark.parametrize("home", [*HOMES, *MASKED], ids=lambda path: path.name)
def test_real_files(home: Path) -> None:
    for file in CLAUDE.logs.find_files(home):
        data = Path(file.path).read_bytes()
        assert_same(data, file.path)
        assert_same(data, file.path, range(0, len(data), 30_011), passes=3)
        assert_same(respelled(data, 1), file.path)


def test_generated_files(tmp_path: Path) -> None:
    generate_claude(tmp_path, 12_000_000, seed=5)
    rows = 0
    for file in CLAUDE.logs.find_files(tmp_path):
        data = Path(file.path).read_bytes()
        rows += len(assert_same(data, file.path).events)
        assert_same(data, file.path, range(0, len(data), 9_973), passes=2)
    assert rows > 500


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 1 << 20), max_size=8), st.integers(1, 4))
def test_any_chunking(cuts: list[int], passes: int) -> None:
    found = assert_same(plain().bytes(), cuts=cuts, passes=passes)
    assert found.audit["counted"].records == 9


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 20))
def test_any_order_of_keys_with_spaces(seed: int) -> None:
    assert_same(respelled(plain().bytes(), seed))


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(["flip", "cut", "double", "insert", "join"]))
def test_any_damaged_byte(place: int, byte: int, how: str) -> None:
    data = bytearray(plain().bytes())
    at = place % len(data)
    if how == "flip":
        data[at] ^= byte
    elif how == "cut":
        del data[at]
    elif how == "insert":
        data.insert(at, byte)
    elif how == "double":
        data[at:at] = data[at : at + byte]
    else:
        data.pop(data.index(b"\n", at))
    assert_same(bytes(data))


VALUES = (
    "null", "true", "false", "0", "-0", "00", "-1", "1.0", "1e3", "1.5e+7", "12.", "1e999", '""', '"x"', '"fast"',
    "[]", "{}", "9007199254740992", "9007199254740993", "1099511627776", "1099511627777", "99999999999999999999",
    '"\\u0061"', '"\\ud83d\\ude00"',
    '"\\ud83d"', '"字"', '"\\\\"', '"\\q"', '"a\tb"', "[1,]", '{"a":{"b":[[],{}]}}',
    "nul", "", "[" * 90,
    "[" * 70 + "]" * 70, '"<synthetic>"', '"\\u003csynthetic>"', '"message"', '[{"type":"message"}]',
    '[{"type":null}]', '[{"model":5}]', '[{"input_tokens":-1}]', "[{},{}]", '{"ephemeral_1h_input_tokens":7}',
    '{"thinking_tokens":500}', '{"web_search_requests":3}', '"2026-07-11T02:00:01.000Z"', '"msg_01abcdefgh"',
    '"' + "x" * 300 + '"', '"priority"', '"us"',
)  # fmt: skip
LINE = ("type", "timestamp", "sessionId", "uuid", "requestId", "agentId", "isSidechain", "isMeta", "cwd", "gitBranch",
        "version", "entrypoint", "effort", "advisorModel", "attributionAgent", "forkedFrom", "origin", "data",
        "toolUseResult", "customTitle", "summary", "leafUuid", "subtype", "message", "other")  # fmt: skip
MESSAGE = ("id", "model", "stop_reason", "content", "usage", "other")
USAGE = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "output_tokens",
         "output_tokens_details", "server_tool_use", "service_tier", "speed", "inference_geo", "iterations",
         "other")  # fmt: skip
FIELDS = [*product([0], LINE), *product([1], MESSAGE), *product([2], USAGE)]


def spelled(changes: list[tuple[tuple[int, str], str]], *, twice: bool, kind: str = "assistant") -> bytes:
    """A row of a response with other values, each instead of its field or beside it."""
    line: dict[str, Any] = json.loads(Transcript(effort="high").response(1, 70, usage=full(1, 70)).lines[0])
    said = line.pop("message")
    objects = (line, said, said.pop("usage"))
    texts = [[f"{json.dumps(key)}:{json.dumps(value)}" for key, value in one.items()] for one in objects]
    texts[0][[text[:7] for text in texts[0]].index('"type":')] = f'"type":"{kind}"'
    inner = {name for _, name in (change[0] for change in changes)} if not twice else set()
    for place, (held, name) in enumerate(((1, "usage"), (0, "message"))):
        text = "{" + ",".join(texts[2 - place]) + "}"
        if name not in inner:
            texts[1 - place].append(f'"{name}":{text}')
        assert held == 1 - place
        for (level, key), value in changes:
            if level == held:
                texts[held] = [one for one in texts[held] if twice or not one.startswith(f'"{key}":')]
                texts[held].append(f'"{key}":{value}')
    return ("{" + ",".join(texts[0]) + "}\n").encode("utf-8", "surrogatepass")


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(VALUES)), min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(["assistant", "assistant", "user", "system"]),
)
def test_any_value_of_any_field(changes: list[tuple[tuple[int, str], str]], twice: bool, kind: str) -> None:
    line = spelled(changes, twice=twice, kind=kind)
    before = Transcript().response(1, 3, None).response(2)
    assert_same(before.bytes() + line + line + before.response(3).bytes())


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_each_odd_value_of_each_field(field: tuple[int, str]) -> None:
    for value in VALUES:
        assert_same(spelled([(field, value)], twice=False))


IDS = (None, "", "m", "msg_01abcdefgh", "msg_01abcdefg", "msg_01abcdefg-", "msg_bdrk_0", "msg_vrtx_", "msg_vrtx_a b",
       "chatcmpl-x", "chatcmpl-", SESSION, SESSION.upper(), SESSION[:-1] + "g", "msg_20251030182214", "x" * 256,
       "x" * 257, "ü")  # fmt: skip


@pytest.mark.parametrize("request_id", [None, "", "req_1", "r" * 300])
@pytest.mark.parametrize("session", [SESSION, "", None, OTHER])
def test_keys_of_all_kinds_of_ids(request_id: str | None, session: str | None) -> None:
    transcript = Transcript()
    for message_id in IDS:
        for output in (5, 9):
            said = {**message(1, output), "id": message_id}
            transcript.line("assistant", message=said, requestId=request_id, sessionId=session)
    assert_same(transcript.bytes())


TIMES = ("2026-02-29T10:00:00.000Z", "2024-02-29T10:00:00.000Z", "2026-13-01T10:00:00.000Z",
         "2026-07-11T24:00:00.000Z", "2026-07-11T10:00:60.000Z", "1969-12-31T23:59:59.999Z", "2019-12-31T23:59:59.999Z",
         "9999-12-31T23:59:59.999Z", "2026-07-11 10:00:00.000Z", "2026-07-11T10:00:00+02:00",
         "2026-07-11T10:00:00.000Zx", "", "2026-07-11")  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_odd_times(time: str) -> None:
    transcript = Transcript().response(1, 1).response(1, 5, timestamp=time).response(1, 9).response(2, timestamp=time)
    assert_same(transcript.bytes())


@pytest.mark.parametrize("step", [-3000, -1100, -1000, -900, 0, 1500])
def test_copies_are_told_by_their_time(step: int) -> None:
    """The first of a session's lines says when its file was begun; what is older was copied."""
    transcript = Transcript()
    transcript.raw({"type": "queue-operation", "timestamp": iso(START_MS + 2000 + step), "sessionId": SESSION})
    for number in (1, 1, 1, 2, 2):
        transcript.response(number, transcript.now_ms % 977)
    transcript.response(3, sessionId=OTHER).response(3, 200, sessionId=OTHER)
    assert_same(transcript.bytes())


def test_a_sub_agent_s_file() -> None:
    transcript = Transcript(isSidechain=True, agentId="a1").prompt().response(1, 1).response(1, 70).response(2)
    transcript.response(3, agentId="a2").response(4, attributionAgent="Explore").response(5, isSidechain=False)
    found = assert_same(transcript.bytes(), "agent-a1.jsonl")
    assert found.session.agent == "Explore"


def test_sessions_and_places_that_change() -> None:
    transcript = Transcript().response(1, version="2.1.1").response(1, 200, version="2.1.2", cwd="/other")
    transcript.response(2, sessionId=OTHER, gitBranch=None).response(3, entrypoint="sdk").response(3, 7, cwd=None)
    transcript.response(4, effort="low").response(4, 300, effort="high").response(5, usage={"input_tokens": 300_000})
    assert_same(transcript.bytes())


def test_prompts_at_each_band_of_prices() -> None:
    transcript, sizes = Transcript(), [band + step for band in LONG_CONTEXT_BANDS for step in (-1, 0, 1)]
    for number, size in enumerate(sizes):
        nothing = {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation": None}
        transcript.response(number, usage={**nothing, "input_tokens": size})
    found = assert_same(transcript.bytes())
    assert [found.labels[event[2]].band for event in found.events] == [prompt_band(size) for size in sizes]


def test_texts_that_are_no_utf8_are_read_as_in_python() -> None:
    for name in ("cwd", "gitBranch", "version", "uuid", "model", "slug"):
        data = Transcript(slug="XX").response(1, 5, **({name: "XX"} if name != "model" else {})).bytes()
        data = data.replace(b"claude-opus-5", b"XX") if name == "model" else data
        assert b"XX" in data
        for odd in (b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"a\\n", b"\x7f", b"\x01"):
            assert_same(data.replace(b"XX", odd) + Transcript().response(1, 9).bytes())


def slow_lines(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines that the compiled reader handed back."""
    slow = list[bytes]()
    taken = ClaudeParser._read
    with monkeypatch.context() as patch:
        patch.setattr(ClaudeParser, "_read", lambda self, line, at: slow.append(line) or taken(self, line, at))
        read(data, NAME, compiled=True)
    return slow


def test_usual_lines_are_read_by_the_compiled_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would compare the slow way with itself."""
    transcript = Transcript(slug="a-b-c", effort="high").result("x" * 100)
    for number in range(20):
        transcript.response(number, 1, None, full(number, 1)).response(number, usage=full(number)).result("y")
    data = transcript.bytes()
    assert slow_lines(data, monkeypatch) == []
    assert slow_lines(respelled(data, 3), monkeypatch) == []


def test_what_is_not_usual_is_handed_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which the compiled reader finds no usage, but whose bytes name it, is read by the other one."""
    transcript = Transcript()
    for number in range(5):
        transcript.response(number, usage={"iterations": [{"type": "compaction", **counts(7, 7)}]})
    data = transcript.bytes().replace(b'"id"', b'"\\u0069d"')
    assert slow_lines(data, monkeypatch) == data.splitlines()
    assert assert_same(data).audit["counted"].records == 10
    glued = Transcript().result("x").bytes()[:-1] + Transcript().response(1).bytes()
    assert assert_same(glued).audit["counted"].records == 1


def test_more_lines_than_fit_into_one_call() -> None:
    transcript = Transcript()
    for number in range(700):
        transcript.response(number, 1, cwd=f"/{number % 3}").response(number, 9, cwd=f"/{number % 3}")
    assert len(assert_same(transcript.bytes()).events) == 700


def test_lines_of_megabytes() -> None:
    transcript = Transcript().response(1, 1, None)
    said = {**message(1, 90), "content": [{"type": "text", "text": 'long "text" \n' * 400_000}]}
    transcript.line("assistant", message=said, requestId=request(1)).result("r" * 5_000_000).response(2)
    assert len(assert_same(transcript.bytes(), cuts=range(0, 20_000_000, 1 << 20)).events) == 2
