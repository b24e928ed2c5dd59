"""Writes Gemini CLI conversations, reads them without a ledger, and adds the rows of many files up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from tests.support.rollout import iso

from tokendial.domain.records import EventFlag, Labels, ParsedFile, UsageRecord
from tokendial.ingest.reader import feed_lines
from tokendial.providers.base import NeedsFullParse
from tokendial.providers.gemini import GEMINI
from tokendial.providers.gemini.files import GeminiLogs

LOGS = GEMINI.logs
SESSION = "7d2657ef-983e-48bf-a82b-7c7f71d7d210"
START_MS = 1_783_735_200_000  # 2026-07-11T02:00:00Z
Json = dict[str, Any]


class Used(NamedTuple):
    """What was used, in the log's own terms: input includes cached."""

    input: int = 0
    cached: int = 0
    tool: int = 0
    output: int = 0
    thoughts: int = 0

    def plus(self, other: Used) -> Used:
        return Used(*(a + b for a, b in zip(self, other, strict=True)))

    def json(self) -> Json:
        return {**self._asdict(), "total": self.input + self.tool + self.output + self.thoughts}


class Row(NamedTuple):
    """A response with its labels resolved."""

    event: UsageRecord
    labels: Labels

    @property
    def used(self) -> Used:
        """In the log's terms again; tool tokens cannot be told from the other input any more."""
        event = self.event
        given = event.input + event.cache_read
        return Used(given, event.cache_read, 0, event.output - event.reasoning, event.reasoning)

    @property
    def model(self) -> str:
        return f"{self.labels.model}?" if self.event.flags & EventFlag.MODEL_ASSUMED else self.labels.model


class Holding:
    """What is held of one file after any number of passes over it, as a ledger holds it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.rows: dict[int, Row] = {}
        self.prompts: list[tuple[int, int, int]] = []
        self.parsed: ParsedFile | None = None
        self.read_bytes = 0
        self.full_parses = 0

    def take(self, parsed: ParsedFile, *, replaces: bool) -> Self:
        if replaces:
            self.rows.clear()
            self.prompts.clear()
        for key in parsed.revised:
            del self.rows[key]
        for event in map(UsageRecord._make, parsed.events):
            assert event.key not in self.rows, "a response was handed out twice"
            self.rows[event.key] = Row(event, parsed.labels[event.labels])
        self.prompts += map(tuple, parsed.prompts)
        self.parsed = parsed
        return self

    def append(self, data: bytes) -> Self:
        """Read a file of lines on to its present end, or anew where the parser asks for it."""
        start, self.read_bytes = self.read_bytes, data.rfind(b"\n") + 1
        try:
            return self._pass(data, start, None if self.parsed is None else self.parsed.state)
        except NeedsFullParse:
            self.full_parses += 1
            return self._pass(data, 0, None)

    def _pass(self, data: bytes, start: int, state: bytes | None) -> Self:
        parser = LOGS.parser(self.path, now_ms(), state)
        parser.feed(data, start, self.read_bytes, 0)
        return self.take(parser.finish(), replaces=state is None)

    def document(self, data: bytes) -> Self:
        """Read a document as it is now."""
        parser = LOGS.parser(self.path, now_ms(), None if self.parsed is None else self.parsed.state)
        parser.feed(data, 0, len(data), 0)
        return self.take(parser.finish(), replaces=True)

    @property
    def found(self) -> ParsedFile:
        assert self.parsed is not None
        return self.parsed

    @property
    def refused(self) -> dict[str, int]:
        return {reason: tally.records for reason, tally in self.found.refused.items()}

    @property
    def audit(self) -> dict[str, int]:
        return {kind: tally.records for kind, tally in self.found.audit.items()}

    @property
    def used(self) -> list[Used]:
        return [row.used for row in self.rows.values()]

    @property
    def models(self) -> list[str]:
        return [row.model for row in self.rows.values()]

    def content(self) -> tuple[object, ...]:
        """All that may not depend on how the file was cut."""
        rows = {key: (row.event._replace(labels=0), row.labels) for key, row in self.rows.items()}
        found = self.found
        return rows, sorted(self.prompts), found.session, found.audit, found.refused

    def meaning(self) -> tuple[object, ...]:
        """The same without offsets, which the spelling moves."""
        rows = {key: (row.event._replace(labels=0, offset=0), row.labels) for key, row in self.rows.items()}
        return rows, sorted(prompt[0] for prompt in self.prompts), self.found.session, self.audit


def read(path: str, data: bytes, chunks: Iterator[bytes] | None = None) -> Holding:
    """One pass over a whole file, fed in these chunks."""
    parser = LOGS.parser(path, now_ms(), None)
    if not is_document(path):
        feed_lines(parser, iter([data]) if chunks is None else chunks, 0)
    else:
        at = 0
        for chunk in [data] if chunks is None else chunks:
            parser.feed(b"--" + chunk, 2, len(chunk) + 2, at - 2)
            at += len(chunk)
    return Holding(path).take(parser.finish(), replaces=True)


def is_document(path: str) -> bool:
    return isinstance(LOGS, GeminiLogs) and LOGS.is_document(path)


def merged(holdings: Iterable[tuple[int, Holding]]) -> dict[int, Row]:
    """The responses of many files, each with the time of its last change: of one key the last file's row holds."""
    rows: dict[int, Row] = {}
    for _, holding in sorted(holdings, key=lambda pair: pair[0]):
        rows.update(holding.rows)
    return rows


