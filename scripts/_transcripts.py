"""Claude Code transcripts as the CLI writes them: the fields and key orders of 2.0.74, 2.1.59, 2.1.170 and 2.1.232.

A response stands on one line per content block, each time with its usage; most bytes are results of tools, which stand
twice on their line: as the model got them, and for the program itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from _rollouts import Blocks, iso

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
OLD, MIDDLE, LATE, NEW = "2.0.74", "2.1.59", "2.1.170", "2.1.232"
ZERO_TOOLS = '"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0}'


class Counts(NamedTuple):
    """A usage as the API counts it: the parts do not overlap, thinking is inside output."""

    input: int
    read: int
    short: int
    hour: int
    output: int
    thinking: int = 0

    def short_text(self, output: int | None = None) -> str:
        """The JSON object up to 2.1.30; `output` stands in while the response still streams."""
        kinds = f'"ephemeral_5m_input_tokens":{self.short},"ephemeral_1h_input_tokens":{self.hour}'
        return (
            f'{{"input_tokens":{self.input},"cache_creation_input_tokens":{self.short + self.hour},'
            f'"cache_read_input_tokens":{self.read},"cache_creation":{{{kinds}}},'
            f'"output_tokens":{self.output if output is None else output},"service_tier":"standard"}}'
        )

    def long_text(self, *, details: bool, beside: str = "") -> str:
        """The JSON object with its iterations; `beside` are more of them, which the top level does not count."""
        written = self.short + self.hour
        kinds = f'{{"ephemeral_1h_input_tokens":{self.hour},"ephemeral_5m_input_tokens":{self.short}}}'
        thought = f'"output_tokens_details":{{"thinking_tokens":{self.thinking}}},' if details else ""
        return (
            f'{{"input_tokens":{self.input},"cache_creation_input_tokens":{written},"cache_read_input_tokens":{self.read},'
            f'"output_tokens":{self.output},{thought}{ZERO_TOOLS},"service_tier":"standard","cache_creation":{kinds},'
            f'"inference_geo":"not_available","iterations":[{{"input_tokens":{self.input},"output_tokens":{self.output},'
            f'"cache_read_input_tokens":{self.read},"cache_creation_input_tokens":{written},"cache_creation":{kinds},'
            f'"type":"message"}}{beside}],"speed":"standard"}}'
        )


class Texts(Blocks):
    """Texts made once and used again: prompts, answers, results of tools, signatures and pictures."""

    def __init__(self, rng: Random, *, thin: bool = False) -> None:
        super().__init__(rng, thin=thin)
        sizes = (300,) if thin else (400, 700, 1_100, 2_200, 5_200)
        self.signatures = [random_text(rng, rng.choice(sizes)) for _ in range(48)]
        lengths = (300,) if thin else (200, 900, 1_800, 2_800, 4_500, 8_000, 19_000)
        self.results = [self._text(rng, rng.choice(lengths)) for _ in range(64)]
        self.pictures = [] if thin else [random_text(rng, size) for size in (40_000, 160_000, 390_000)]


def random_text(rng: Random, length: int) -> bytes:
    """Letters and digits, as in a signature."""
    return "".join(rng.choices(BASE62, k=length)).encode()


def uuid4(rng: Random) -> str:
    """A random UUID."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def response_id(rng: Random, prefix: str) -> str:
    """`msg_01…` or `req_011C…`."""
    return prefix + "".join(rng.choices(BASE62, k=20))


@dataclass
class Place:
    """What stays the same for a whole session."""

    session: str
    cwd: str
    version: str
    entrypoint: str
    effort: str
    agent: str = ""
    slug: str = "twinkling-floating-trinket"

    @property
    def is_late(self) -> bool:
        """Whether the common fields stand behind the message, and usage has its iterations on every line."""
        return self.version in (LATE, NEW)


