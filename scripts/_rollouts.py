"""Codex rollout lines as the CLI writes them: the key order and spacing of 0.144 (legacy) and 0.169 (paginated).

A thread is kept as lines without their time, so that a fork can copy its parent's history with new times, as the
CLI does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WINDOW = 258_400
FIVE_HOURS = 5 * 3600
SEVEN_DAYS = 7 * 24 * 3600
WORDS = re.split(
    " ",
    "return import ledger window value session report export cursor offset bucket price total cache prompt error "
    "assert yield async parse stream füge größe naïve 数値 résumé index filter branch commit module schema reader",
)


def iso(ms: int) -> str:
    """The time of a line: UTC with milliseconds and Z."""
    return (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")[:-6] + "Z"


def uuid7(rng: Random, ms: int) -> str:
    """A UUIDv7 of that millisecond."""
    value = (ms << 80) | (0x7 << 76) | (rng.getrandbits(12) << 64) | (0b10 << 62) | rng.getrandbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Usage(NamedTuple):
    """A usage in the log's own terms: input includes cached and cache writes, output includes reasoning."""

    input: int = 0
    cached: int = 0
    write: int = 0
    output: int = 0
    reasoning: int = 0

    def plus(self, other: Usage) -> Usage:
        """The sum of both."""
        return Usage(*(a + b for a, b in zip(self, other, strict=True)))

    def text(self, *, writes: bool) -> str:
        """The JSON object; builds before 0.145 have no field for cache writes."""
        write = f'"cache_write_input_tokens":{self.write},' if writes else ""
        return (
            f'{{"input_tokens":{self.input},"cached_input_tokens":{self.cached},{write}"output_tokens":{self.output},'
            f'"reasoning_output_tokens":{self.reasoning},"total_tokens":{self.input + self.output}}}'
        )


ZERO = Usage()


class Blocks:
    """Texts made once and used again and again, already escaped for JSON: this is what makes a gigabyte cheap."""

    def __init__(self, rng: Random, *, thin: bool = False) -> None:
        self.short = [self._text(rng, rng.randint(40, 280)) for _ in range(64)]
        self.medium = self.long = self.short
        self.instructions = self._text(rng, 200 if thin else 14_500)
        if not thin:
            self.medium = [self._text(rng, rng.randint(700, 3_600)) for _ in range(48)]
            self.long = [self._text(rng, rng.choice((2_500, 5_000, 9_000, 9_000, 16_000, 34_000))) for _ in range(48)]

    @staticmethod
    def _text(rng: Random, size: int) -> bytes:
        lines, length = [], 0
        while length < size:
            words = rng.choices(WORDS, k=rng.randint(3, 14))
            lines.append(" " * rng.choice((0, 0, 4, 8)) + " ".join(words) + rng.choice(("", ":", ' "x"', "\\n", ";")))
            length += len(lines[-1]) + 2
        return json.dumps("\n".join(lines), ensure_ascii=False)[1:-1].encode()


class TurnEnd(NamedTuple):
    """Where a thread can be forked: the number of lines, the counters and the context then."""

    lines: int
    total: Usage
    context: int


@dataclass
class Profile:
    """What stays the same for a whole thread."""

    cwd: str
    originator: str
    source: str
    paginated: bool