def per_model(rows: Iterable[Row]) -> dict[str, Used]:
    """The sums by model; an assumed model ends in `?`."""
    sums: dict[str, Used] = {}
    for row in rows:
        sums[row.model] = sums.get(row.model, Used()).plus(row.used)
    return sums


def expected_per_model(entry: Mapping[str, Any]) -> dict[str, Used]:
    """The same from an entry of an expectation file: models that used anything, tool tokens as input."""
    sums = {
        model: Used(used["input"] + used["tool"], used["cached"], 0, used["output"], used["thoughts"])
        for model, used in entry["per_model"].items()
    }
    return {model: used for model, used in sums.items() if any(used)}


def now_ms() -> int:
    return int(time.time() * 1000)


def used(number: int) -> Used:
    """The tokens of some response; no two numbers give the same."""
    return Used(1000 + number, 400 + number % 7, 0, 50 + number % 11, 20 + number % 5)


class Talk:
    """A conversation in the making, every message a second after the one before."""

    def __init__(self, session: str = SESSION, *, start_ms: int = START_MS) -> None:
        self.session = session
        self.now_ms = start_ms
        self.start_ms = start_ms
        self.lines: list[bytes] = []

    def line(self, value: object) -> Self:
        return self.raw(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())

    def raw(self, line: bytes) -> Self:
        self.lines.append(line + b"\n")
        return self

    def about(self, **fields: object) -> Json:
        return {
            "sessionId": self.session, "projectHash": "0" * 64, "startTime": iso(self.start_ms),
            "lastUpdated": iso(self.now_ms), **fields,
        }  # fmt: skip

    def first(self, **fields: object) -> Self:
        return self.line(self.about(**fields))

    def message(
        self, name: str, tokens: Used | Json | None, model: str | None = "gemini-2.5-pro", **more: object
    ) -> Json:
        """A response; the same name is the same message, at the time at which it was first written."""
        moment = self.start_ms + 1000 * (sum(map(ord, name)) % 3000)
        said = tokens.json() if isinstance(tokens, Used) else tokens
        message = {"id": name, "timestamp": iso(moment), "type": "gemini", "content": "words", "tokens": said}
        return {**message, **({} if model is None else {"model": model}), **more}

    def prompt(self, name: str, content: object = "a prompt") -> Json:
        moment = self.start_ms + 1000 * (sum(map(ord, name)) % 3000)
        return {"id": name, "timestamp": iso(moment), "type": "user", "content": content}

    def responds(self, name: str, tokens: Used | Json | None, model: str | None = "gemini-2.5-pro") -> Self:
        return self.line(self.message(name, tokens, model))

    def asks(self, name: str, content: object = "a prompt") -> Self:
        return self.line(self.prompt(name, content))

    def sets(self, **fields: object) -> Self:
        return self.line({"$set": fields})

    def bytes(self) -> bytes:
        return b"".join(self.lines)

    def document(self, *messages: Json, indent: int | None = 2, **fields: object) -> bytes:
        """A whole document, without a newline at its end, as the program wrote it."""
        return json.dumps({**self.about(**fields), "messages": messages}, indent=indent, ensure_ascii=False).encode()

    def path(self, suffix: str = ".jsonl", folder: str = "project") -> str:
        return str(Path("home", "tmp", folder, "chats", f"session-2026-07-11T02-00-{self.session[:8]}{suffix}"))

    def read(self) -> Holding:
        return read(self.path(), self.bytes())