@dataclass
class Transcript:
    """One file: grows line by line."""

    rng: Random
    texts: Texts
    place: Place
    now: int
    size: int = 0
    parent: str = "null"
    lines: list[bytes] = field(default_factory=list)
    turn_ends: list[int] = field(default_factory=list)

    def raw(self, *parts: bytes | str) -> None:
        """Adds a line as it is."""
        line = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
        self.size += len(line) + 1
        self.lines.append(line)

    def line(self, *body: bytes | str, tail: bytes | str = "", wait: int = 0) -> str:
        """Adds a line with the common fields around its body `wait` milliseconds later, and answers its uuid."""
        self.now += wait + self.rng.randrange(1, 40)
        place, uuid = self.place, uuid4(self.rng)
        side, agent = ("true", f'"agentId":"{place.agent}",') if place.agent else ("false", "")
        stamp = f',"uuid":"{uuid}","timestamp":"{iso(self.now)}"'
        head = f'{{"parentUuid":{self.parent},"isSidechain":{side},'
        known = f'"cwd":"{place.cwd}","sessionId":"{place.session}","version":"{place.version}","gitBranch":"main"'
        if place.version == LATE:
            common = f',"userType":"external","entrypoint":"{place.entrypoint}",{known}}}'
            self.raw(head, agent, *body, stamp, tail, common)
        elif place.version == NEW:
            common = (
                f'"userType":"external","entrypoint":"{place.entrypoint}",{known},{agent}"effort":"{place.effort}",'
            )
            self.raw(head, common, *body, stamp, tail, "}")
        else:
            self.raw(head, f'"userType":"external",{known},{agent}"slug":"{place.slug}",', *body, stamp, tail, "}")
        self.parent = f'"{uuid}"'
        return uuid

    def prompt(self) -> None:
        """What a person asked, and what the program writes around it."""
        self.now += self.rng.randrange(20_000, 400_000)
        text, session = self.rng.choice(self.texts.short), self.place.session
        if not self.place.agent:
            if self.place.is_late:
                queued = f'{{"type":"queue-operation","operation":"enqueue","timestamp":"{iso(self.now)}",'
                self.raw(queued, f'"sessionId":"{session}","content":"', text, '"}')
                self.raw(f'{{"type":"mode","mode":"normal","sessionId":"{session}"}}')
            else:
                self._snapshot()
        mode = "" if self.place.agent else ',"permissionMode":"acceptEdits"'
        self.line('"type":"user","message":{"role":"user","content":"', text, '"}', tail=mode)
        if self.place.is_late and not self.place.agent:
            names = b'","'.join(self.rng.choices(self.texts.short, k=6))
            self.line('"attachment":{"type":"deferred_tools_delta","addedNames":["', names, '"]},"type":"attachment"')

    def _snapshot(self) -> None:
        held = ",".join(
            f'"/home/user/file{number}.py":{{"backupFileName":"{self.rng.getrandbits(64):016x}@v1","version":1,'
            f'"backupTime":"{iso(self.now)}"}}'
            for number in range(self.rng.randrange(6))
        )
        message = uuid4(self.rng)
        self.raw(
            f'{{"type":"file-history-snapshot","messageId":"{message}","snapshot":{{"messageId":"{message}",'
            f'"trackedFileBackups":{{{held}}},"timestamp":"{iso(self.now)}"}},"isSnapshotUpdate":false}}'
        )

    def response(self, model: str, counts: Counts, blocks: list[bytes], beside: str = "") -> list[bytes]:
        """One response on a line per content block; answers the lines as a parent's file repeats them."""
        message, request = response_id(self.rng, "msg_01"), response_id(self.rng, "req_011C")
        placeholder, late = min(self.rng.choice((1, 1, 3, 8)), counts.output), self.place.is_late
        inner = []
        for place, block in enumerate(blocks):
            ends = place == len(blocks) - 1
            if late or (ends and self.place.version == MIDDLE):
                usage, stop = counts.long_text(details=self.place.version == NEW, beside=beside), '"tool_use"'
            else:
                usage, stop = counts.short_text(None if ends else placeholder), "null"
            inner.append(
                self._answer(message, request, model, block, f'"stop_reason":{stop},"stop_sequence":null', usage)
            )
        return inner

    def _answer(self, message: str, request: str, model: str, block: bytes, stop: str, usage: str) -> bytes:
        """A line of a response, and the same as a sub-agent's parent repeats it."""
        wait = self.rng.randrange(900, 9_000)
        if self.place.version == MIDDLE:
            head, end = (
                '{"content":[',
                f'],"id":"{message}","model":"{model}","role":"assistant",{stop},"type":"message",',
            )
            end += f'"usage":{usage}}}'
        else:
            more, last = (',"stop_details":null', ',"diagnostics":null') if self.place.is_late else ("", "")
            head = f'{{"model":"{model}","id":"{message}","type":"message","role":"assistant","content":['
            end = f'],{stop}{more},"usage":{usage}{last}}}'
        said = head.encode() + block + end.encode()
        if self.place.version == NEW:
            uuid = self.line(
                '"type":"assistant"', tail=b',"requestId":"%s","message":%s' % (request.encode(), said), wait=wait
            )
        else:
            uuid = self.line('"message":', said, f',"requestId":"{request}","type":"assistant"', wait=wait)
        place = f'"requestId":"{request}","uuid":"{uuid}"'
        return b'{"type":"assistant","timestamp":"%s","message":%s,%s}' % (iso(self.now).encode(), said, place.encode())

    def thinking(self) -> bytes:
        """A block of thought with its signature."""
        thought = self.rng.choice(self.texts.short) if not self.place.is_late else b""
        return b'{"type":"thinking","thinking":"%s","signature":"%s"}' % (
            thought,
            self.rng.choice(self.texts.signatures),
        )

    def text(self) -> bytes:
        """A block of text."""
        return b'{"type":"text","text":"%s"}' % self.rng.choice(self.texts.short)

    def call(self, name: str) -> tuple[str, bytes]:
        """A call of a tool, and its id."""
        tool = response_id(self.rng, "toolu_01")
        body = self.rng.choice(self.texts.medium if name in ("Edit", "Task") else self.texts.short)
        block = b'{"type":"tool_use","id":"%s","name":"%s","input":{"command":"%s","description":"words"}}'
        return tool, block % (tool.encode(), name.encode(), body)

    def result(self, tool: str, name: str) -> None:
        """What a tool answered: once for the model, once for the program."""
        shown = self.rng.choice(self.texts.results)
        if name == "Read" and self.texts.pictures and self.rng.random() < 0.02:
            picture = self.rng.choice(self.texts.pictures)
            shown = b'[{"type":"image","source":{"type":"base64","data":"%s","media_type":"image/png"}}]' % picture
            kept = b'{"type":"image","file":{"base64":"%s","type":"image/png","originalSize":%d}}' % (
                picture,
                len(picture),
            )
        elif name == "Read":
            kept = (
                b'{"type":"text","file":{"filePath":"/home/user/x.py","content":"%s","numLines":40,"startLine":1}}'
                % shown
            )
        elif name == "Edit":
            patch = b'[{"oldStart":1,"oldLines":9,"newStart":1,"newLines":9,"lines":["%s"]}]' % self.rng.choice(
                self.texts.short
            )
            kept = b'{"filePath":"/home/user/x.py","originalFile":"%s","structuredPatch":%s}' % (shown, patch)
            shown = self.rng.choice(self.texts.medium)
        else:
            kept = b'{"stdout":"%s","stderr":"","interrupted":false,"isImage":false}' % shown
        self.tool_line(tool, shown if shown.startswith(b"[{") else b'"%s"' % shown, kept)

    def tool_line(self, tool: str, shown: bytes, kept: bytes) -> None:
        """A `user` line with a tool's result."""
        given = f'"promptId":"{uuid4(self.rng)}",' if self.place.version == LATE else ""
        body = f'{given}"type":"user","message":{{"role":"user","content":[{{"tool_use_id":"{tool}",'
        tail = b',"toolUseResult":%s,"sourceToolAssistantUUID":%s' % (kept, self.parent.encode())
        wait = self.rng.randrange(30, 4_000)
        self.line(body, '"type":"tool_result","content":', shown, "}]}", tail=tail, wait=wait)

    def progress(self, tool: str) -> None:
        """What a running command has printed so far."""
        seen = self.rng.choice(self.texts.short)
        data = b'"type":"progress","data":{"type":"bash_progress","output":"%s","fullOutput":"%s"},' % (seen, seen)
        self.line(data, f'"toolUseID":"bash-progress-0","parentToolUseID":"{tool}"')

    def mirrored(self, tool: str, agent: str, inner: bytes) -> None:
        """A line of a sub-agent, repeated in its parent."""
        data = b'"type":"progress","data":{"message":%s,"normalizedMessages":[],"type":"agent_progress",' % inner
        self.line(data, f'"prompt":"words","agentId":"{agent}"}},"toolUseID":"agent_{tool}","parentToolUseID":"{tool}"')

    def end_turn(self) -> None:
        """What the program notes when the answer is there; another session may go on from here."""
        session, text = self.place.session, self.rng.choice(self.texts.short)
        if self.place.is_late and not self.place.agent:
            leaf = self.parent
            self.raw('{"type":"last-prompt","lastPrompt":"', text, f'","leafUuid":{leaf},"sessionId":"{session}"}}')
            title = json.dumps(f"Session {session[:8]}")
            self.raw(f'{{"type":"ai-title","aiTitle":{title},"sessionId":"{session}"}}')
        elif not self.place.agent:
            spent = self.rng.randrange(9_000, 900_000)
            self.line(f'"type":"system","subtype":"turn_duration","durationMs":{spent}', tail=',"isMeta":false')
        self.turn_ends.append(len(self.lines))
