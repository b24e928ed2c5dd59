"""The generated corpus against a second, independent reading of it by the rules of the format."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from _totals import Tally
from gen_logs import LAST_DAY, Expected, generate, parse_size

PARTS = ("input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens", "reasoning_output_tokens")


def vector(usage: dict[str, int]) -> tuple[int, ...]:
    return tuple(usage.get(part, 0) for part in PARTS)


def turn_ms(turn_id: str) -> int:
    return int(turn_id.replace("-", "")[:12], 16)


class Reader:
    """The streaming form of the rules, without anything that the tracker uses."""

    def __init__(self) -> None:
        self.models: dict[str, Tally] = {}
        self.events = 0

    def add(self, model: str, usage: tuple[int, ...]) -> None:
        tally = self.models.setdefault(model, Tally())
        fresh, cached, write, output, reasoning = usage[0] - usage[1] - usage[2], *usage[1:]
        assert min(fresh, cached, write, output - reasoning) >= 0
        tally.add(fresh, cached, write, 0, output, reasoning)

    def read(self, path: Path) -> None:
        leaf, copied, model = "", False, ""
        seen: set[tuple[int, ...]] = set()
        pending: Counter[tuple[int, ...]] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            kind, payload = record["type"], record["payload"]
            if kind == "session_meta":
                leaf = leaf or payload["id"]
                copied |= payload["id"] != leaf
            turn = payload.get("turn_id") if kind == "turn_context" or payload.get("type") == "task_started" else None
            if copied and turn and turn_ms(turn) >= turn_ms(leaf):
                copied = False
            if kind == "turn_context":
                model = payload["model"]
            elif kind == "token_usage_record":
                self.add(model, vector(payload["usage"]))
                pending[vector(payload["usage"])] += 1
            elif payload.get("type") == "token_count":
                self.token_count(payload["info"], seen, pending, model, copied=copied)

    def token_count(
        self,
        info: dict[str, Any],
        seen: set[tuple[int, ...]],
        pending: Counter[tuple[int, ...]],
        model: str,
        *,
        copied: bool,
    ) -> None:
        total, last = vector(info["total_token_usage"]), vector(info["last_token_usage"])
        new = not copied and total not in seen and last[0] + last[3] > 0
        if new and pending[last]:
            pending[last] -= 1
        elif new:
            self.add(model, last)
        seen.add(total)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    out = tmp_path_factory.mktemp("codex")
    return out, generate(out, 40_000_000, seed=7, days=30)


def test_reading_gives_what_was_promised(corpus: tuple[Path, Expected]) -> None:
    out, expected = corpus
    reader = Reader()
    for path in out.rglob("rollout-*.jsonl"):
        reader.read(path)
    assert {model: asdict(tally) for model, tally in sorted(reader.models.items())} == {
        model: asdict(tally) for model, tally in sorted(expected.models.items())
    }
    assert sum(tally.events for tally in reader.models.values()) == expected.totals.events


def test_corpus_has_the_hard_cases(corpus: tuple[Path, Expected]) -> None:
    out, expected = corpus
    assert min(expected.reemitted, expected.copied, expected.compactions, expected.forks) > 0
    texts = [path.read_text(encoding="utf-8") for path in out.rglob("rollout-*.jsonl")]
    assert any('"history_base"' in text for text in texts)
    assert any('"forked_from_id"' in text and '"history_mode":"legacy"' in text for text in texts)
    assert list((out / "archived_sessions").glob("rollout-*.jsonl"))
    shares = [expected.reemitted / expected.totals.events, expected.bytes / 40_000_000]
    assert shares == [pytest.approx(0.15, abs=0.03), pytest.approx(1.05, abs=0.1)]


def test_history_base_points_to_the_parents_end(corpus: tuple[Path, Expected]) -> None:
    out, _ = corpus
    files = {path.stem[-36:]: path for path in out.rglob("rollout-*.jsonl")}
    bases = []
    for path in files.values():
        with path.open(encoding="utf-8") as lines:
            meta = json.loads(lines.readline())
        if base := meta["payload"].get("history_base"):
            bases.append(base)
            parent = files[base["thread_id"]].read_bytes()
            assert base["end_byte_offset"] == len(parent)
            assert (
                json.loads(parent.splitlines()[-1])["ordinal"] + 1 == base["end_ordinal_exclusive"] == meta["ordinal"]
            )
    assert bases


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, 1_000_000, seed=3, days=5)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.json*")}
        for name in ("a", "b")
    )
    assert first == second
    generate(tmp_path / "c", 1_000_000, seed=4, days=5)
    assert (tmp_path / "c" / "expected.json").read_bytes() != (tmp_path / "a" / "expected.json").read_bytes()


def test_number_of_files_and_days(tmp_path: Path) -> None:
    expected = generate(tmp_path, 600_000, seed=1, days=3, files=12, last=date(2026, 1, 5))
    assert expected.files == len(list(tmp_path.rglob("rollout-*.jsonl"))) == 12
    days = {path.name[8:18] for path in tmp_path.rglob("rollout-*.jsonl")}
    assert days <= {"2026-01-03", "2026-01-04", "2026-01-05"}
    with pytest.raises(FileExistsError):
        generate(tmp_path, 1)


def test_sizes() -> None:
    assert [parse_size(text) for text in ("1GB", "2.5mb", "10KB", "12")] == [1_000_000_000, 2_500_000, 10_000, 12]
    assert date(2026, 11, 20) == LAST_DAY
