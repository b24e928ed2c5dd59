"""Claude Code transcripts: writes them line by line, parses them without a ledger, and adds up many of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
from tests.support.rollout import dumps, iso

from tokendial.domain.records import REQUEST_BITS, EventFlag, Labels, ParsedFile, PromptRecord, UsageRecord
from tokendial.ingest.reader import feed_lines
from tokendial.providers.base import LogParser
from tokendial.providers.claude import CLAUDE

START_MS = 1_783_735_200_000  # 2026-07-11T02:00:00Z
NOW_MS = START_MS + 200 * 86_400_000
SESSION = "5907a1b2-0000-4000-8000-00000000000a"
OTHER = "5907a1b2-0000-4000-8000-00000000000b"
Json = Mapping[str, Any]
Pass = tuple[ParsedFile, bytes]


class Transcript:
    """A session's log in the making. Every line is a second after the one before."""

    def __init__(self, session: str = SESSION, name: str | None = None, **common: object) -> None:
        self.session = session
        self.name = f"{name or session}.jsonl"
        self.now_ms = START_MS
        self.lines: list[bytes] = []
        self._common = {"isSidechain": False, "userType": "external", "cwd": "/home/u/project", **common}

    def line(self, kind: str, **fields: object) -> Self:
        """Any line with the fields that all have."""
        base = {"parentUuid": None, **self._common, "sessionId": self.session, "version": "2.1.232"}
        uuid = f"00000000-0000-4000-8000-{len(self.lines):012x}"
        place = {"uuid": uuid, "timestamp": iso(self.now_ms)}
        return self.raw({**base, "gitBranch": "main", "type": kind, **{**fields, **place, **fields}})

    def raw(self, line: object, end: bytes = b"\n") -> Self:
        """A record as it is, or bytes as they are."""
        self.lines.append((line if isinstance(line, bytes) else dumps(line).encode()) + end)
        self.now_ms += 1000
        return self

    def response(
        self, number: int, output: int = 100, stop: str | None = "end_turn", usage: Json | None = None, **fields: object
    ) -> Self:
        """A row of some response; no two numbers give the same ids or counts."""
        return self.line("assistant", message=message(number, output, stop, usage), requestId=request(number), **fields)

    def mirrored(self, number: int, output: int = 100, **fields: object) -> Self:
        """A sub-agent's row inside its parent."""
        inner = {"type": "assistant", "timestamp": iso(self.now_ms), "requestId": request(number), "uuid": "m"}
        inner["message"] = message(number, output)
        return self.line("progress", data={"type": "agent_progress", "agentId": "a1", "message": {**inner, **fields}})

    def prompt(self, content: object = "words", **fields: object) -> Self:
        return self.line("user", message={"role": "user", "content": content}, **fields)

    def result(self, text: str = "output", **fields: object) -> Self:
        """The result of a tool."""
        block = {"tool_use_id": "toolu_01", "type": "tool_result", "content": text}
        return self.prompt([block], toolUseResult={"stdout": text}, **fields)

    def bytes(self) -> bytes:
        return b"".join(self.lines)


def request(number: int) -> str:
    return f"req_011{number:08}"


def message(number: int, output: int = 100, stop: str | None = "end_turn", usage: Json | None = None) -> dict[str, Any]:
    """A message as the API sends it."""
    return {
        "id": f"msg_011{number:08}", "type": "message", "role": "assistant", "model": "claude-opus-5",
        "content": [{"type": "text", "text": "words"}], "stop_reason": stop,
        "usage": counts(number, output, **usage or {}),
    }  # fmt: skip


def counts(number: int, output: int, **more: object) -> dict[str, object]:
    """A usage object with five-minute and one-hour cache writes."""
    kinds = {"ephemeral_5m_input_tokens": 10 + number, "ephemeral_1h_input_tokens": 20}
    return {
        "input_tokens": 1000 + number, "cache_creation_input_tokens": 30 + number, "cache_read_input_tokens": 400,
        "cache_creation": kinds, "output_tokens": output, "service_tier": "standard", **more,
    }  # fmt: skip


