"""Writes a Codex or Claude home of any size whose totals are known to the token, the same for the same seed.

The sessions have what makes real logs hard: for Codex re-emitted token events, forks that copy their parent's history,
forks that only point to it, records beside token events, compactions, model switches, archived files, and mostly bytes
that do not matter; for Claude what _claude_corpus.py says. `expected.json` says what a correct reader must find.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import _claude_corpus
from _rollouts import EPOCH, Blocks, Profile, Thread, Usage
from _totals import Tally

MEGABYTE = 1_000_000
SIZES = {"KB": 1_000, "MB": MEGABYTE, "GB": 1_000 * MEGABYTE}
LAST_DAY = date(2026, 11, 20)
LOCAL = timedelta(hours=1)
MODELS = ("gpt-5.5", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.3-codex", "gpt-5.6-sol")
EFFORTS = ("medium", "medium", "high", "low", "xhigh")
PROJECTS = ("orchard", "harbor", "lantern", "quarry", "meadow", "atlas", "juniper", "cobalt")
ORIGINATORS = (("codex_cli_rs", "cli"), ("codex-tui", "cli"), ("codex_vscode", "vscode"), ("codex_exec", "exec"))
REEMITTED = 0.15
MODEL_SWITCH = 0.08
ARCHIVED = 0.05
CONTEXT_LIMIT = 230_000


@dataclass
class Expected:
    """What the corpus holds: `events` of `totals` is the number of billed responses."""

    seed: int
    files: int = 0
    bytes: int = 0
    reemitted: int = 0
    copied: int = 0
    compactions: int = 0
    forks: int = 0
    totals: Tally = field(default_factory=Tally)
    models: dict[str, Tally] = field(default_factory=dict)

    def count(self, model: str, usage: Usage) -> None:
        """Counts one response."""
        fresh = usage.input - usage.cached - usage.write
        for tally in (self.totals, self.models.setdefault(model, Tally())):
            tally.add(fresh, usage.cached, usage.write, 0, usage.output, usage.reasoning)


class Corpus:
    """Makes the sessions one after the other and writes them."""

    def __init__(self, out: Path, seed: int, session_bytes: int, *, thin: bool) -> None:
        self.out, self.session_bytes, self.thin = out, session_bytes, thin
        self.rng = Random(seed)
        self.blocks = Blocks(self.rng, thin=thin)
        self.peaks = [self.rng.uniform(0.15, 0.97) for _ in range(97)]
        self.expected = Expected(seed)
        self.parents: dict[bool, tuple[Thread, int]] = {}

    def session(self, start: int) -> None:
        """One file that starts about then: a new thread, or a fork of the last one of its kind."""
        paginated, fork = self.rng.random() < 0.35, self.rng.random() < 0.12
        parent = self.parents.get(paginated) if fork else None
        thread = self._fork(start, *parent) if parent else self._new(start, paginated=paginated)
        model, effort = self.rng.choice(MODELS), self.rng.choice(EFFORTS)
        while not thread.turn_ends or thread.size < self.session_bytes:
            if self.rng.random() < MODEL_SWITCH:
                model, effort = self.rng.choice(MODELS), self.rng.choice(EFFORTS)
            self._turn(thread, model, effort)
        self._write(thread)

    def _new(self, start: int, *, paginated: bool) -> Thread:
        originator, source = self.rng.choice(ORIGINATORS)
        cwd = f"/home/user/{self.rng.choice(PROJECTS)}"
        thread = Thread(self.rng, self.blocks, Profile(cwd, originator, source, paginated), start)
        thread.meta()
        return thread

    def _fork(self, start: int, parent: Thread, parent_bytes: int) -> Thread:
        """A fork starts after its parent ended, and its counters go on from the parent's."""
        self.expected.forks += 1
        start = max(start, parent.now + 60_000)
        thread = Thread(self.rng, self.blocks, parent.profile, start, base=parent)
        if parent.profile.paginated:
            thread.first_ordinal = parent.first_ordinal + len(parent.lines)
            thread.total, thread.thread_total, thread.context = parent.total, parent.thread_total, parent.context
            thread.meta(parent_bytes)
        else:
            thread.meta()
            self._copy_history(thread, parent)
        return thread

    def _copy_history(self, thread: Thread, parent: Thread) -> None:
        """Everything up to a turn's end in the first half of the parent is written again, in one burst."""
        end = parent.turn_ends[self.rng.randrange((len(parent.turn_ends) + 1) // 2)]
        for _, line in parent.lines[: end.lines]:
            thread.emit(line)
            self.expected.copied += b'"type":"token_count"' in line
        thread.total, thread.context = end.total, end.context

    def _turn(self, thread: Thread, model: str, effort: str) -> None:
        thread.begin_turn(model, effort)
        for number in range(self.rng.randint(2, 14)):
            if number and thread.size > self.session_bytes:
                break
            self._response(thread)
            if thread.context > CONTEXT_LIMIT:
                self._compact(thread)
        thread.end_turn()

    def _response(self, thread: Thread) -> None:
        """One billed response: in a paginated file its record comes first and its token event after the tool ran."""
        usage = self._usage(thread)
        self.expected.count(thread.model, usage)
        thread.total = thread.total.plus(usage)
        if thread.profile.paginated:
            thread.record(usage)
        if not self.thin:
            thread.tool_call()
        last = usage.text(writes=thread.profile.paginated)
        thread.token_count(last, self._peak(thread))
        if self.rng.random() < REEMITTED:
            thread.now += self.rng.randrange(5, 900)
            thread.token_count(last, self._peak(thread))
            self.expected.reemitted += 1

    def _usage(self, thread: Thread) -> Usage:
        rng, before = self.rng, thread.context
        thread.context += rng.randrange(300, 6_500)
        cached = before // 128 * 128 if rng.random() < 0.93 else 0
        write = rng.randrange(thread.context - cached) if thread.profile.paginated and "5.6" in thread.model else 0
        output = rng.randrange(40, 2_400)
        return Usage(thread.context, cached, write, output, rng.randrange(output + 1) if rng.random() < 0.7 else 0)

    def _compact(self, thread: Thread) -> None:
        """Sums the context up: a paginated file bills the request in a record, an older one shows only an estimate."""
        usage = Usage(thread.context, thread.context // 256 * 128, 0, self.rng.randrange(500, 3_000), 0)
        thread.context = self.rng.randrange(14_000, 26_000)
        self.expected.compactions += 1
        if thread.profile.paginated:
            thread.record(usage)
            self.expected.count(thread.model, usage)
        message = b'{"type":"message","role":"user","content":[{"type":"input_text","text":"%s"}]}'
        history = b",".join(message % self.rng.choice(self.blocks.long) for _ in range(4))
        head = '"type":"compacted","payload":{"message":"","replacement_history":['
        thread.emit(head, history, '],"window_number":1}}')
        thread.event("context_compacted")
        zero = Usage().text(writes=thread.profile.paginated)
        thread.token_count(zero.replace('"total_tokens":0', f'"total_tokens":{thread.context}'), self._peak(thread))

    def _peak(self, thread: Thread) -> float:
        return self.peaks[thread.now // 18_000_000 % len(self.peaks)]

    def _write(self, thread: Thread) -> None:
        local = EPOCH + timedelta(milliseconds=thread.start) + LOCAL
        folder = self.out / "sessions" / f"{local:%Y/%m/%d}"
        if self.rng.random() < ARCHIVED:
            folder = self.out / "archived_sessions"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rollout-{local:%Y-%m-%dT%H-%M-%S}-{thread.id}.jsonl"
        data = thread.rendered()
        path.write_bytes(data)
        os.utime(path, (thread.now / 1000, thread.now / 1000))
        self.expected.files += 1
        self.expected.bytes += len(data)
        self.parents[thread.profile.paginated] = (thread, len(data))


def starts(rng: Random, files: int, days: int, last: date) -> list[int]:
    """When the sessions begin: on any of the days, mostly in working hours, in order."""
    first = datetime(last.year, last.month, last.day, tzinfo=UTC) - timedelta(days=days - 1)
    base = int(first.timestamp() * 1000)
    hours = [min(20.9, max(0.0, rng.gauss(13.5, 3.6))) for _ in range(files)]
    return sorted(
        base + rng.randrange(days) * 86_400_000 + int(hour * 3_600_000) + rng.randrange(999) for hour in hours
    )


def generate(
    out: Path,
    size_bytes: int,
    seed: int = 1,
    days: int = 90,
    *,
    files: int | None = None,
    last: date = LAST_DAY,
    thin: bool = False,
) -> Expected:
    """Fills `out` with about `size_bytes` of sessions over `days` days that end on `last`, and says what is in them.

    Without `files` a session has about one megabyte. A `thin` corpus has no tools and short texts, and so about
    ten times as many responses a megabyte. `out` must not hold sessions already.
    """
    if (out / "sessions").exists():
        raise FileExistsError(f"{out} already holds sessions")
    count = files or max(1, round(size_bytes / MEGABYTE))
    corpus = Corpus(out, seed, max(1, size_bytes // count), thin=thin)
    for start in starts(corpus.rng, count, days, last):
        corpus.session(start)
    (out / "expected.json").write_text(json.dumps(asdict(corpus.expected), indent=1) + "\n", encoding="utf-8")
    return corpus.expected


def generate_claude(
    out: Path,
    size_bytes: int,
    seed: int = 1,
    days: int = 90,
    *,
    files: int | None = None,
    last: date = LAST_DAY,
    thin: bool = False,
) -> _claude_corpus.Expected:
    """The same for a Claude home; the files of sub-agents come on top of `files` sessions."""
    if (out / "projects").exists():
        raise FileExistsError(f"{out} already holds transcripts")
    count = files or max(1, round(size_bytes / MEGABYTE))
    corpus = _claude_corpus.Corpus(out, seed, max(1, size_bytes // count), thin=thin)
    for start in starts(corpus.rng, count, days, last):
        corpus.session(start)
    (out / "expected.json").write_text(json.dumps(asdict(corpus.expected), indent=1) + "\n", encoding="utf-8")
    return corpus.expected


GENERATORS: dict[str, Callable[..., Expected | _claude_corpus.Expected]] = {
    "codex": generate,
    "claude": generate_claude,
}


def parse_size(text: str) -> int:
    """`250MB` in bytes."""
    unit = text[-2:].upper()
    return int(float(text[:-2]) * SIZES[unit]) if unit in SIZES else int(text)


def main() -> int:
    """Writes the corpus and prints what it holds."""
    parser = argparse.ArgumentParser(description="Write an agent's home with known totals.")
    parser.add_argument("--provider", choices=tuple(GENERATORS), default="codex")
    parser.add_argument("--out", type=Path, required=True, help="folder to fill")
    parser.add_argument("--size", type=parse_size, default=None, help="bytes in all, as 250MB or 1GB")
    parser.add_argument("--files", type=int, default=None, help="number of sessions (default: one a megabyte)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=90, help="spread over so many days")
    parser.add_argument("--last", type=date.fromisoformat, default=LAST_DAY, help=f"the last day (default {LAST_DAY})")
    parser.add_argument("--thin", action="store_true", help="no tool outputs: many responses in few bytes")
    args = parser.parse_args()
    began = time.perf_counter()
    size = args.size or (args.files or 10) * MEGABYTE
    make = GENERATORS[args.provider]
    expected = make(args.out, size, args.seed, args.days, files=args.files, last=args.last, thin=args.thin)
    json.dump(asdict(expected), sys.stdout, indent=1)
    print(f"\n{expected.files} files, {expected.bytes / MEGABYTE:.0f} MB in {time.perf_counter() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