@dataclass
class Thread:
    """One rollout: grows line by line, keeps the counters that the CLI keeps."""

    rng: Random
    blocks: Blocks
    profile: Profile
    start: int
    base: Thread | None = None
    first_ordinal: int = 0
    now: int = 0
    size: int = 0
    context: int = 0
    model: str = ""
    turn_id: str = ""
    total: Usage = ZERO
    thread_total: Usage = ZERO
    turn_total: Usage = ZERO
    lines: list[tuple[int, bytes]] = field(default_factory=list)
    turn_ends: list[TurnEnd] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = uuid7(self.rng, self.start)
        self.now = self.start
        self.context = self.rng.randrange(9_000, 16_000)

    def emit(self, *parts: bytes | str, wait: int = 0) -> None:
        """Adds a line (without its time and ordinal) `wait` milliseconds after the one before."""
        self.now += wait + self.rng.randrange(1, 9)
        line = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
        self.size += len(line) + 45
        self.lines.append((self.now, line))

    def event(self, kind: str, *rest: bytes | str, wait: int = 0) -> None:
        """Adds an `event_msg`."""
        self.emit('"type":"event_msg","payload":{"type":"', kind, '"', *rest, "}}", wait=wait)

    def item(self, kind: str, *rest: bytes | str, wait: int = 0) -> None:
        """Adds a `response_item`."""
        self.emit('"type":"response_item","payload":{"type":"', kind, '"', *rest, "}}", wait=wait)

    def rendered(self) -> bytes:
        """The file."""
        numbered = self.profile.paginated
        out = []
        for number, (ms, line) in enumerate(self.lines, self.first_ordinal):
            ordinal = f'"ordinal":{number},' if numbered else ""
            out.append(b'{"timestamp":"%s",%s%s\n' % (iso(ms).encode(), ordinal.encode(), line))
        return b"".join(out)

    def meta(self, base_bytes: int = 0) -> None:
        """The first line; a fork names its parent, a paginated one also where the parent's history ends."""
        version, fork, tail = ("0.169.0" if self.profile.paginated else "0.144.3"), "", '"history_mode":"legacy"'
        if self.base:
            fork = f'"forked_from_id":"{self.base.id}",'
        if self.profile.paginated:
            tail = '"history_mode":"paginated"'
        if self.base and self.profile.paginated:
            fork += f'"forked_from_ordinal_exclusive":{self.first_ordinal},'
            tail += (
                f',"history_base":{{"thread_id":"{self.base.id}","end_ordinal_exclusive":{self.first_ordinal},'
                f'"end_byte_offset":{base_bytes}}}'
            )
        self.emit(
            f'"type":"session_meta","payload":{{"session_id":"{self.id}","id":"{self.id}",{fork}"timestamp":"{iso(self.start)}",'
            f'"cwd":"{self.profile.cwd}","originator":"{self.profile.originator}","cli_version":"{version}",'
            f'"source":"{self.profile.source}","thread_source":"user","model_provider":"openai","base_instructions":{{"text":"',
            self.blocks.instructions,
            f'"}},{tail},"git":{{"commit_hash":"{self.rng.getrandbits(160):040x}","branch":"main"}}}}}}',
            wait=15,
        )

    def begin_turn(self, model: str, effort: str) -> None:
        """The prompt and its settings."""
        self.now += self.rng.randrange(20_000, 400_000)
        self.model, self.turn_id, self.turn_total = model, uuid7(self.rng, self.now), ZERO
        prompt, cwd, day = self.rng.choice(self.blocks.short), self.profile.cwd, iso(self.now)[:10]
        self.event(
            "task_started",
            f',"turn_id":"{self.turn_id}","started_at":{self.now // 1000},"model_context_window":{WINDOW},'
            f'"collaboration_mode_kind":"default"',
        )
        self.item("message", ',"role":"user","content":[{"type":"input_text","text":"', prompt, '"}]')
        self.emit(
            f'"type":"turn_context","payload":{{"turn_id":"{self.turn_id}","cwd":"{cwd}","workspace_roots":["{cwd}"],'
            f'"current_date":"{day}","timezone":"Europe/Berlin","approval_policy":"never","sandbox_policy":'
            f'{{"type":"danger-full-access"}},"permission_profile":{{"type":"disabled"}},"model":"{model}",'
            f'"personality":"friendly","collaboration_mode":{{"mode":"default","settings":{{"model":"{model}",'
            f'"reasoning_effort":"{effort}","developer_instructions":null}}}},"multi_agent_version":"v1",'
            f'"realtime_active":false,"effort":"{effort}","summary":"auto"}}}}'
        )
        if self.profile.paginated:
            self.completed_item(
                "UserMessage", b'"content":[{"type":"text","text":"' + prompt + b'","text_elements":[]}]'
            )
        else:
            self.event("user_message", ',"message":"', prompt, '","images":[],"local_images":[],"text_elements":[]')

    def completed_item(self, kind: str, body: bytes) -> None:
        """What paginated files have in place of `user_message` and `agent_message`."""
        item = f'"type":"{kind}","id":"{uuid7(self.rng, self.now)}"'
        ids = f',"thread_id":"{self.id}","turn_id":"{self.turn_id}","item":{{{item},'
        self.event("item_completed", ids, body, f'}},"started_at_ms":{self.now},"completed_at_ms":{self.now}')

    def tool_call(self) -> None:
        """Reasoning, a call and its long output: most of the bytes of a real file."""
        call = f"call_{self.rng.getrandbits(96):024x}"
        blocks = (self.blocks.medium, self.blocks.short, self.blocks.long)
        reasoning, command, output = (self.rng.choice(texts) for texts in blocks)
        think, run = self.rng.randrange(900, 9_000), self.rng.randrange(30, 4_000)
        arguments = '{\\"cmd\\":\\"' + json.dumps(command.decode(), ensure_ascii=False)[1:-1] + '\\"}'
        self.item("reasoning", ',"summary":[],"encrypted_content":"', reasoning, '"', wait=think)
        self.item("function_call", ',"name":"exec_command","arguments":"', arguments, f'","call_id":"{call}"')
        self.item("function_call_output", f',"call_id":"{call}","output":"', output, '"', wait=run)

    def record(self, usage: Usage) -> None:
        """A `token_usage_record`, only in paginated files."""
        self.turn_total, self.thread_total = self.turn_total.plus(usage), self.thread_total.plus(usage)
        self.emit(
            f'"type":"token_usage_record","payload":{{"thread_id":"{self.id}","turn_id":"{self.turn_id}",'
            f'"session_id":"{self.id}","root_turn_id":"{self.turn_id}","response_id":"resp_{self.rng.getrandbits(128):032x}",'
            f'"usage":{usage.text(writes=True)},"turn_token_usage":{self.turn_total.text(writes=True)},'
            f'"thread_token_usage":{self.thread_total.text(writes=True)}}}}}'
        )

    def token_count(self, last: str, peak: float) -> None:
        """A `token_count` with the limits of that moment; `peak` is how full this hour's windows get, 0 to 1."""
        writes, seconds = self.profile.paginated, self.now // 1000
        windows = []
        for length in (FIVE_HOURS, SEVEN_DAYS):
            passed = seconds % length
            percent = round(100 * peak * passed / length, 1)
            windows.append(
                f'"used_percent":{percent},"window_minutes":{length // 60},"resets_at":{seconds - passed + length}'
            )
        self.event(
            "token_count",
            f',"info":{{"total_token_usage":{self.total.text(writes=writes)},"last_token_usage":{last},'
            f'"model_context_window":{WINDOW}}},"rate_limits":{{"limit_id":"codex","limit_name":null,"primary":{{{windows[0]}}},'
            f'"secondary":{{{windows[1]}}},"credits":{{"has_credits":false,"unlimited":false,"balance":null}},'
            f'"individual_limit":null,"spend_control_reached":null,"plan_type":"plus","rate_limit_reached_type":null}}',
        )

    def end_turn(self) -> None:
        """The answer and the end of the turn; a fork may start here."""
        answer = self.rng.choice(self.blocks.medium)
        if self.profile.paginated:
            self.completed_item("AgentMessage", b'"content":[{"type":"Text","text":"%s"}]' % answer)
        else:
            self.event("agent_message", ',"message":"', answer, '","phase":"final","memory_citation":null')
        self.item("message", ',"role":"assistant","content":[{"type":"output_text","text":"', answer, '"}]')
        tail = f'","completed_at":{self.now // 1000},"duration_ms":{self.rng.randrange(9_000, 900_000)}'
        self.event("task_complete", f',"turn_id":"{self.turn_id}","last_agent_message":"', answer, tail)
        self.turn_ends.append(TurnEnd(len(self.lines), self.total, self.context))