class Merged:
    """A file as the ledger would know it, pass after pass."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, tuple[UsageRecord, Labels]] = {}
        self.prompts: list[PromptRecord] = []
        self.last: ParsedFile | None = None
        self._cursor = 0

    def read(self, data: bytes, cuts: Iterable[int] = ()) -> Self:
        """Read on to the end of what the file now holds; the bytes arrive cut at these places."""
        known, begin = self.last, self._cursor
        parser = CLAUDE.logs.parser(self.name, NOW_MS, known.state if known is not None else None)
        self.last = self._read_on(parser, data, begin, cuts)
        if known is None:
            assert CLAUDE.quick_parser is not None
            stateless = self._read_on(CLAUDE.quick_parser(self.name, NOW_MS), data, begin, cuts)
            assert stateless == msgspec.structs.replace(self.last, state=b"")
        assert set(self.last.revised) == {event[0] for event in self.last.events} & self.rows.keys()
        for event in map(UsageRecord._make, self.last.events):
            self.rows[event.key] = (event, self.last.labels[event.labels])
        self.prompts += self.last.prompts
        return self

    def _read_on(self, parser: LogParser, data: bytes, begin: int, cuts: Iterable[int]) -> ParsedFile:
        self._cursor = feed_lines(parser, pieces(data[begin:], cuts), begin)
        if rest := open_tail(data[self._cursor :]):
            parser.feed(rest + b"\n", 0, len(rest) + 1, self._cursor)
            self._cursor += len(rest)
        return parser.finish()

    @property
    def parsed(self) -> ParsedFile:
        assert self.last is not None
        return self.last

    @property
    def events(self) -> list[UsageRecord]:
        return [event for event, _ in self.rows.values()]

    @property
    def refused(self) -> dict[str, int]:
        return {reason: tally.records for reason, tally in self.parsed.refused.items()}

    @property
    def audit(self) -> dict[str, tuple[int, int]]:
        return {kind: (tally.records, tally.tokens) for kind, tally in self.parsed.audit.items()}

    def facts(self, *, places: bool = True) -> tuple[object, ...]:
        """What may not depend on how the bytes arrived; without places also not on how they are spelled."""
        rows = {
            key: (event._replace(labels=0, offset=event.offset if places else 0), labels)
            for key, (event, labels) in self.rows.items()
        }
        prompts = [prompt if places else prompt.time_ms for prompt in self.prompts]
        return rows, prompts, self.parsed.session, self.audit, self.refused


def parse(transcript: Transcript | bytes, name: str = f"{SESSION}.jsonl", cuts: Iterable[int] = ()) -> Merged:
    """A transcript read once, from its start."""
    if isinstance(transcript, Transcript):
        return Merged(transcript.name).read(transcript.bytes(), cuts)
    return Merged(name).read(transcript, cuts)


def pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return (data[a:b] for a, b in pairwise(edges) if b > a)


def open_tail(rest: bytes) -> bytes:
    """A last line without its newline, where it is a whole record (A-12): nothing that follows can change it."""
    try:
        return rest if isinstance(json.loads(rest), dict) else b""
    except ValueError:
        return b""


class Total(NamedTuple):
    """What was used, in the log's own terms."""

    input: int = 0
    read: int = 0
    short: int = 0
    hour: int = 0
    output: int = 0
    requests: int = 0


def counted(files: Iterable[Merged]) -> dict[int, tuple[UsageRecord, Labels]]:
    """Rules A1 and A3 over many files: what the ledger must hold of them, by key.

    Of the rows of a response the one with the largest output holds; of those one outside side chains, then one in the
    file of its own session, then the fullest, then the oldest. A side chain's response whose message has another
    response outside of side chains is a replay.
    """
    best: dict[int, tuple[UsageRecord, Labels]] = {}
    outside: set[int] = set()
    for file in files:
        for key, row in file.rows.items():
            if key not in best or rank(row[0]) > rank(best[key][0]):
                best[key] = row
            if not row[0].flags & EventFlag.SIDE_CHAIN:
                outside.add(key)
    messages = {key >> REQUEST_BITS for key in outside}
    return {key: row for key, row in best.items() if key in outside or key >> REQUEST_BITS not in messages}


def rank(event: UsageRecord) -> tuple[int, bool, bool, int, int]:
    inside, foreign = event.flags & EventFlag.SIDE_CHAIN, event.flags & EventFlag.FOREIGN_FILE
    tokens = event.input + event.cache_read + event.cache_write + event.cache_write_1h + event.output
    return event.output, not inside, not foreign, tokens, -event.time_ms


def per_model(rows: Iterable[tuple[UsageRecord, Labels]]) -> dict[str, Total]:
    totals: dict[str, Total] = {}
    for event, labels in rows:
        one = Total(event.input, event.cache_read, event.cache_write, event.cache_write_1h, event.output, 1)
        totals[labels.model] = Total(*(a + b for a, b in zip(totals.get(labels.model, Total()), one, strict=True)))
    return totals


def expected(path: Path) -> dict[str, dict[str, Total]]:
    """The totals per model of every set, as the corpus states them."""
    return {
        name: {model: _total(usage) for model, usage in entry["per_model"].items()}
        for name, entry in json.loads(path.read_text()).items()
    }


def _total(usage: Mapping[str, int]) -> Total:
    written, short, hour = usage["cache_creation_input_tokens"], usage["cache_5m"], usage["cache_1h"]
    assert written == short + hour
    used = usage["input_tokens"], usage["cache_read_input_tokens"], short, hour, usage["output_tokens"]
    return Total(*used, usage["requests"])


def respelled(data: bytes, seed: int) -> bytes:
    """The same records with their keys in another order and spaces between them."""
    chance, lines = random.Random(seed), []
    for line in data.split(b"\n"):
        if line.strip():
            lines.append(
                json.dumps(_shuffled(json.loads(line), chance), ensure_ascii=False).encode("utf-8", "surrogatepass")
            )
    return b"".join(line + b"\n" for line in lines)


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: _shuffled(held, chance) for key, held in items}
    return [_shuffled(held, chance) for held in value] if isinstance(value, list) else value
