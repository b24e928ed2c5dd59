"""The generated Claude home against a second, independent reading of it by the rules of the format."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from _claude_corpus import Expected
from _totals import Tally
from gen_logs import generate_claude

SIZE = 30_000_000
Key = tuple[str, str]


class Reader:
    """The rules A1, A4 and A6, without anything that the tracker uses."""

    def __init__(self) -> None:
        self.best: dict[Key, dict[str, Any]] = {}
        self.rows = 0

    def read(self, path: Path) -> None:
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            record = json.loads(line)
            if record["type"] == "progress":
                record = record["data"].get("message", record)
            if record["type"] != "assistant":
                continue
            self.rows += 1
            key, message = (record["message"]["id"], record["requestId"]), record["message"]
            known = self.best.get(key)
            if known is None or message["usage"]["output_tokens"] > known["usage"]["output_tokens"]:
                self.best[key] = message

    def models(self) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for message in self.best.values():
            usage = message["usage"]
            found.setdefault(message["model"], Tally()).add(*parts(usage))
            for inner in usage.get("iterations", ()):
                if inner["type"] != "message":
                    found.setdefault(inner["model"], Tally()).add(*parts(inner))
        return found


def parts(usage: dict[str, Any]) -> tuple[int, ...]:
    kinds = usage.get("cache_creation", {})
    short, hour = (kinds.get(f"ephemeral_{kind}_input_tokens", 0) for kind in ("5m", "1h"))
    assert short + hour == usage["cache_creation_input_tokens"]
    thinking = usage.get("output_tokens_details", {}).get("thinking_tokens", 0)
    assert thinking <= usage["output_tokens"]
    return usage["input_tokens"], usage["cache_read_input_tokens"], short, hour, usage["output_tokens"], thinking


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    out = tmp_path_factory.mktemp("claude")
    return out, generate_claude(out, SIZE, seed=3, days=30)


def test_reading_gives_what_was_promised(corpus: tuple[Path, Expected]) -> None:
    out, expected = corpus
    reader = Reader()
    for path in out.rglob("*.jsonl"):
        reader.read(path)
    found = {model: asdict(tally) for model, tally in reader.models().items()}
    assert found == {model: asdict(tally) for model, tally in expected.models.items()}
    assert reader.rows == expected.rows + expected.copied + expected.mirrored


def test_corpus_has_the_hard_cases(corpus: tuple[Path, Expected]) -> None:
    out, expected = corpus
    counts = asdict(expected)
    assert min(counts[name] for name in ("copied", "mirrored", "compactions", "advised", "agents")) > 0
    text = b"".join(path.read_bytes() for path in out.rglob("*.jsonl"))
    for mark in (
        b'"forkedFrom"',
        b'"file-history-snapshot"',
        b'"isSidechain":true',
        b'"toolUseResult"',
        b'"image/png"',
    ):
        assert mark in text


def test_sizes_are_those_of_real_transcripts(corpus: tuple[Path, Expected]) -> None:
    """The seven masked homes have 10 to 45 kB and 1.5 to 2.5 lines a response."""
    _, expected = corpus
    assert expected.bytes / SIZE == pytest.approx(1.1, abs=0.15)
    assert expected.bytes / expected.totals.events == pytest.approx(19_500, rel=0.15)
    assert expected.rows / expected.totals.events == pytest.approx(2.15, abs=0.15)


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate_claude(tmp_path / name, 1_000_000, seed=3, days=5)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.json*")}
        for name in ("a", "b")
    )
    assert first == second
    generate_claude(tmp_path / "c", 1_000_000, seed=4, days=5)
    assert (tmp_path / "c" / "expected.json").read_bytes() != (tmp_path / "a" / "expected.json").read_bytes()


def test_number_of_sessions_and_days(tmp_path: Path) -> None:
    expected = generate_claude(tmp_path, 600_000, days=3, files=12, last=date(2026, 1, 5), thin=True)
    paths = list(tmp_path.rglob("*.jsonl"))
    assert len(paths) == expected.files == 12 + expected.agents
    days = {json.loads(path.read_bytes().splitlines()[2]).get("timestamp", "2026-01-05")[:10] for path in paths}
    assert days <= {"2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"}
    with pytest.raises(FileExistsError):
        generate_claude(tmp_path, 1)
