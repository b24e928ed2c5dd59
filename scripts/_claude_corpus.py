"""A Claude home of any size whose totals are known to the token, the same for the same seed.

Its sessions have what makes real transcripts hard: lines of one response with growing or repeated usage, sub-agents in
files of their own and mirrored in their parents, histories that were copied into another session, iterations that are
billed beside the response, and mostly bytes that do not matter.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from _totals import Tally
from _transcripts import LATE, MIDDLE, NEW, OLD, Counts, Place, Texts, Transcript, uuid4

VERSIONS = (NEW, NEW, NEW, NEW, LATE, LATE, LATE, MIDDLE, MIDDLE, OLD)
MODELS = ("claude-opus-5", "claude-opus-5", "claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001")
ADVISOR = "claude-opus-4-8"
EFFORTS = ("medium", "high", "high", "xhigh")
PROJECTS = ("orchard", "harbor", "lantern", "quarry", "meadow", "atlas", "juniper", "cobalt")
ENTRYPOINTS = ("cli", "cli", "claude-vscode", "claude-desktop")
TOOLS = ("Bash", "Bash", "Read", "Read", "Edit", "Grep")
COPIED, ADVISED, PLACEHOLDER, DELEGATED = 0.06, 0.004, 0.06, 0.02
CONTEXT_LIMIT = 180_000


@dataclass
class Expected:
    """What the corpus holds: `events` of `totals` is the number of billed responses, `rows` the lines they stand on."""

    seed: int
    files: int = 0
    bytes: int = 0
    rows: int = 0
    copied: int = 0
    mirrored: int = 0
    compactions: int = 0
    advised: int = 0
    agents: int = 0
    totals: Tally = field(default_factory=Tally)
    models: dict[str, Tally] = field(default_factory=dict)

    def count(self, model: str, counts: Counts) -> None:
        """Counts one response."""
        for tally in (self.totals, self.models.setdefault(model, Tally())):
            tally.add(*counts)


class Corpus:
    """Makes the sessions one after the other and writes them."""

    def __init__(self, out: Path, seed: int, session_bytes: int, *, thin: bool) -> None:
        self.out, self.session_bytes, self.thin = out, session_bytes, thin
        self.rng = Random(seed)
        self.texts = Texts(self.rng, thin=thin)
        self.expected = Expected(seed)
        self._parents: dict[str, Transcript] = {}
        self._context = self._beside = 0

    def session(self, start: int) -> None:
        """A session that starts about then, with the files of its sub-agents; some begin with another's history."""
        rng = self.rng
        name, cwd = uuid4(rng), f"/home/user/{rng.choice(PROJECTS)}"
        place = Place(name, cwd, rng.choice(VERSIONS), rng.choice(ENTRYPOINTS), rng.choice(EFFORTS))
        parent = self._parents.get(place.version) if rng.random() < COPIED else None
        transcript = Transcript(rng, self.texts, place, max(start, parent.now + 60_000) if parent else start)
        if parent:
            self._copy_history(transcript, parent)
        model, self._context, self._beside = rng.choice(MODELS), rng.randrange(9_000, 16_000), 0
        while not transcript.turn_ends or transcript.size + self._beside < self.session_bytes:
            self._turn(transcript, model)
        self._write(transcript, self._folder(cwd) / f"{name}.jsonl")
        self._parents[place.version] = transcript

    def _copy_history(self, transcript: Transcript, parent: Transcript) -> None:
        """Everything up to a turn's end in the first half of the parent is written again under the new name."""
        end = parent.turn_ends[self.rng.randrange((len(parent.turn_ends) + 1) // 2)]
        old, new = parent.place.session.encode(), transcript.place.session.encode()
        for line in parent.lines[:end]:
            source = b',"forkedFrom":{"sessionId":"%s"}}' % old if parent.place.version == NEW else b"}"
            transcript.raw(line.replace(old, new)[:-1], source if line.startswith(b'{"parentUuid"') else b"}")
            self.expected.copied += b'"role":"assistant"' in line

    def _turn(self, transcript: Transcript, model: str) -> None:
        transcript.prompt()
        for number in range(self.rng.randint(2, 14)):
            if number and transcript.size + self._beside > self.session_bytes:
                break
            self._response(transcript, model)
            if self._context > CONTEXT_LIMIT and not transcript.place.agent:
                self._compact(transcript)
        transcript.end_turn()

    def _response(self, transcript: Transcript, model: str) -> list[bytes]:
        """One billed response on one to five lines, then the results of the tools that it called."""
        rng, calls = self.rng, []
        blocks = [transcript.thinking()] if rng.random() < 0.55 else []
        if rng.random() < 0.45:
            blocks.append(transcript.text())
        for _ in range(rng.choice((1, 1, 1, 1, 1, 2))):
            name = rng.choice(TOOLS)
            tool, block = transcript.call(name)
            blocks.append(block)
            calls.append((tool, name))
        counts, beside = self._counts(transcript.place.version), ""
        self.expected.count(model, counts)
        self.expected.rows += len(blocks)
        if transcript.place.is_late and rng.random() < ADVISED:
            beside = self._advised(counts)
        inner = transcript.response(model, counts, blocks, beside)
        if not self.thin:
            for tool, name in calls:
                if transcript.place.version == MIDDLE and name == "Bash":
                    transcript.progress(tool)
                transcript.result(tool, name)
        if not transcript.place.agent and rng.random() < DELEGATED:
            self._delegate(transcript, model)
        return inner

    def _counts(self, version: str) -> Counts:
        """What a response used: the context of before is read from the cache, what is new is written to it."""
        rng, before = self.rng, self._context
        new = rng.randrange(200, 5_000)
        self._context += new
        read = before if rng.random() < 0.94 else 0
        written = self._context - read
        hour = written if version in (LATE, NEW) else 0
        placeholder = version == OLD and rng.random() < PLACEHOLDER
        output = rng.choice((1, 3, 8)) if placeholder else rng.randrange(40, 2_400)
        thinking = rng.randrange(output + 1) if version == NEW else 0
        return Counts(rng.randrange(1, 12), read, written - hour, hour, output, thinking)

    def _advised(self, counts: Counts) -> str:
        """An inference of another model, billed beside the response."""
        asked = Counts(counts.input + counts.read, 0, 0, 0, self.rng.randrange(60, 900))
        self.expected.count(ADVISOR, asked)
        self.expected.advised += 1
        return (
            f',{{"input_tokens":{asked.input},"output_tokens":{asked.output},"cache_read_input_tokens":0,'
            f'"cache_creation_input_tokens":0,"type":"advisor_message","model":"{ADVISOR}"}}'
        )

    def _delegate(self, transcript: Transcript, model: str) -> None:
        """A sub-agent works in a file of its own; middle versions mirror its lines in the parent."""
        tool, block = transcript.call("Task")
        counts = self._counts(transcript.place.version)
        self.expected.count(model, counts)
        self.expected.rows += 1
        transcript.response(model, counts, [block])
        place, outer = transcript.place, self._context
        agent = f"a{self.rng.getrandbits(64):016x}" if place.is_late else f"{self.rng.getrandbits(28):07x}"
        inner = Place(place.session, place.cwd, place.version, place.entrypoint, place.effort, agent, place.slug)
        child = Transcript(self.rng, self.texts, inner, transcript.now)
        self._context = self.rng.randrange(9_000, 16_000)
        child.prompt()
        for _ in range(self.rng.randint(2, 12)):
            for line in self._response(child, MODELS[-1]):
                if place.version == MIDDLE:
                    transcript.mirrored(tool, agent, line)
                    self.expected.mirrored += 1
        transcript.now, self._context = max(transcript.now, child.now), outer
        usage = counts.short_text()
        shown = b'[{"type":"text","text":"%s"}]' % self.rng.choice(self.texts.medium)
        kept = b'{"status":"completed","agentId":"%s","content":%s,"totalTokens":63792,"usage":%s}'
        transcript.tool_line(tool, shown, kept % (agent.encode(), shown, usage.encode()))
        folder = self._folder(place.cwd)
        if place.version != OLD:
            folder = folder / place.session / "subagents"
        self._write(child, folder / f"agent-{agent}.jsonl")
        self._beside += child.size
        self.expected.agents += 1

    def _compact(self, transcript: Transcript) -> None:
        """The history is replaced by a summary; the request that wrote it leaves no usage."""
        before, self._context = self._context, self.rng.randrange(14_000, 26_000)
        self.expected.compactions += 1
        transcript.line(
            '"type":"system","subtype":"compact_boundary","content":"Conversation compacted"',
            tail=f',"level":"info","compactMetadata":{{"trigger":"auto","preTokens":{before}}}',
        )
        summary = b'"type":"user","message":{"role":"user","content":"%s"}' % self.rng.choice(self.texts.long)
        transcript.line(summary, tail=',"isCompactSummary":true')

    def _folder(self, cwd: str) -> Path:
        return self.out / "projects" / cwd.replace("/", "-")

    def _write(self, transcript: Transcript, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = b"\n".join((*transcript.lines, b""))
        path.write_bytes(data)
        os.utime(path, (transcript.now / 1000, transcript.now / 1000))
        self.expected.files += 1
        self.expected.bytes += len(data)
